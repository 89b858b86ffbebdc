import type { Check } from './check.js';
import { countsAsFailed } from './check.js';
import { createCheckCollector } from './check-collector.js';
import type { CheckCollector } from './check-collector.js';
import type { RunMessage } from './run-messages.js';
import type { ScenarioBank } from './scenario-tags.js';

/** What of a run its messages do not say. */
export interface RunFacts {
  readonly target: string;
  /** Null where scenarios of both banks ran. */
  readonly bank: ScenarioBank | null;
  /** The tag expression; null for none. */
  readonly tags: string | null;
  /** Warnings count as failures. */
  readonly strict: boolean;
  readonly interrupted: boolean;
  /** What went wrong with the harness outside scenarios, where no message says it. */
  readonly faults?: readonly string[];
}

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
    readonly strict: boolean;
    readonly tags: string | null;
    /** What was wrong with the harness itself. */
    readonly faults: readonly string[];
  };
  readonly checks: readonly Check[];
}

/** 0 nothing unexpected, 1 an unexpected failure, 3 a fault of the harness, 130 interrupted. */
export type RunExitCode = 0 | 1 | 3 | 130;

/** The results of a run, from its messages. */
export function resultsOf(messages: Iterable<RunMessage>, facts: RunFacts): Results {
  const collector = createCheckCollector();
  for (const message of messages) collector.add(message);
  return resultsOfCollected(collector, facts);
}

/** The results of messages that were collected as they came. */
export function resultsOfCollected(collected: CheckCollector, facts: RunFacts): Results {
  const { judged, startedAtMs, finishedAtMs } = collected;
  const incomplete = facts.interrupted || collected.interrupted;
  const checks = judged.map(({ check }) => check);
  const faults = [
    ...(facts.faults ?? []),
    ...collected.faults,
    ...judged.flatMap(({ fault }) => (fault === null ? [] : [fault])),
  ];
  return {
    schema: 1,
    run: {
      target: facts.target,
      bank: facts.bank,
      startedAt: startedAtMs === null ? null : new Date(startedAtMs).toISOString(),
      durationMs: startedAtMs === null || finishedAtMs === null ? null : finishedAtMs - startedAtMs,
      exitCode: exitCodeOf(checks, faults, facts.strict, incomplete),
      incomplete,
      strict: facts.strict,
      tags: facts.tags,
      faults: [...new Set(faults)],
    },
    checks,
  };
}

function exitCodeOf(
  checks: readonly Check[],
  faults: readonly string[],
  strict: boolean,
  incomplete: boolean,
): RunExitCode {
  if (incomplete) return 130;
  if (faults.length > 0) return 3;
  return checks.some((check) => countsAsFailed(check, strict)) ? 1 : 0;
}
