import { ago, ordinal } from './elapsed.js';
import { bothBanks } from './finding.js';
import type { FindingRule, Judgement } from './finding.js';
import { couldKnow } from './seen-exchange.js';
import type { SeenExchange } from './seen-exchange.js';
import type { TrafficHistory } from './traffic-history.js';

/** BS2's documented limit: devs.bs2.com/docs/authentication_. */
const documented = { requests: 10, windowMs: 60_000, worthTelling: 8 };

function judgeCount(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  if (seen.clientKey === null || seen.status === 401 || seen.status === 429) return null;
  const earlier = history.tokenRequestsOf(seen);
  let counted = 0;
  for (let index = earlier.length - 1; index >= 0; index -= 1) {
    const age = seen.receivedAtMs - (earlier[index]?.receivedAtMs ?? 0);
    if (age >= documented.windowMs) break;
    if (age >= 0) counted += 1;
  }
  const nth = counted + 1;
  if (nth < documented.worthTelling) return null;
  return nth > documented.requests
    ? `This is the ${ordinal(nth)} token request of the client in this minute; BS2 takes ten and answers the rest with 429.`
    : `This is the ${ordinal(nth)} token request of the client in this minute; BS2 takes ten.`;
}

function judgeLimit({ bank, status, isFaulted }: SeenExchange): Judgement | null {
  if (status !== 429 || isFaulted) return null;
  return bank === 'bs2'
    ? 'The client is over BS2’s ten token requests in a minute.'
    : 'The client has used up BTG’s quota of refreshes for this hour.';
}

/** Requests that were on their way when the 429 came prove nothing. */
const graceMs = 1000;

function judgeWaiting(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const limited = history.lastLimitedOf(seen);
  if (limited?.retryAfterSeconds == null || !couldKnow(seen, limited)) return null;
  const since = seen.receivedAtMs - limited.answeredAtMs;
  if (since < graceMs || since >= limited.retryAfterSeconds * 1000) return null;
  const wait = `to wait ${String(limited.retryAfterSeconds)} s`;
  return `The bank asked with request ${String(limited.entry)}, ${ago(since)}, ${wait} before the next token request.`;
}

/** How often a client asks for tokens. */
export const rateRules: readonly FindingRule[] = [
  {
    id: 'many-token-requests',
    severity: 'info',
    banks: ['bs2'],
    endpoints: ['token'],
    requirements: ['BS2-limit-a'],
    description: 'A client made eight or more token requests in a minute.',
    advice: 'Keep access tokens; queue refreshes of many customers under a budget of ten a minute.',
    judge: judgeCount,
  },
  {
    id: 'rate-limit-exceeded',
    severity: 'warning',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['BS2-limit-a', 'BTG-refresh-g'],
    description: 'The bank answered a token request with 429.',
    advice: 'Refresh only when a token is about to expire, and pace the refreshes of many customers.',
    judge: judgeLimit,
  },
  {
    id: 'retry-before-retry-after',
    severity: 'warning',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['BS2-limit-b', 'BTG-refresh-g'],
    description: 'A token request came before the Retry-After of a 429 was over.',
    advice: 'After a 429 stop all token requests of the client for as long as Retry-After says.',
    judge: judgeWaiting,
  },
];
