import { HomologaError } from '../foundation/homologa-error.js';
import type { ScenarioBank } from '../reports/scenario-tags.js';

/** Thrown for a command line, or a file or environment it names, that cannot be carried out. */
export class UsageError extends HomologaError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('ERR_USAGE', message, options);
  }
}

/** @throws UsageError for `--bank` with a target that is the other bank: nothing of it would be judged */
export function refuseOtherBank(
  asked: ScenarioBank | null,
  target: { readonly name: string; readonly bank: ScenarioBank | null },
): void {
  if (asked === null || target.bank === null || asked === target.bank) return;
  throw new UsageError(`--bank ${asked}: ${target.name} is ${target.bank}, and nothing of it would be judged.`);
}
