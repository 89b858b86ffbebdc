import { HomologaError } from '../foundation/homologa-error.js';

/** Which rule an id_token broke; see {@link IdTokenError}. */
export type IdTokenErrorCode =
  | 'ERR_ID_TOKEN_MISSING'
  | 'ERR_ID_TOKEN_MALFORMED'
  | 'ERR_ID_TOKEN_ALGORITHM'
  | 'ERR_ID_TOKEN_SIGNATURE'
  | 'ERR_ID_TOKEN_KEY'
  | 'ERR_ID_TOKEN_CLAIM_MISSING'
  | 'ERR_ID_TOKEN_ISSUER'
  | 'ERR_ID_TOKEN_AUDIENCE'
  | 'ERR_ID_TOKEN_EXPIRED'
  | 'ERR_ID_TOKEN_NOT_YET_VALID'
  | 'ERR_ID_TOKEN_ISSUED_TOO_LONG_AGO'
  | 'ERR_ID_TOKEN_NONCE'
  | 'ERR_ID_TOKEN_CHANGED';

/**
 * An id_token broke a rule of OpenID Connect Core 3.1.3.7 (or 12.2, for one that came with a refresh): none of the
 * tokens of that answer may be used.
 *
 * `claim` names the claim or header at fault, `reason` is `missing`, `mismatch` or `invalid`; `cause` repeats them.
 * No claim's value is in the message: `sub` is a person's CPF at BTG.
 */
export class IdTokenError extends HomologaError {
  declare readonly code: IdTokenErrorCode;

  constructor(
    code: IdTokenErrorCode,
    message: string,
    readonly claim: string | null,
    readonly reason: 'missing' | 'mismatch' | 'invalid',
  ) {
    super(code, `${message} No token of this answer may be used: start the consent again.`, {
      cause: { claim, reason },
    });
  }
}
