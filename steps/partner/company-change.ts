import type { Evidence } from '../../reports/evidence.js';
import type { Attempt } from './attempt.js';
import { describeAttempt } from './attempt.js';
import type { BankCall } from './bank-call.js';

/** What an application did when its customer had consented for another company than the one that it works for. */
export interface CompanyChange {
  /** What it answered to the authorization response, and to the first call after it. */
  readonly callback: Attempt;
  readonly call: Attempt;
  /** Its requests at the bank's API with the tokens of that consent. */
  readonly apiCalls: readonly Pick<BankCall, 'answer'>[];
}

/** Whether somebody was told; that the token opens nothing at the bank is not noticed by itself. */
export function judgeCompany({ callback, call, apiCalls }: CompanyChange): Evidence | null {
  const expected = 'the customer to be told that the consent is for another company';
  for (const [made, when] of [
    [callback, 'at the callback'],
    [call, 'at the first call'],
  ] as const) {
    if (made.kind !== 'answered') return { finding: 'failed', expected, actual: `${describeAttempt(made)} ${when}` };
    if (made.shown.status >= 400) {
      return { finding: 'recorded', actual: `it is noticed ${when}: ${describeAttempt(made)}` };
    }
  }
  if (apiCalls.some(({ answer }) => answer.status < 400)) {
    return { finding: 'info', actual: 'the application asks the bank for the company of the consent, whichever it is' };
  }
  const answers = apiCalls.map(({ answer }) => String(answer.status));
  const bank =
    answers.length === 0 ? 'the bank was not asked' : `the bank answered ${[...new Set(answers)].join(', ')}`;
  return { finding: 'warning', expected, actual: `${bank}; the customer got ${describeAttempt(call)}` };
}
