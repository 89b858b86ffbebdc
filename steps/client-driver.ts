import { startAuthorization } from '../client/authorization-request.js';
import type { AuthorizationTransaction } from '../client/authorization-request.js';
import { basicCredentials } from '../client/client-authentication.js';
import { exchange } from '../client/http-transport.js';
import type { HttpAnswer } from '../client/http-answer.js';
import { revocationRequest } from '../client/revocation.js';
import { authorizationCodeRequest, clientCredentialsRequest, refreshTokenRequest } from '../client/token-request.js';
import type { TokenRequestContext } from '../client/token-request.js';
import { HarnessFault, PrerequisiteFailure } from './check-failure.js';
import type { BankUnderTest, ClientUnderTest } from './target.js';
import { describeTokenAnswer, readTokenAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';

/** An authorization request, and what the client remembers of it. */
export interface AuthorizationStart {
  readonly url: string;
  readonly transaction: AuthorizationTransaction;
}

/** What of an authorization request a scenario decides. */
export interface StartOptions {
  readonly scope?: string;
  /** Default: as the bank's profile says. */
  readonly pkce?: boolean;
  readonly nonce?: boolean;
  readonly identification?: 'basic' | 'query';
}

/** A code with what its redemption must repeat. */
export interface HeldCode {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string | null;
  readonly nonce: string | null;
  readonly scope: string;
}

/** The tokens of one grant. */
export interface HeldTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string | null;
  /** As the bank granted it; as it was asked for where the answer does not say. */
  readonly scope: string;
}

/** Plays a client at the bank under test: sends what it is told, judges nothing. */
export class ClientDriver {
  readonly #bank: BankUnderTest;
  readonly #client: ClientUnderTest;

  constructor(bank: BankUnderTest, client: ClientUnderTest) {
    this.#bank = bank;
    this.#client = client;
  }

  /** A fresh authorization request, with the bank's own example parameters. */
  async start(options: StartOptions = {}): Promise<AuthorizationStart> {
    const { bank, profile, endpoints, issuer } = this.#bank;
    return startAuthorization({
      bank,
      authorizationEndpoint: endpoints.authorization,
      issuer,
      clientId: this.#client.id,
      sendsClientId: (options.identification ?? profile.clientIdentification) === 'query',
      redirectUri: this.#client.redirectUri,
      scope: options.scope ?? this.#client.scope,
      usesPkce: options.pkce ?? profile.usesPkce,
      usesNonce: options.nonce ?? profile.usesNonce,
      parameters: profile.authorizationParameters,
      now: await this.#bank.now(),
    });
  }

  async redeem(held: Pick<HeldCode, 'code' | 'redirectUri' | 'codeVerifier'>): Promise<TokenAnswer> {
    return this.#ask(authorizationCodeRequest(this.#context(), held));
  }

  /** The redemption without `redirect_uri`. */
  async redeemWithoutRedirectUri({ code, codeVerifier }: HeldCode): Promise<TokenAnswer> {
    return this.#ask(
      await without(authorizationCodeRequest(this.#context(), { code, redirectUri: '', codeVerifier }), 'redirect_uri'),
    );
  }

  /** The redemption with id and secret in the address, and nowhere else. */
  async redeemWithCredentialsInAddress(held: HeldCode): Promise<TokenAnswer> {
    const request = authorizationCodeRequest(this.#context(), held);
    const url = new URL(request.url);
    url.searchParams.set('client_id', this.#client.id);
    url.searchParams.set('client_secret', this.#client.secret);
    const headers = new Headers(request.headers);
    headers.delete('authorization');
    return this.#ask(new Request(url, { method: 'POST', headers, body: await request.text(), redirect: 'manual' }));
  }

  /** `scope` null leaves it out. */
  async refresh(refreshToken: string, scope: string | null): Promise<TokenAnswer> {
    return this.#ask(refreshTokenRequest(this.#context(), { refreshToken, scope }));
  }

  /** A refresh as the bank documents it, with the granted scope where it wants one. */
  async refreshTokens(tokens: Pick<HeldTokens, 'refreshToken' | 'scope'>): Promise<TokenAnswer> {
    return this.refresh(tokens.refreshToken, this.#bank.profile.sendsScopeOnRefresh ? tokens.scope : null);
  }

  async clientCredentials(scope: string): Promise<TokenAnswer> {
    return this.#ask(clientCredentialsRequest(this.#context(), { scope }));
  }

  async revoke(token: string): Promise<HttpAnswer> {
    const { revocation } = this.#bank.endpoints;
    if (revocation === null) throw new HarnessFault(`${this.#bank.bank} has no revocation endpoint.`);
    const context = { ...this.#context(), revocationEndpoint: revocation };
    return exchange(this.#bank.fetch, revocationRequest(context, { token, tokenTypeHint: 'refresh_token' }));
  }

  /** This client's credentials as an `Authorization` value. */
  get basic(): string {
    return basicCredentials(this.#client.id, this.#client.secret);
  }

  async #ask(request: Request): Promise<TokenAnswer> {
    return readTokenAnswer(await exchange(this.#bank.fetch, request));
  }

  #context(): TokenRequestContext {
    const { endpoints, profile } = this.#bank;
    const { id, secret } = this.#client;
    return {
      tokenEndpoint: endpoints.token,
      client: { id, secret },
      authentication: profile.tokenEndpointAuthentication,
    };
  }
}

/**
 * The tokens of an answer that a scenario starts from.
 *
 * @throws PrerequisiteFailure
 */
export function heldTokens(answer: TokenAnswer, askedScope: string): HeldTokens {
  const { accessToken, refreshToken, idToken, scope } = answer;
  if (accessToken === null || refreshToken === null) {
    throw new PrerequisiteFailure('an access token and a refresh token', describeTokenAnswer(answer));
  }
  return { accessToken, refreshToken, idToken, scope: scope ?? askedScope };
}

/** A secret that is not the client's, of the same length. */
export function wrongSecret({ secret }: ClientUnderTest): string {
  const first = secret.startsWith('0') ? '1' : '0';
  return `${first}${secret.slice(1)}`;
}

/** An id that no client has, in the same form. */
export function unknownClientId({ id }: ClientUnderTest): string {
  return id.replace(/[0-9a-f]{8}/, (part) => (part === '0badc0de' ? '1badc0de' : '0badc0de'));
}

async function without(request: Request, parameter: string): Promise<Request> {
  const body = new URLSearchParams(await request.text());
  body.delete(parameter);
  return new Request(request.url, {
    method: 'POST',
    headers: request.headers,
    body: body.toString(),
    redirect: 'manual',
  });
}
