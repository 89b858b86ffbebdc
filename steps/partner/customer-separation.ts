import type { Evidence } from '../../reports/evidence.js';
import { PrerequisiteFailure } from '../check-failure.js';

/** What one call of a customer, or several at once, led to at the bank's API. */
export interface CustomerUses {
  /** Of whom, for a sentence: `the first customer`. */
  readonly who: string;
  /** Requests with a token of theirs, and with one of the other customer. */
  readonly own: number;
  readonly foreign: number;
}

/**
 * Whether each customer was served by their own consent. Requests with the other's token beside one's own prove nothing:
 * an application may have reasons of its own to ask the bank at that moment. `isOneUser`: the file logs both in alike.
 *
 * @throws PrerequisiteFailure where a customer's call did not lead to the bank
 */
export function judgeSeparation(uses: readonly CustomerUses[], isOneUser: boolean): Evidence | null {
  const crossed = uses.find(({ own, foreign }) => own === 0 && foreign > 0);
  if (crossed !== undefined && isOneUser) {
    const reason =
      'the file logs every customer in alike, so that two of them are one to the application; with ${customer} in its login, or customers, it would be judged';
    return { finding: 'not-applicable', reason };
  }
  if (crossed !== undefined) {
    return {
      finding: 'failed',
      expected: 'each customer’s call to use the consent of that customer',
      actual: `a call of ${crossed.who} went to the bank with the other customer’s token`,
    };
  }
  const silent = uses.find(({ own }) => own === 0);
  if (silent === undefined) return null;
  throw new PrerequisiteFailure('a request at the bank’s API for each call', `none for a call of ${silent.who}`);
}
