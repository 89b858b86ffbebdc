import { interruption } from './interruption.js';
import { PrerequisiteFailure } from './check-failure.js';
import { runRedactor } from './run-redactor.js';

let reason: string | null = null;

/** Why the run ended itself, such as a login that the bank refused; null where it did not. */
export function stopReason(): string | null {
  return reason;
}

/**
 * Ends the run: the scenario under way is left out as those after it are. For what would harm the account if it were
 * tried again.
 *
 * @returns the error for whoever is under way
 */
export function stopRun(why: string): PrerequisiteFailure {
  const told = runRedactor().text(why);
  reason ??= told;
  interruption.abort(new Error(told));
  return new PrerequisiteFailure('a run that goes on', told);
}
