import { HomologaError } from '../foundation/homologa-error.js';

/** Why a callback was refused; see {@link AuthorizationResponseError}. */
export type AuthorizationResponseErrorCode =
  | 'ERR_CALLBACK_PATH'
  | 'ERR_CALLBACK_DUPLICATE_PARAMETER'
  | 'ERR_CALLBACK_STATE_MISSING'
  | 'ERR_CALLBACK_STATE_MISMATCH'
  | 'ERR_CALLBACK_ISSUER_MISSING'
  | 'ERR_CALLBACK_ISSUER_UNEXPECTED'
  | 'ERR_CALLBACK_ISSUER_MISMATCH'
  | 'ERR_CALLBACK_AMBIGUOUS'
  | 'ERR_CALLBACK_CODE_MISSING'
  | 'ERR_AUTHORIZATION_DENIED'
  | 'ERR_AUTHORIZATION_REFUSED';

/**
 * The callback must not be followed by a token request.
 *
 * - `ERR_CALLBACK_PATH`: arrived at another path than the transaction's redirect URI;
 * - `ERR_CALLBACK_DUPLICATE_PARAMETER`: a response parameter came twice (RFC 6749 3.1);
 * - `ERR_CALLBACK_STATE_MISSING`, `ERR_CALLBACK_STATE_MISMATCH`: not the answer to this request (RFC 6749 10.12);
 * - `ERR_CALLBACK_ISSUER_MISSING`, `…_UNEXPECTED`, `…_MISMATCH`: RFC 9207 2.4;
 * - `ERR_CALLBACK_AMBIGUOUS`: both `code` and `error`; `ERR_CALLBACK_CODE_MISSING`: neither;
 * - `ERR_AUTHORIZATION_DENIED`: `error=access_denied`; `ERR_AUTHORIZATION_REFUSED`: any other `error`
 *   (RFC 6749 4.1.2.1); only these two carry {@link error} and {@link errorDescription}.
 *
 * ```http
 * GET /callback?error=access_denied&state=… HTTP/1.1
 * ```
 */
export class AuthorizationResponseError extends HomologaError {
  declare readonly code: AuthorizationResponseErrorCode;
  /** The `error` parameter, once `state` and `iss` have shown that it is the bank's. */
  readonly error: string | null;
  /** Masked and bounded; fit for a log, still to be escaped in a page. */
  readonly errorDescription: string | null;

  constructor(
    code: AuthorizationResponseErrorCode,
    message: string,
    cause: Readonly<Record<string, unknown>>,
    refusal?: { error: string; errorDescription: string | null },
  ) {
    super(code, message, { cause });
    this.error = refusal?.error ?? null;
    this.errorDescription = refusal?.errorDescription ?? null;
  }
}
