import type { Evidence } from '../../reports/evidence.js';
import type { Attempt } from './attempt.js';
import { describeAttempt, seconds } from './attempt.js';

/** How long the bank does not answer: a little more than applications usually wait. */
export const stallMs = 32_000;
/** A customer whose answer comes sooner was not waiting for the bank. */
export const atOnceMs = 1_000;
/** With which the bank's own answer, when it comes, is told from a time-out. */
const slackMs = 500;

/** What became of a request for which the bank did not answer. */
export interface StallEnd {
  readonly answer: Attempt;
  /** How often the bank got the same code again. */
  readonly resent: number;
}

/** Whether the application stopped waiting, and left the code alone then. */
export function judgeStallEnd({ answer, resent }: StallEnd): Evidence {
  if (resent > 0) {
    const expected = 'a code for which the bank did not answer not to be sent again';
    return {
      finding: 'failed',
      expected,
      actual: `it was sent ${resent === 1 ? 'once more' : `${String(resent)} more times`}`,
    };
  }
  const expected = `the application to give up before ${seconds(stallMs)} have passed`;
  if (answer.kind === 'waiting') {
    const actual = `${describeAttempt(answer)}, though the bank had answered after ${seconds(stallMs)}`;
    return { finding: 'failed', expected, actual };
  }
  if (answer.kind === 'broken-off') {
    const actual = `the customer's connection broke off after ${seconds(answer.afterMs)}`;
    return { finding: 'warning', expected: 'the customer to be told', actual };
  }
  if (answer.afterMs < atOnceMs) {
    return { finding: 'recorded', actual: 'the customer was answered at once; nobody waits for the bank' };
  }
  if (answer.afterMs < stallMs - slackMs) {
    return { finding: 'recorded', actual: `the application gave up after ${seconds(answer.afterMs)}` };
  }
  return { finding: 'warning', expected, actual: `it waited for as long as the bank did, ${seconds(answer.afterMs)}` };
}

/** What another customer asked for meanwhile; `told` says what they got. */
export interface OtherCustomer {
  readonly attempt: Attempt;
  readonly isServed: boolean;
  readonly told: string;
}

/** How another customer fared while the bank did not answer for one. */
export function judgeOthers({ attempt: other, isServed, told }: OtherCustomer, promptMs: number): Evidence | null {
  const expected = 'other customers to be served while the bank does not answer for one';
  if (!isServed) return { finding: 'failed', expected, actual: `another customer got ${told}` };
  if (other.afterMs <= promptMs) return null;
  return { finding: 'warning', expected, actual: `another customer had to wait for ${seconds(other.afterMs)}` };
}
