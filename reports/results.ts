import type { Check } from './check.js';
import { countsAsFailed } from './check.js';
import { judgeExpectedFailures } from './expected-failures.js';
import type { BaselineFinding } from './expected-failures.js';
import type { RunEvidence } from './run-evidence.js';
import type { ScenarioBank } from './scenario-tags.js';

/** `results.json`, schema 1. Absent values are null; checks are in the order of the features. */
export interface Results {
  readonly schema: 1;
  readonly run: {
    readonly target: string;
    readonly bank: ScenarioBank | null;
    readonly startedAt: string | null;
    readonly durationMs: number | null;
    readonly exitCode: RunExitCode;
    readonly incomplete: boolean;
    /** Why the run ended itself; null where it did not. */
    readonly stopped: string | null;
    /** What was waited for, in ms, by what; part of `durationMs`. */
    readonly waitedMs: Readonly<Partial<Record<WaitingKind, number>>>;
    readonly strict: boolean;
    readonly tags: string | null;
    /** What was wrong with the harness itself. */
    readonly faults: readonly string[];
  };
  readonly checks: readonly Check[];
  /** What the list of expected failures makes of the checks; null where none was given. */
  readonly baseline: readonly BaselineFinding[] | null;
}

/** 0 nothing unexpected, 1 an unexpected failure, 2 ended by itself, 3 a fault of the harness, 130 interrupted. */
export type RunExitCode = 0 | 1 | 2 | 3 | 130;

/** What a run waits for: the bank's rate limit, the next code of an app, a person. */
export type WaitingKind = 'pace' | 'secondFactor' | 'person';

/** The results of a run, from its evidence. Evidence that breaks off is of a run that was killed. */
export function resultsOf({ run, checks: records, end }: RunEvidence): Results {
  const checks = records.map(checkOf);
  const faults = [...(end?.faults ?? []), ...records.flatMap(({ fault }) => (fault === null ? [] : [fault]))];
  const incomplete = end?.incomplete ?? true;
  const stopped = end?.stopped ?? null;
  const { strict, expectedFailures } = run;
  const today = run.startedAt.slice(0, 10);
  const baseline =
    expectedFailures === null ? null : judgeExpectedFailures(checks, expectedFailures, { strict, today });
  const isUnexpected =
    baseline?.some(({ outcome }) => outcome !== 'expected') ?? checks.some((check) => countsAsFailed(check, strict));
  return {
    schema: 1,
    run: {
      target: run.target,
      bank: run.bank,
      startedAt: run.startedAt,
      durationMs: end?.durationMs ?? null,
      exitCode: stopped !== null ? 2 : incomplete ? 130 : faults.length > 0 ? 3 : isUnexpected ? 1 : 0,
      incomplete,
      stopped,
      waitedMs: end?.waitedMs ?? {},
      strict,
      tags: run.tags,
      faults: [...new Set(faults)],
    },
    checks,
    baseline,
  };
}

function checkOf(record: RunEvidence['checks'][number]): Check {
  const { id, verdict, requirements, scenario, bank, expected, actual, reason } = record;
  return { id, verdict, requirements, scenario, bank, expected, actual, reason };
}
