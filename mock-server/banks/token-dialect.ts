import type { ClientAuthenticationPolicy } from '../oauth/client-authentication.js';
import type { GrantPolicy } from '../oauth/grant-policy.js';
import type { TokenErrorCode } from '../oauth/oauth-error.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import type { RateLimit } from '../oauth/sliding-window.js';
import type { GrantOrigin, RefreshToken } from '../store/records.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { Answer, Exchange } from './exchange.js';
import type { IssuedTokens } from './grant-changes.js';
import type { JsonMembers } from './json-members.js';

export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials' | 'password';

/** A token request that was refused, for the bank's renderer. */
export interface TokenRefusal {
  readonly error: TokenErrorCode;
  /** In one word or phrase, for the journal and for renderers that tell cases apart. */
  readonly why: string;
  /** Whether the client used the `Authorization` header. */
  readonly usedAuthorizationHeader: boolean;
  /** The client id that was sent, when one could be read. */
  readonly clientId: string | null;
}

/** Tokens that were given, for the bank's renderer. */
export interface TokenGrant extends IssuedTokens {
  readonly client: RegisteredClient;
  readonly grantType: GrantType;
  /** The `nonce` of the authorization request; null at a refresh. */
  readonly nonce: string | null;
}

/** What tokens are issued on. */
export interface IssueOccasion {
  readonly origin: GrantOrigin;
  /** The refresh token that is exchanged; null when the tokens are a grant's first. */
  readonly replaces: RefreshToken | null;
}

/** What a bank's token endpoint decides for itself. */
export interface TokenDialect {
  readonly grantTypes: readonly GrantType[];
  /** Whether a request of this `Content-Type` is read at all. */
  takesContentType(contentType: string | null): boolean;
  parameters(exchange: Exchange): RequestParameters;
  authentication(exchange: Exchange): ClientAuthenticationPolicy;
  policy(exchange: Exchange, client: RegisteredClient): GrantPolicy;
  /** The limit that this request of an authenticated client counts against; null for none. */
  rateLimit(exchange: Exchange, client: RegisteredClient, grantType: string | undefined): RateLimit | null;
  /** How long what is issued lives. */
  lifetimes(
    exchange: Exchange,
    client: RegisteredClient,
    occasion: IssueOccasion,
  ): { readonly accessTokenMs: number; readonly refreshTokenMs: number };
  givesRefreshToken(grantType: GrantType): boolean;
  newAccessTokenKey(exchange: Exchange): string;
  newRefreshTokenKey(exchange: Exchange): string;
  unregisteredScope(exchange: Exchange, client: RegisteredClient): 'refuse' | 'ignore';
  /** Members of a token response, in the bank's order. */
  tokenMembers(exchange: Exchange, given: TokenGrant): Promise<JsonMembers> | JsonMembers;
  renderTokens(exchange: Exchange, members: JsonMembers): Answer;
  renderRefusal(exchange: Exchange, refusal: TokenRefusal): Answer;
  renderOverLimit(exchange: Exchange, client: RegisteredClient, retryAfterMs: number): Answer;
}

/** The decisions that every bank takes alike until somebody sees otherwise. */
export const usualTokens: Pick<TokenDialect, 'takesContentType' | 'parameters' | 'givesRefreshToken'> = {
  takesContentType: (contentType) =>
    contentType !== null && /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType),
  // Only the body counts, never the query.
  parameters: ({ body }) => new RequestParameters(body),
  givesRefreshToken: (grantType) => grantType !== 'client_credentials',
};
