import type { Check } from './check.js';
import { checkKey, countsAsFailed } from './check.js';
import type { CheckAdvice } from './check-advice.js';
import type { CheckRecord, RunRecord } from './evidence-records.js';
import type { BaselineFinding } from './expected-failures.js';
import { noPortugueseNames } from './portuguese-names.js';
import type { PortugueseNames } from './portuguese-names.js';
import type { Requirement } from './requirement-register.js';
import { resultsOf } from './results.js';
import type { Results } from './results.js';
import type { RunEvidence } from './run-evidence.js';

/** What the writers share: a run's evidence, what it came to, and the sentences that it cites. */
export interface RunReport {
  readonly evidence: RunEvidence;
  readonly results: Results;
  readonly register: ReadonlyMap<string, Requirement>;
  /** What failed checks of an application mean, and what to change, by check. */
  readonly advice: ReadonlyMap<string, CheckAdvice>;
  /** Failures that nobody expected, what breaks before what could not be tested. */
  readonly unexpected: readonly CheckRecord[];
  /** Failures that the list expects. */
  readonly expected: readonly { readonly check: CheckRecord; readonly finding: BaselineFinding }[];
  /** Entries of the list that are stale or outdated. */
  readonly overdue: readonly { readonly check: CheckRecord; readonly finding: BaselineFinding }[];
  /** Sentences that passed checks rely on and that no bank and no specification wrote down. */
  readonly reliance: readonly Requirement[];
  /** What scenarios are called in Portuguese. */
  readonly portugueseName: PortugueseNames;
}

/** Puts together what the writers need. */
export function runReport(
  evidence: RunEvidence,
  register: ReadonlyMap<string, Requirement>,
  advice: ReadonlyMap<string, CheckAdvice> = new Map(),
  portugueseName: PortugueseNames = noPortugueseNames,
): RunReport {
  const results = resultsOf(evidence);
  const findings = new Map((results.baseline ?? []).map((finding) => [keyOf(finding), finding]));
  const failing = evidence.checks.filter((check) => countsAsFailed(check, results.run.strict));
  const isListed = (check: CheckRecord): boolean => (findings.get(checkKey(check))?.entry ?? null) !== null;
  const unexpected = failing.filter((check) => !isListed(check));
  const withOutcome = (...outcomes: readonly string[]) =>
    evidence.checks.flatMap((check) => {
      const finding = findings.get(checkKey(check));
      return finding !== undefined && outcomes.includes(finding.outcome) ? [{ check, finding }] : [];
    });
  const cited = new Set(
    evidence.checks.filter(({ verdict }) => verdict === 'passed').flatMap(({ requirements }) => requirements),
  );
  return {
    evidence,
    results,
    register,
    advice,
    portugueseName,
    unexpected: [
      ...unexpected.filter(({ verdict }) => verdict !== 'not-testable'),
      ...unexpected.filter(({ verdict }) => verdict === 'not-testable'),
    ],
    expected: withOutcome('expected'),
    overdue: withOutcome('stale', 'outdated'),
    reliance: [...register.values()].filter(
      ({ id, evidence: known }) => cited.has(id) && (known === 'inferred' || known === 'observed'),
    ),
  };
}

/** The key of the check that the list of expected failures speaks of. */
export function keyOf({ check, bank }: BaselineFinding): string {
  return checkKey({ id: check, bank });
}

/** How many checks came to each verdict, worst first; none that is zero. */
export function verdictCounts(checks: readonly Pick<Check, 'verdict'>[]) {
  const order = ['failed', 'not-testable', 'warning', 'skipped', 'not-applicable', 'info', 'passed'] as const;
  return order
    .map((verdict) => ({ verdict, count: checks.filter((check) => check.verdict === verdict).length }))
    .filter(({ count }) => count > 0);
}

/** The command that runs one check again. */
export function rerunCommand(
  { command, role }: Pick<RunRecord, 'command' | 'role'>,
  { id }: Pick<Check, 'id'>,
): string {
  const scenario = id.replace(/#.*$/, '');
  return role === 'partner' ? `${command} --only ${scenario}` : `${command} --tags @id:${scenario}`;
}

/** What is wrong, in one line that is never empty. */
export function problemLine({ verdict, expected, actual, reason, scenario }: Check): string {
  if (expected !== null && actual !== null) return `expected ${expected}; got ${actual}`;
  if (actual !== null) return `seen: ${actual}`;
  return reason ?? `${verdict}: ${scenario}`;
}

/** The sentence that every report carries. */
export const disclaimer = 'This does not replace the bank’s own homologation.';
