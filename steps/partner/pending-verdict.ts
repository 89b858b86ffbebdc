import type { Evidence } from '../../reports/evidence.js';
import { CheckFailure, PrerequisiteFailure } from '../check-failure.js';
import { interruption } from '../interruption.js';
import type { PendingVerdict } from './partner-run.js';

type Judge = () => Evidence | null;

/**
 * A judgement to be asked again later, of which what is forbidden has not happened yet.
 *
 * @throws CheckFailure where it has
 */
export function unlessFailedAlready(judge: Judge): Judge {
  const judged = judgement(judge);
  const early = judged();
  if (early?.finding === 'failed') throw new CheckFailure(early.expected, early.actual);
  return judged;
}

/** A verdict on how something ends that goes on; `judge` gets null for it where `atMostMs` have passed. */
export function verdictWhenDone<T>(
  goesOn: Promise<T>,
  atMostMs: number,
  judge: (outcome: T | null) => Evidence | null,
): PendingVerdict {
  const dueAtMs = performance.now() + atMostMs;
  let end: (() => T) | null = null;
  const isDone = goesOn.then(
    (outcome) => {
      end = () => outcome;
    },
    (error: unknown) => {
      if (interruption.signal.aborted) return;
      end = () => {
        throw error;
      };
    },
  );
  const judged = judgement(() => {
    if (end !== null) return judge(end());
    // Asked before its time, when the run was stopped.
    return performance.now() < dueAtMs ? null : judge(null);
  });
  return { dueAtMs, isDone, judge: judged };
}

/** A judgement whose failures and missing prerequisites are findings. */
function judgement(judge: Judge): Judge {
  return () => {
    try {
      return judge();
    } catch (error) {
      if (error instanceof PrerequisiteFailure) return { finding: 'not-testable', reason: error.message };
      if (!(error instanceof CheckFailure)) throw error;
      return { finding: 'failed', expected: error.expected, actual: error.actual };
    }
  };
}
