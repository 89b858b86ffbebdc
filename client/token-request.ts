import { authenticateClient, type TokenEndpointAuthentication } from './client-authentication.js';
import type { ClientRegistration } from './client-registration.js';

/** Where a token request goes, and as whom. */
export interface TokenRequestContext {
  readonly tokenEndpoint: string;
  readonly client: ClientRegistration;
  readonly authentication: TokenEndpointAuthentication;
}

function tokenRequest(context: TokenRequestContext, parameters: Readonly<Record<string, string | null>>): Request {
  const headers = new Headers({
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  });
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== null) body.set(name, value);
  authenticateClient(context.client, context.authentication, headers, body);
  return new Request(context.tokenEndpoint, { method: 'POST', headers, body: body.toString(), redirect: 'manual' });
}

/**
 * The code exchange (RFC 6749 4.1.3, RFC 7636 4.5). `redirectUri` must be the authorization request's, character for
 * character. A code is good for one attempt: never send this twice.
 *
 * ```http
 * POST /oauth2/token HTTP/1.1
 * Authorization: Basic …
 * Content-Type: application/x-www-form-urlencoded
 *
 * grant_type=authorization_code&code=…&redirect_uri=…&code_verifier=…
 * ```
 */
export function authorizationCodeRequest(
  context: TokenRequestContext,
  input: { readonly code: string; readonly redirectUri: string; readonly codeVerifier: string | null },
): Request {
  return tokenRequest(context, {
    grant_type: 'authorization_code',
    code: input.code,
    redirect_uri: input.redirectUri,
    code_verifier: input.codeVerifier,
  });
}

/**
 * The refresh (RFC 6749 6). `scope` null leaves it out; BS2 demands it (devs.bs2.com/docs/consent), and it must not
 * exceed what was granted.
 */
export function refreshTokenRequest(
  context: TokenRequestContext,
  input: { readonly refreshToken: string; readonly scope: string | null },
): Request {
  return tokenRequest(context, {
    grant_type: 'refresh_token',
    refresh_token: input.refreshToken,
    scope: input.scope,
  });
}

/** The client's own token (RFC 6749 4.4.2). At BTG it gives no access to banking. */
export function clientCredentialsRequest(
  context: TokenRequestContext,
  input: { readonly scope: string | null },
): Request {
  return tokenRequest(context, { grant_type: 'client_credentials', scope: input.scope });
}

/**
 * The resource owner's password (RFC 6749 4.3.2): only for BS2's products that offer nothing else (onboarding PJ,
 * Banking v1). RFC 9700 2.4 forbids it elsewhere.
 */
export function passwordRequest(
  context: TokenRequestContext,
  input: { readonly username: string; readonly password: string; readonly scope: string | null },
): Request {
  return tokenRequest(context, {
    grant_type: 'password',
    username: input.username,
    password: input.password,
    scope: input.scope,
  });
}
