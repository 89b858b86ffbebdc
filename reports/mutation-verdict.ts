import type { Check } from './check.js';

/** What of a mutant its verdict needs. */
export interface JudgedMutant {
  readonly id: string;
  /** Ids of the requirements that it says it breaks. */
  readonly breaks: readonly string[];
}

/** What a suite made of a bank with one standing bug. */
export interface MutationVerdict {
  readonly mutant: string;
  /** Checks that failed and cite a requirement that the mutant breaks. */
  readonly killedBy: readonly string[];
  /** Requirements that the mutant breaks and no failed check cites: the suite did not notice. */
  readonly unnoticed: readonly string[];
  /** Checks that failed though they cite none of them: the suite accuses beside the point. */
  readonly strays: readonly string[];
}

/** Judges the checks of a run against a mutant. What could not be tested is the mutant's consequence, not a stray. */
export function judgeMutation(mutant: JudgedMutant, checks: readonly Check[]): MutationVerdict {
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  const cites = (check: Check): boolean => check.requirements.some((id) => mutant.breaks.includes(id));
  return {
    mutant: mutant.id,
    killedBy: failed.filter(cites).map(({ id }) => id),
    unnoticed: mutant.breaks.filter((id) => !failed.some(({ requirements }) => requirements.includes(id))),
    strays: failed.filter((check) => !cites(check)).map(({ id }) => id),
  };
}

/** Whether the suite noticed every requirement that the mutant breaks, and nothing else. */
export function isKilled({ killedBy, unnoticed, strays }: MutationVerdict): boolean {
  return killedBy.length > 0 && unnoticed.length === 0 && strays.length === 0;
}
