import { HomologaError } from '../foundation/homologa-error.js';
import { authenticateClient } from './client-authentication.js';
import { retryAfterSeconds, type HttpAnswer } from './http-answer.js';
import { safeText } from './safe-text.js';
import type { TokenRequestContext } from './token-request.js';

/**
 * The bank did not confirm a revocation (RFC 7009 2.2.1).
 *
 * - `ERR_REVOCATION_UNAVAILABLE`: 429 or 5xx: the token may still live; try again after `retryAfterSeconds`;
 * - `ERR_REVOCATION_REFUSED`: anything else but 200.
 */
export class RevocationError extends HomologaError {
  declare readonly code: 'ERR_REVOCATION_UNAVAILABLE' | 'ERR_REVOCATION_REFUSED';

  constructor(
    code: RevocationError['code'],
    message: string,
    readonly status: number,
    readonly retryAfterSeconds: number | null,
  ) {
    super(code, message, { cause: { status, retryAfterSeconds } });
  }
}

/** Which token is given; the hint of RFC 7009 2.1. */
export type TokenTypeHint = 'access_token' | 'refresh_token';

/**
 * Builds a revocation request (RFC 7009 2.1). Revoke the refresh token: at BTG that also ends the access token
 * [observed: a public client's comment].
 *
 * ```http
 * POST /oauth2/revoke HTTP/1.1
 * Authorization: Basic …
 *
 * token=…&token_type_hint=refresh_token
 * ```
 */
export function revocationRequest(
  context: Omit<TokenRequestContext, 'tokenEndpoint'> & { readonly revocationEndpoint: string },
  input: { readonly token: string; readonly tokenTypeHint: TokenTypeHint },
): Request {
  const headers = new Headers({
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  });
  const body = new URLSearchParams({ token: input.token, token_type_hint: input.tokenTypeHint });
  authenticateClient(context.client, context.authentication, headers, body);
  return new Request(context.revocationEndpoint, {
    method: 'POST',
    headers,
    body: body.toString(),
    redirect: 'manual',
  });
}

/**
 * Judges the answer to a revocation. 200 means that the token is dead, also when the bank did not know it (RFC 7009
 * 2.2).
 *
 * @throws RevocationError `ERR_REVOCATION_UNAVAILABLE`, `ERR_REVOCATION_REFUSED`.
 */
export function judgeRevocation(answer: HttpAnswer, nowMs: number): void {
  if (answer.status === 200) return;
  const unavailable = answer.status === 429 || answer.status >= 500;
  throw new RevocationError(
    unavailable ? 'ERR_REVOCATION_UNAVAILABLE' : 'ERR_REVOCATION_REFUSED',
    `Expected status 200 to the revocation, got ${String(answer.status)} (${safeText(answer.body)}). ` +
      `The token may still be alive${unavailable ? ': try again later' : ''}.`,
    answer.status,
    retryAfterSeconds(answer.headers, nowMs),
  );
}
