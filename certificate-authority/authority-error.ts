import { HomologaError } from '../foundation/homologa-error.js';

/** Thrown where the kept authority cannot be used or a new one not be kept; `cause` is what the system said. */
export class AuthorityError extends HomologaError {
  constructor(
    code: 'ERR_AUTHORITY_UNREADABLE' | 'ERR_AUTHORITY_EXPOSED' | 'ERR_AUTHORITY_NOT_KEPT',
    message: string,
    cause?: unknown,
  ) {
    super(code, message, { cause });
  }
}
