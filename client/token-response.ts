import * as v from 'valibot';
import { retryAfterSeconds, type HttpAnswer } from './http-answer.js';
import { safeText } from './safe-text.js';
import { TokenEndpointError, TokenResponseError } from './token-endpoint-error.js';
import type { TokenSet } from './token-set.js';

const anyObject = v.record(v.string(), v.unknown());
const nonEmptyText = v.pipe(v.string(), v.minLength(1));
const optionalText = v.fallback(v.nullable(nonEmptyText), null);
// RFC 6749 wants a number. A numeric string is understood; anything else counts as absent: refusing the answer for it
// would throw away a refresh token that the bank has already rotated.
const seconds = v.fallback(
  v.nullable(
    v.pipe(
      v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number))]),
      v.finite(),
      v.minValue(0),
      v.maxValue(10_000_000_000),
    ),
  ),
  null,
);
const tokenMembers = v.object({
  access_token: v.fallback(v.nullable(nonEmptyText), null),
  token_type: v.fallback(v.nullable(v.string()), null),
  expires_in: v.optional(seconds, null),
  refresh_token: v.optional(optionalText, null),
  scope: v.optional(optionalText, null),
  id_token: v.optional(optionalText, null),
});

/** What a token answer is judged against. */
export interface TokenResponseContext {
  /** Epoch ms at which the request was sent. */
  readonly requestedAt: number;
  /** The scope that was asked for; it is what was granted when the answer names none. */
  readonly requestedScope: string | null;
  /** Values of the request that must not reappear in an error, should the bank echo them. */
  readonly secrets?: readonly string[];
}

/**
 * Judges an answer of the token endpoint (RFC 6749 5.1 and 5.2). Pure: nothing is sent, no clock is read. Unknown
 * members are ignored, `token_type` is compared without case, a missing `expires_in` is survived. The id_token, if any,
 * comes back unchecked in `idToken`; see `validateIdToken`.
 *
 * @throws TokenEndpointError the bank refused: `ERR_TOKEN_REFUSED`, `ERR_TOKEN_RATE_LIMITED`, `ERR_TOKEN_SERVER_ERROR`.
 * @throws TokenResponseError the answer is not a token answer: `ERR_TOKEN_RESPONSE_…`.
 */
export function judgeTokenResponse(answer: HttpAnswer, context: TokenResponseContext): TokenSet {
  if (answer.status >= 400) throw refusal(answer, context);
  if (answer.status !== 200) throw unusable('ERR_TOKEN_RESPONSE_STATUS', 'status 200', answer);
  const contentType = mediaType(answer);
  if (contentType !== '' && !/^application\/(?:[a-z0-9.+-]+\+)?json$/.test(contentType)) {
    throw unusable('ERR_TOKEN_RESPONSE_CONTENT_TYPE', 'application/json', answer);
  }
  const json = jsonObject(answer.body);
  if (json === null) throw unusable('ERR_TOKEN_RESPONSE_MALFORMED', 'one complete JSON object', answer);
  const members = v.parse(tokenMembers, { access_token: null, token_type: null, ...json });
  if (members.access_token === null) {
    throw unusable('ERR_TOKEN_RESPONSE_ACCESS_TOKEN', 'an "access_token" with text in it', answer);
  }
  if (members.token_type?.toLowerCase() !== 'bearer') {
    throw unusable('ERR_TOKEN_RESPONSE_TOKEN_TYPE', '"token_type" Bearer', answer);
  }
  return {
    accessToken: members.access_token,
    accessTokenExpiresAt: members.expires_in === null ? null : context.requestedAt + members.expires_in * 1000,
    expiresInSeconds: members.expires_in,
    refreshToken: members.refresh_token,
    scope: members.scope ?? context.requestedScope,
    idToken: members.id_token,
    idTokenClaims: null,
    requestedAt: context.requestedAt,
  };
}

function mediaType(answer: HttpAnswer): string {
  return (answer.headers.get('content-type') ?? '').split(';', 1).join('').trim().toLowerCase();
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text);
    const result = v.safeParse(anyObject, json);
    return result.success && !Array.isArray(json) ? result.output : null;
  } catch {
    return null;
  }
}

function refusal(answer: HttpAnswer, context: TokenResponseContext): TokenEndpointError {
  const json = jsonObject(answer.body) ?? {};
  const secrets = context.secrets ?? [];
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? safeText(value, secrets) : null);
  const error = text(json.error);
  const description = text(json.error_description);
  const retryAfter = retryAfterSeconds(answer.headers, context.requestedAt);
  const code =
    answer.status === 429
      ? 'ERR_TOKEN_RATE_LIMITED'
      : answer.status >= 500
        ? 'ERR_TOKEN_SERVER_ERROR'
        : 'ERR_TOKEN_REFUSED';
  const said = [error ?? 'no OAuth error', ...(description === null ? [] : [description])].join(': ');
  const message = `Expected tokens, the token endpoint answered ${String(answer.status)} (${said}).`;
  return new TokenEndpointError(code, message, answer.status, error, description, retryAfter);
}

function unusable(code: TokenResponseError['code'], expected: string, answer: HttpAnswer): TokenResponseError {
  const contentType = safeText(mediaType(answer));
  const { status } = answer;
  const { length } = answer.body;
  return new TokenResponseError(
    code,
    `Expected ${expected} from the token endpoint, got status ${String(status)}, ` +
      `${contentType === '' ? 'no content type' : contentType}, ${String(length)} characters. ` +
      'The bank may have acted on the request: do not repeat it blindly.',
    { cause: { status, contentType, length } },
  );
}
