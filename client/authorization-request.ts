import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { ClientConfigurationError } from './configuration-error.js';

/**
 * What must be remembered between the authorization request and the callback, bound to the session of the user agent
 * that was sent to the bank (RFC 6749 10.12, RFC 9700 4.4.2 and 4.7). Plain JSON, so that any session store can hold
 * it. Holds the PKCE verifier: it belongs on the server, never in a page or a readable cookie.
 */
export interface AuthorizationTransaction {
  readonly bank: string;
  readonly clientId: string;
  /** The issuer that the request went to (RFC 9207); null at a bank that has none. */
  readonly issuer: string | null;
  readonly state: string;
  readonly nonce: string | null;
  readonly codeVerifier: string | null;
  readonly redirectUri: string;
  readonly scope: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** For session stores that give back `unknown`: `v.parse(authorizationTransactionSchema, session.transaction)`. */
export const authorizationTransactionSchema = v.object({
  bank: v.string(),
  clientId: v.string(),
  issuer: v.nullable(v.string()),
  state: v.pipe(v.string(), v.minLength(1)),
  nonce: v.nullable(v.string()),
  codeVerifier: v.nullable(v.string()),
  redirectUri: v.string(),
  scope: v.string(),
  createdAt: v.number(),
});

/** Where to send the user, and what to remember until they come back. */
export interface AuthorizationStart {
  readonly url: string;
  readonly transaction: AuthorizationTransaction;
}

/** 256 fresh random bits in 43 base64url characters: a `state`, a `nonce` or a PKCE verifier (RFC 7636 4.1). */
export function randomValue(): string {
  return randomBytes(32).toString('base64url');
}

/** The S256 challenge of a PKCE verifier (RFC 7636 4.2). */
export function pkceChallenge(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier, 'ascii').digest('base64url');
}

/** What {@link startAuthorization} needs to know. */
export interface AuthorizationRequestInput {
  readonly bank: string;
  readonly authorizationEndpoint: string;
  readonly issuer: string | null;
  readonly clientId: string;
  /** False where the client is identified by HTTP Basic on the GET (BS2's current documentation). */
  readonly sendsClientId: boolean;
  readonly redirectUri: string;
  readonly scope: string;
  readonly usesPkce: boolean;
  readonly usesNonce: boolean;
  /** Further parameters, for example `prompt`; they cannot replace the protocol's own. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Builds an authorization request (RFC 6749 4.1.1) with a fresh `state`, and a fresh `nonce` and S256 challenge where
 * asked for. Pure apart from randomness: nothing is sent.
 *
 * ```http
 * GET /oauth2/authorize?response_type=code&client_id=…&redirect_uri=…&scope=openid&state=…&nonce=…
 *   &code_challenge=…&code_challenge_method=S256 HTTP/1.1
 * ```
 *
 * @throws ClientConfigurationError `ERR_REDIRECT_URI_INVALID`.
 */
export function startAuthorization(input: AuthorizationRequestInput): AuthorizationStart {
  assertRedirectUri(input.redirectUri);
  const transaction: AuthorizationTransaction = {
    bank: input.bank,
    clientId: input.clientId,
    issuer: input.issuer,
    state: randomValue(),
    nonce: input.usesNonce ? randomValue() : null,
    codeVerifier: input.usesPkce ? randomValue() : null,
    redirectUri: input.redirectUri,
    scope: input.scope,
    createdAt: input.now,
  };
  return { url: authorizationUrl(input, transaction), transaction };
}

function authorizationUrl(input: AuthorizationRequestInput, transaction: AuthorizationTransaction): string {
  const url = new URL(input.authorizationEndpoint);
  const query = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(input.parameters ?? {})) query.set(name, value);
  // `set` throughout: no parameter may appear twice (RFC 6749 3.1), whatever the endpoint's own query holds.
  query.set('response_type', 'code');
  if (input.sendsClientId) query.set('client_id', transaction.clientId);
  query.set('redirect_uri', transaction.redirectUri);
  query.set('scope', transaction.scope);
  query.set('state', transaction.state);
  if (transaction.nonce !== null) query.set('nonce', transaction.nonce);
  if (transaction.codeVerifier !== null) {
    query.set('code_challenge', pkceChallenge(transaction.codeVerifier));
    query.set('code_challenge_method', 'S256');
  }
  // %20 means a space to every decoder; `+` only to those that follow the form encoding.
  url.search = query.toString().replaceAll('+', '%20');
  return url.href;
}

function assertRedirectUri(redirectUri: string): void {
  if (!URL.canParse(redirectUri) || redirectUri.includes('#')) {
    throw new ClientConfigurationError(
      'ERR_REDIRECT_URI_INVALID',
      `Expected an absolute redirect URI without fragment, got "${redirectUri}". Use the one registered at the bank.`,
      { cause: { redirectUri } },
    );
  }
}
