import { HomologaError } from '../../foundation/homologa-error.js';

/** Why a state file cannot be used. */
export type StateFileProblem =
  | 'ERR_STORE_ENGINE_MISSING'
  | 'ERR_STORE_IN_USE'
  | 'ERR_STORE_NEWER'
  | 'ERR_STORE_DAMAGED'
  | 'ERR_STORE_UNUSABLE'
  | 'ERR_STORE_WRITE';

/**
 * Thrown where state cannot be kept in, or had from, a file; nothing was changed in it. `cause` holds `{ path }` and,
 * as `reason`, what the engine or the operating system said.
 */
export class StateFileError extends HomologaError {
  constructor(code: StateFileProblem, path: string, message: string, reason?: unknown) {
    super(code, message, { cause: { path, reason: reason instanceof Error ? reason.message : reason } });
  }
}
