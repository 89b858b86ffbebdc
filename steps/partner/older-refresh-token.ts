import type { BankCall } from './bank-call.js';
import { isRefresh } from './bank-traffic.js';
import { newestTokens } from './refresh-chain.js';

/**
 * The first refresh, by number from `from` on, that sent another refresh token than the newest one of its time: the one
 * that the token requests of this grant had brought when it was sent. What was answered in the same millisecond may not
 * have arrived yet. Null where there is none.
 */
export function olderTokenSent(requests: readonly BankCall[], from: number): BankCall | null {
  return (
    requests.find((call) => {
      if (call.number < from || !isRefresh(call)) return false;
      const before = requests.filter(({ recorded }) => recorded.answeredAtMs < call.recorded.receivedAtMs);
      const newest = newestTokens(before)?.refreshToken;
      return newest !== undefined && call.form.get('refresh_token') !== newest;
    }) ?? null
  );
}
