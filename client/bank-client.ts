import type { AuthorizationStart, AuthorizationTransaction } from './authorization-request.js';
import type { AuthorizationCallback } from './authorization-response.js';
import type { BankEndpoints, BankLocation, BankProfile } from './banks/bank-profile.js';
import type { ClientRegistration } from './client-registration.js';
import type { Clock, Sleep } from './clock.js';
import type { HttpTransport, HttpTransportOptions } from './http-transport.js';
import type { RateBudget } from './rate-budget.js';
import type { TokenTypeHint } from './revocation.js';
import type { TokenSet } from './token-set.js';

/** Options of `createBankClient`. */
export interface BankClientOptions extends BankLocation {
  /** `bs2`, `btg`, or a copy of one with some values changed. */
  readonly profile: BankProfile;
  /** Default: `baseUrl` without trailing slash at a bank that sends `iss`; none at others. */
  readonly issuer?: string | undefined;
  readonly client: ClientRegistration;
  readonly redirectUri: string;
  /** Scope of authorization requests that name none. */
  readonly scope?: string | undefined;
  readonly clock?: Clock | undefined;
  readonly sleep?: Sleep | undefined;
  /** Carries the requests, for example a mock's `fetch` with no socket. Default: undici, see `createHttpTransport`. */
  readonly fetch?: HttpTransport | undefined;
  /** Settings of the default transport. */
  readonly transport?: HttpTransportOptions | undefined;
  /**
   * Default: the profile's `tokenRequestsPerMinute`. Share one among clients of the same API Key; `off` to test the
   * bank's limit.
   */
  readonly rateBudget?: RateBudget | 'off' | undefined;
  /** See `validateIdToken`. */
  readonly clockToleranceSeconds?: number | undefined;
}

/** What one authorization request may change. */
export interface StartAuthorizationInput {
  readonly scope?: string | undefined;
  readonly redirectUri?: string | undefined;
  /** Parameters besides the protocol's own; they add to the profile's `authorizationParameters`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** What a refresh needs of the tokens it replaces. */
export type RefreshInput = Pick<TokenSet, 'refreshToken' | 'scope' | 'idTokenClaims'>;

/** Options of one refresh. */
export interface RefreshOptions {
  readonly beforeSend?: (() => Promise<void>) | undefined;
}

/** One application at one bank. It keeps no tokens: see `createTokenManager` for that. */
export interface BankClient {
  readonly profile: BankProfile;
  readonly endpoints: BankEndpoints;
  readonly issuer: string | null;
  readonly clientId: string;
  /** Every token request of this client passes through it. */
  readonly rateBudget: RateBudget;
  /**
   * A fresh authorization request. Keep `transaction` in the user's session; send the browser to `url`, or, where
   * the profile says `clientIdentification: 'basic'`, to what {@link browserAddress} gives for it.
   */
  startAuthorization(input?: StartAuthorizationInput): AuthorizationStart;
  /** The address for the user's browser: `start.url`, or the `Location` of the backend's Basic GET (BS2). */
  browserAddress(start: Pick<AuthorizationStart, 'url'>): Promise<string>;
  /** Judges the callback, exchanges the code (once, never repeated) and validates the id_token. */
  finishAuthorization(callback: AuthorizationCallback, transaction: AuthorizationTransaction): Promise<TokenSet>;
  /**
   * One refresh, not repeated. The result holds the refresh token to use from now on, rotated or not. `beforeSend`
   * runs when the rate budget has let the request through, just before it goes; if it rejects, nothing is sent.
   */
  refresh(tokens: RefreshInput, options?: RefreshOptions): Promise<TokenSet>;
  clientCredentials(input?: { readonly scope?: string }): Promise<TokenSet>;
  /** Only for BS2's products that offer nothing else. */
  password(input: { readonly username: string; readonly password: string; readonly scope?: string }): Promise<TokenSet>;
  /** Revokes a token, by default a refresh token (RFC 7009). */
  revoke(token: string, tokenTypeHint?: TokenTypeHint): Promise<void>;
  /** A request to the bank's API: `path` below `endpoints.api`, with its query. */
  apiRequest(path: string, init?: RequestInit): Request;
  /**
   * One API call with an access token; the answer comes back whatever it is. A call that is aborted by the request's
   * signal rejects with the signal's reason, as `fetch` does.
   */
  call(accessToken: string, request: Request): Promise<Response>;
  /** Whether an answer of {@link call} means that the access token is no good. */
  isAccessTokenRejected(response: Response): Promise<boolean>;
}
