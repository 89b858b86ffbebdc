import type { Evidence } from '../../reports/evidence.js';
import type { BankCall } from './bank-call.js';
import type { BankTraffic } from './bank-traffic.js';

/** What the bank was sent during an outage because of one call of one customer. */
export interface OutageRequests {
  /** For a sentence, in the plural: `refreshes`. */
  readonly what: 'requests with the same code' | 'refreshes' | 'calls of the API';
  readonly count: number;
  /** How many came before the time that the bank had named by Retry-After. */
  readonly early: number;
}

/** Ten token requests are all that BS2 allows in a minute, to all customers together; calls of the API are not counted. */
const most: Readonly<Record<OutageRequests['what'], number>> = {
  'requests with the same code': 10,
  refreshes: 10,
  'calls of the API': 20,
};

/** Whether an outage was made worse. */
export function judgeOutageRequests(requests: readonly OutageRequests[]): Evidence {
  const stormy = requests.find(({ what, count }) => count > most[what]);
  if (stormy !== undefined) {
    const expected = 'a request that failed to be repeated a few times at most';
    return { finding: 'failed', expected, actual: `${String(stormy.count)} ${stormy.what} for one call of a customer` };
  }
  const resent = requests.find(({ what, count }) => what === 'requests with the same code' && count > 1);
  if (resent !== undefined) {
    const expected = 'a code to be sent once, whatever became of the answer';
    return { finding: 'warning', expected, actual: `it was sent ${String(resent.count)} times` };
  }
  const early = requests.find((candidate) => candidate.early > 0);
  const counted = requests.map(({ what, count }) => `${what}: ${String(count)}`).join(', ');
  if (early === undefined) return { finding: 'recorded', actual: `for one call of a customer, ${counted}` };
  return { finding: 'info', actual: `${counted}; Retry-After was not waited for` };
}

/** Counts what fits, and what of it came too early after the first of them. */
export function countRequests(
  what: OutageRequests['what'],
  calls: readonly BankCall[],
  retryAfterMs: number | null,
): OutageRequests {
  const [first, ...later] = calls;
  const isEarly = (call: BankCall): boolean => call.answeredAtMs < (first?.answeredAtMs ?? 0) + (retryAfterMs ?? 0);
  return { what, count: calls.length, early: later.filter(isEarly).length };
}

const quietMs = 150;
const longestUnrestMs = 1_500;

/** Waits until no more requests of a kind come: also what is repeated behind the answer to a customer counts. */
export async function untilQuiet(traffic: BankTraffic, fits: (call: BankCall) => boolean): Promise<void> {
  const deadline = performance.now() + longestUnrestMs;
  let next: BankCall | null = null;
  do next = await traffic.until(fits, quietMs, traffic.next);
  while (next !== null && performance.now() < deadline);
}
