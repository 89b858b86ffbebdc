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

const minuteMs = 60_000;

/**
 * Sends token requests no faster than the target allows, with a countdown while one waits. Refused and malformed ones count
 * as well, since nobody knows which the bank counts.
 *
 * Where the bank answers 429 all the same, an earlier run or somebody else with this client used its minute. That says nothing
 * of the bank: it is waited out once, and the request, which was not carried out, is sent again. A 429 after that, or one that
 * asks for more than a minute, is the bank's answer.
 */
export function createTargetPace(pace: TargetPace): PaceTransport {
  const { tokenEndpoint, tokenRequestsPerMinute: limit, terminal, ...time } = pace;
  const budget = createRateBudget({ limit, ...time });
  const what = `Waiting for the bank’s limit of ${String(limit)} token requests a minute`;
  let isOfOneMinute = true;

  function inTurn(transport: HttpTransport, request: Request): Promise<Response> {
    const { delayMs } = budget;
    const countdown = delayMs > 0 ? terminal.countdown(what, delayMs) : null;
    const began = performance.now();
    return budget.run(() => {
      countdown?.end();
      if (countdown !== null) bookWait('pace', performance.now() - began);
      return transport(request);
    });
  }

  return (transport) => async (request) => {
    // Some scenarios put something into the query.
    const [address] = request.url.split(/[?#]/);
    if (address !== tokenEndpoint) return transport(request);
    const again = request.clone();
    const response = await inTurn(transport, request);
    const waitMs = response.status === 429 && isOfOneMinute ? retryAfterMs(response.headers) : null;
    if (waitMs === null) return response;
    const who = 'an earlier run, or somebody else with this client, used its limit';
    terminal.say(`\nThe bank answers 429: ${who}. The request is sent again.\n`);
    budget.pause(waitMs);
    const second = await inTurn(transport, again);
    isOfOneMinute = second.status !== 429;
    return second;
  };
}

/** How long a 429 asks to wait; a minute where it does not say, null where it is more than that. */
function retryAfterMs(headers: Headers): number | null {
  const said = headers.get('retry-after') ?? '';
  if (!/^\d{1,9}$/.test(said)) return minuteMs;
  const durationMs = Math.max(1, Number(said)) * 1000;
  return durationMs > minuteMs ? null : durationMs;
}
