import type { ScenarioBank } from './scenario-tags.js';

/**
 * - `failed`: it breaks, loses data or is exploitable at this bank;
 * - `warning`: a specification says otherwise, with no such consequence here;
 * - `not-testable`: a prerequisite failed; counts as failed;
 * - `not-applicable`: the feature is not used; `skipped`: the target lacks the capability.
 */
export type Verdict = 'passed' | 'failed' | 'warning' | 'info' | 'not-testable' | 'not-applicable' | 'skipped';

/** One verdict, citing requirements. A bank scenario (or row of an outline) is one check. */
export interface Check {
  /** The scenario's `@id`; rows of an outline append `#<row>`, counted from 1. */
  readonly id: string;
  readonly verdict: Verdict;
  readonly requirements: readonly string[];
  readonly scenario: string;
  readonly bank: ScenarioBank;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly reason: string | null;
}

/** Whether a check makes the run end with exit code 1. */
export function countsAsFailed({ verdict }: Check, strict: boolean): boolean {
  return verdict === 'failed' || verdict === 'not-testable' || (strict && verdict === 'warning');
}

/** What a check is known by within a run: a partner's check is made at each bank under the same id. */
export function checkKey({ id, bank }: Pick<Check, 'id' | 'bank'>): string {
  return id.startsWith('partner.') ? `${id}@${bank}` : id;
}
