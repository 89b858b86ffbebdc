import type { Evidence } from '../../reports/evidence.js';
import type { Attempt } from './attempt.js';
import { describeAttempt } from './attempt.js';
import { times } from './refresh-chain.js';

/** What an application did when the bank refused one access token that it had taken for good. */
export interface RefusedOnce {
  readonly first: Attempt;
  readonly isServedAtOnce: boolean;
  /** Null where no second call was needed. */
  readonly isServedNext: boolean | null;
  readonly refreshes: number;
}

/** One refresh and one more try in the same call is what cannot be bettered; applications that refresh by the clock may not do so. */
export function judgeRefusedOnce({ first, isServedAtOnce, isServedNext, refreshes }: RefusedOnce): Evidence | null {
  const expected = 'one refresh, and the same call once more with the new token';
  if (isServedAtOnce) {
    return refreshes <= 1
      ? null
      : { finding: 'warning', expected, actual: `${String(refreshes)} refreshes for one refused token` };
  }
  if (isServedNext === true) {
    const turnedAway = `the customer got ${describeAttempt(first)}`;
    return { finding: 'warning', expected, actual: `${turnedAway}, and was served when they called again` };
  }
  const renewed = refreshes === 0 ? 'no refresh' : times(refreshes, 'refresh', 'refreshes');
  return { finding: 'warning', expected, actual: `${renewed}; the customer got ${describeAttempt(first)}` };
}

/** What one call of a customer led to while the bank refused every token. */
export interface RefusedAlways {
  readonly call: Attempt;
  readonly refreshes: number;
  readonly apiCalls: number;
}

/** More than that for one call of a customer takes the bank's ten token requests a minute from everybody else. */
const mostRefreshes = 3;
const mostApiCalls = 8;

/** Whether the application knows when to stop. */
export function judgeRefusedAlways({ call, refreshes, apiCalls }: RefusedAlways): Evidence {
  const expected = 'the application to stop after one refresh and to tell the customer';
  const counted = `${String(refreshes)} refreshes and ${String(apiCalls)} calls of the API for one call of the customer`;
  if (refreshes > mostRefreshes || apiCalls > mostApiCalls) return { finding: 'failed', expected, actual: counted };
  if (call.kind !== 'answered') return { finding: 'failed', expected, actual: `${describeAttempt(call)}; ${counted}` };
  return refreshes > 1 ? { finding: 'info', expected, actual: counted } : { finding: 'recorded', actual: counted };
}
