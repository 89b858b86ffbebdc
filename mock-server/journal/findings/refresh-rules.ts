import { ago, elapsed } from './elapsed.js';
import { bothBanks } from './finding.js';
import type { FindingRule, Judgement } from './finding.js';
import { couldKnow } from './seen-exchange.js';
import type { SeenExchange } from './seen-exchange.js';
import { isEarlyRefresh } from './traffic-history.js';
import type { TrafficHistory } from './traffic-history.js';

function refreshTokenOf({ grantType, form }: SeenExchange): string | null {
  return grantType === 'refresh_token' ? (form?.get('refresh_token') ?? null) : null;
}

function judgeRotated(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const token = refreshTokenOf(seen);
  if (token === null) return null;
  const rotation = history.rotationOf(token);
  if (rotation === undefined) {
    return seen.outcome === 'invalid_grant: spent'
      ? { severity: 'info', message: 'The bank had exchanged this refresh token for a newer one before.' }
      : null;
  }
  const { by, isAnswerLost } = rotation;
  const when = `${ago(seen.receivedAtMs - by.receivedAtMs)} by request ${String(by.entry)}`;
  if (isAnswerLost) {
    const message = `This refresh token was sent ${when}, whose answer was lost: no client could know what became of it.`;
    return { severity: 'info', message };
  }
  // A race is another rule's.
  if (!couldKnow(seen, by)) return null;
  const message = `This refresh token was rotated ${when}; the newer one was not used.`;
  return seen.tokens === null
    ? message
    : { severity: 'warning', message: `${message.slice(0, -1)}, and the bank let it pass.` };
}

function judgeRace(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const token = refreshTokenOf(seen);
  if (token === null) return null;
  const rival = history
    .refreshesWith(token)
    .find((earlier) => earlier.answerArrived && !couldKnow(seen, earlier) && earlier.status !== 429);
  if (rival === undefined) return null;
  // Who gives up waiting for an answer that is held back and asks again does not race with itself.
  const isRetry = rival.isFaulted && !seen.isFaulted;
  const message = `Two refreshes with the same refresh token were under way at once, this and request ${String(rival.entry)}.`;
  return isRetry ? { severity: 'info', message } : message;
}

const recentMs = 5000;

function judgeDead(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const token = refreshTokenOf(seen);
  if (token === null) return null;
  const refused = history
    .refreshesWith(token)
    .filter((earlier) => earlier.error === 'invalid_grant' && !earlier.isFaulted && couldKnow(seen, earlier));
  const first = refused[0];
  if (first === undefined) return null;
  const since = seen.receivedAtMs - first.answeredAtMs;
  const message = `The bank refused this refresh token with request ${String(first.entry)}, ${ago(since)}; only a new consent helps.`;
  if (since < recentMs) return { severity: refused.length < 5 ? 'info' : 'warning', message };
  return refused.length < 2 ? { severity: 'warning', message } : message;
}

function judgeExpired(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const token = refreshTokenOf(seen);
  if (token === null || seen.outcome !== 'invalid_grant: expired') return null;
  const issued = history.issued(token);
  const age = issued === undefined ? -1 : seen.receivedAtMs - issued.by.answeredAtMs;
  const when =
    issued === undefined || age < 0 ? '' : ` ${elapsed(age)} after request ${String(issued.by.entry)} gave it`;
  return `The refresh token was sent${when} and had expired; the customer has to consent again.`;
}

function judgeMissingScope(seen: SeenExchange): Judgement | null {
  if (refreshTokenOf(seen) === null || seen.form?.get('scope') !== undefined) return null;
  const message = 'The refresh has no scope, which BS2 makes mandatory.';
  return seen.tokens === null ? message : { severity: 'warning', message };
}

function judgeWiderScope(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const sent = seen.form?.get('scope');
  if (refreshTokenOf(seen) === null || sent === undefined) return null;
  const granted = history.grantOf(seen)?.scope?.split(' ');
  const isWider = granted !== undefined && sent.split(' ').some((token) => token !== '' && !granted.includes(token));
  if (!isWider && seen.outcome !== 'invalid_scope: scope-beyond-grant') return null;
  return 'The refresh asks for more scope than the customer granted; that takes a new consent.';
}

/** So many early refreshes of a grant within so long are one for each call. */
const habit = { count: 3, windowMs: 15 * 60_000 };

function judgeEarly(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  if (seen.tokens === null || refreshTokenOf(seen) === null) return null;
  const grant = history.grantOf(seen);
  const current = grant?.accessTokens.at(-1);
  if (grant === undefined || current?.lifetimeMs == null || !isEarlyRefresh(seen, grant, history)) return null;
  const calls = history.callsWith(current.by.tokens?.accessToken ?? '');
  const forbidden = calls.findLast(({ status }) => status === 403);
  const left = elapsed(current.lifetimeMs - (seen.receivedAtMs - current.by.receivedAtMs));
  const reason =
    forbidden === undefined ? '' : `, and the 403 of request ${String(forbidden.entry)} is no reason for a new one`;
  const message = `The access token of request ${String(current.by.entry)} had ${left} left${reason}.`;
  const earlier = grant.refreshes.slice(1 - habit.count);
  const since = seen.receivedAtMs - (earlier[0]?.by.receivedAtMs ?? 0);
  const isHabit =
    earlier.length === habit.count - 1 &&
    earlier.every(({ isEarly }) => isEarly) &&
    since >= 0 &&
    since <= habit.windowMs;
  if (!isHabit) return { severity: 'info', message };
  return `${message.slice(0, -1)}; it is the ${String(habit.count)}rd refresh in a row that was not needed.`;
}

/** Refreshing: the newest token, when it is time, one at a time. */
export const refreshRules: readonly FindingRule[] = [
  {
    id: 'rotated-refresh-token',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['RFC6749-6-d', 'BS2-refresh-c', 'BS2-tokens-h', 'BTG-refresh-d'],
    description: 'A refresh token was sent that had been exchanged for a newer one.',
    advice:
      'Store the new refresh token before anything else is done with the answer; let all instances read that store.',
    judge: judgeRotated,
  },
  {
    id: 'refresh-race',
    severity: 'warning',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['RFC6749-6-d', 'BS2-refresh-c'],
    description: 'Two refreshes with the same refresh token were under way at once.',
    advice: 'Refresh under a lock for each grant; whoever waits uses what the other got.',
    judge: judgeRace,
  },
  {
    id: 'refused-refresh-token-again',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['RFC6749-5.2-c', 'BS2-tokens-o', 'BTG-refresh-l'],
    description: 'A refresh token was sent again that the bank had refused with invalid_grant.',
    advice: 'At invalid_grant forget the grant and send the customer through a new consent.',
    judge: judgeDead,
  },
  {
    id: 'refresh-token-expired',
    severity: 'info',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['BS2-tokens-o', 'BTG-refresh-l'],
    description: 'A refresh token was sent after it had expired.',
    advice: 'Refresh idle grants before 30 days (BS2) or 10 days (BTG) are over.',
    judge: judgeExpired,
  },
  {
    id: 'refresh-scope-missing',
    severity: 'failed',
    banks: ['bs2'],
    endpoints: ['token'],
    requirements: ['BS2-refresh-c', 'BS2-refresh-b'],
    description: 'A refresh at BS2 has no scope.',
    advice: 'Send the scope that was granted with each refresh.',
    judge: judgeMissingScope,
  },
  {
    id: 'refresh-scope-wider',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['RFC6749-6-b'],
    description: 'A refresh asks for more scope than was granted.',
    advice: 'Send the scope of the first token answer, not that of your configuration.',
    judge: judgeWiderScope,
  },
  {
    id: 'early-refresh',
    severity: 'warning',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['BS2-tokens-n', 'BTG-refresh-g'],
    description:
      'A refresh replaced an access token that had most of its life left: three in a row are a refresh for each call.',
    advice: 'Keep the access token and use it until shortly before expires_in is over.',
    judge: judgeEarly,
  },
];
