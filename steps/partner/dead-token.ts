import type { Evidence } from '../../reports/evidence.js';
import { CheckFailure } from '../check-failure.js';
import type { BankCall } from './bank-call.js';
import { isRefused, times } from './refresh-chain.js';

/**
 * Judges what an application did with a refresh token after the bank had refused it. Another try for each thing that was
 * asked of it is useless but bounded; more than that is a loop. One more is let pass: requests that were under way
 * together, or processes that each have to find out.
 *
 * @param sends every request with that refresh token, in the order of the answers
 * @param driven how often the application was asked for something of this customer
 * @throws CheckFailure for a loop
 */
export function judgeDeadToken(sends: readonly BankCall[], driven: number): Evidence | null {
  const refusal = sends.find(isRefused);
  if (refusal === undefined) return null;
  const again = sends.filter(({ recorded }) => recorded.receivedAtMs > refusal.recorded.answeredAtMs);
  const told = `it was sent ${times(again.length, 'time', 'times')} more`;
  if (again.length > driven + 1) {
    throw new CheckFailure(
      'a refresh token that the bank refused to be left alone',
      `${told} for ${times(driven, 'call', 'calls')}: a loop`,
    );
  }
  if (again.length < 2) return null;
  return {
    finding: 'warning',
    expected: 'a refresh token that the bank refused to be left alone',
    actual: `${told}, about once a call`,
  };
}
