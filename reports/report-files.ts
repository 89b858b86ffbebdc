import type { Requirement } from './requirement-register.js';
import { resultsOf } from './results.js';
import type { RunEvidence } from './run-evidence.js';

/** Every report of a run but the evidence itself, by file name. */
export function reportFiles(
  evidence: RunEvidence,
  _register: ReadonlyMap<string, Requirement>,
): ReadonlyMap<string, string> {
  const results = resultsOf(evidence);
  return new Map([['results.json', `${JSON.stringify(results, null, 2)}\n`]]);
}
