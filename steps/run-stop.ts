import { HomologaError } from '../foundation/homologa-error.js';
import { interruption } from './interruption.js';
import { runRedactor } from './run-redactor.js';

let reason: string | null = null;

/** Why the run ended itself, such as a login that the bank refused; null where it did not. */
export function stopReason(): string | null {
  return reason;
}

/** Thrown to whoever is under way when a run ends itself: nothing is judged by it. `cause` is null. */
export class RunStoppedError extends HomologaError {
  constructor(why: string) {
    super('ERR_RUN_STOPPED', why, { cause: null });
  }
}

/**
 * Ends the run: the scenario under way is left out as those after it are. For what would harm the account if it were
 * tried again.
 *
 * @returns the error for whoever is under way
 */
export function stopRun(why: string): RunStoppedError {
  const error = new RunStoppedError(runRedactor().text(why));
  reason ??= error.message;
  interruption.abort(error);
  return error;
}
