import type { HttpTransport } from '../client/http-transport.js';
import { createRateBudget } from '../client/rate-budget.js';
import type { RateBudgetOptions } from '../client/rate-budget.js';
import type { PersonTerminal } from './person-terminal.js';
import { bookWait } from './waiting-time.js';

/** What the pace of a target is made of. */
export interface TargetPace extends Pick<RateBudgetOptions, 'clock' | 'sleep'> {
  readonly tokenEndpoint: string;
  readonly tokenRequestsPerMinute: number;
  readonly terminal: PersonTerminal;
}

/** A transport that keeps the pace; all that one pace gives share it. */
export type PaceTransport = (transport: HttpTransport) => HttpTransport;

/** The pace of a target without a limit. */
export const unpaced: PaceTransport = (transport) => transport;

/**
 * Sends token requests no faster than the target allows, with a countdown while one waits. Refused and malformed ones count
 * as well, since nobody knows which the bank counts.
 */
export function createTargetPace(pace: TargetPace): PaceTransport {
  const { tokenEndpoint, tokenRequestsPerMinute: limit, terminal, ...time } = pace;
  const budget = createRateBudget({ limit, ...time });
  const what = `Waiting for the bank’s limit of ${String(limit)} token requests a minute`;
  return (transport) => async (request) => {
    // Some scenarios put something into the query.
    const [address] = request.url.split(/[?#]/);
    if (address !== tokenEndpoint) return transport(request);
    const { delayMs } = budget;
    const countdown = delayMs > 0 ? terminal.countdown(what, delayMs) : null;
    const began = performance.now();
    return budget.run(() => {
      countdown?.end();
      if (countdown !== null) bookWait('pace', performance.now() - began);
      return transport(request);
    });
  };
}
