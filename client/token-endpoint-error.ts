import { HomologaError } from '../foundation/homologa-error.js';

/**
 * The token endpoint said no.
 *
 * - `ERR_TOKEN_REFUSED`: a 4xx; `error` is RFC 6749 5.2's, or null where the body is not OAuth JSON;
 * - `ERR_TOKEN_RATE_LIMITED`: 429, whatever the body;
 * - `ERR_TOKEN_SERVER_ERROR`: 5xx. The request may have been acted upon.
 *
 * ```http
 * HTTP/1.1 400 Bad Request
 * Content-Type: application/json
 *
 * {"error":"invalid_grant"}
 * ```
 */
export class TokenEndpointError extends HomologaError {
  declare readonly code: 'ERR_TOKEN_REFUSED' | 'ERR_TOKEN_RATE_LIMITED' | 'ERR_TOKEN_SERVER_ERROR';

  constructor(
    code: TokenEndpointError['code'],
    message: string,
    readonly status: number,
    /** The `error` member, null when the body had none. */
    readonly error: string | null,
    /** The `error_description` member, masked and bounded. */
    readonly errorDescription: string | null,
    /** From `Retry-After`, in seconds; null when the bank did not say. */
    readonly retryAfterSeconds: number | null,
  ) {
    super(code, message, { cause: { status, error, errorDescription, retryAfterSeconds } });
  }

  /** True when the bank may have rotated or spent something before it failed. */
  get mayHaveBeenProcessed(): boolean {
    return this.code === 'ERR_TOKEN_SERVER_ERROR';
  }
}

/**
 * The token endpoint answered without refusing, but not with tokens that may be used. The request was probably acted
 * upon.
 *
 * - `ERR_TOKEN_RESPONSE_STATUS`: neither 200 nor an error (a redirect, a 204);
 * - `ERR_TOKEN_RESPONSE_CONTENT_TYPE`: not JSON (a maintenance page);
 * - `ERR_TOKEN_RESPONSE_MALFORMED`: empty, truncated or not a JSON object;
 * - `ERR_TOKEN_RESPONSE_ACCESS_TOKEN`: no usable `access_token`;
 * - `ERR_TOKEN_RESPONSE_TOKEN_TYPE`: `token_type` is not Bearer (RFC 6749 7.1: such a token must not be used).
 *
 * `cause` is `{ status, contentType, length }`.
 */
export class TokenResponseError extends HomologaError {
  declare readonly code:
    | 'ERR_TOKEN_RESPONSE_STATUS'
    | 'ERR_TOKEN_RESPONSE_CONTENT_TYPE'
    | 'ERR_TOKEN_RESPONSE_MALFORMED'
    | 'ERR_TOKEN_RESPONSE_ACCESS_TOKEN'
    | 'ERR_TOKEN_RESPONSE_TOKEN_TYPE';
}
