import type { Evidence } from '../../reports/evidence.js';
import { CheckFailure } from '../check-failure.js';
import type { BankCall } from './bank-call.js';
import { isRefused, times } from './refresh-chain.js';

/** What an application was made to do, and until when. */
export interface DrivenUntil {
  /** How often it was asked for something of the customer. */
  readonly driven: number;
  /** From then on nobody asked, in epoch ms. */
  readonly quietSinceMs: number;
}

const expected = 'a refresh token that the bank refused to be left alone';

/**
 * Judges what an application did with a refresh token after the bank had refused it. Another try for each thing that was
 * asked of it is useless but bounded; more than that, or tries when nobody asks, are a loop. One more is let pass:
 * processes that each have to find out.
 *
 * @param sends every request with that refresh token, in the order of the answers
 * @throws CheckFailure for a loop
 */
export function judgeDeadToken(sends: readonly BankCall[], { driven, quietSinceMs }: DrivenUntil): Evidence | null {
  const refusal = sends.find(isRefused);
  if (refusal === undefined) return null;
  const again = sends.filter(({ recorded }) => recorded.receivedAtMs > refusal.recorded.answeredAtMs);
  const unasked = again.filter(({ recorded }) => recorded.receivedAtMs > quietSinceMs);
  const told = `it was sent ${times(again.length, 'time', 'times')} more`;
  if (again.length > driven + 1)
    throw new CheckFailure(expected, `${told} for ${times(driven, 'call', 'calls')}: a loop`);
  if (unasked.length > 1) {
    throw new CheckFailure(expected, `${told}, ${String(unasked.length)} of them when nobody asked: a loop`);
  }
  return again.length < 2 ? null : { finding: 'warning', expected, actual: `${told}, about once a call` };
}
