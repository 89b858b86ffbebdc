import { ago, elapsed } from './elapsed.js';
import { bothBanks } from './finding.js';
import type { FindingRule, Judgement } from './finding.js';
import { isMasked } from './masked.js';
import { couldKnow } from './seen-exchange.js';
import type { SeenExchange } from './seen-exchange.js';
import type { TrafficHistory } from './traffic-history.js';

/** The code of a token request that exchanges one. */
function codeOf({ grantType, form }: SeenExchange): string | null {
  return grantType === 'authorization_code' ? (form?.get('code') ?? null) : null;
}

/** Whether the bank looked at the code at all: not where it refused the client, the request or the rate first. */
function wasJudged({ status, error }: SeenExchange): boolean {
  return status !== 429 && status !== 401 && error !== 'invalid_client' && error !== 'invalid_request';
}

function judgeReplay(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const code = codeOf(seen);
  if (code === null) return null;
  const first = history.redemptions(code).find(wasJudged);
  if (first === undefined) {
    // The first is not in the journal any more; that there was one is certain, whose answer was lost is not.
    return seen.outcome === 'invalid_grant: spent'
      ? { severity: 'info', message: 'The bank had redeemed this authorization code before.' }
      : null;
  }
  const by = `first by request ${String(first.entry)}, ${ago(seen.receivedAtMs - first.receivedAtMs)}`;
  if (!couldKnow(seen, first) || first.status === 0 || first.status >= 500) {
    const why = first.answerArrived && first.status >= 500 ? 'was an error' : 'had not come or was lost';
    const message = `The authorization code was sent a second time (${by}), though the answer ${why}: a code is used once.`;
    return seen.error === 'invalid_grant' || first.tokens !== null ? message : { severity: 'warning', message };
  }
  return `The authorization code was sent a second time (${by}): the bank refuses it, and may revoke what it gave.`;
}

function judgeAge(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  if (codeOf(seen) === null || seen.outcome !== 'invalid_grant: expired') return null;
  const issued = history.issued(codeOf(seen) ?? '');
  const age = issued === undefined ? -1 : seen.receivedAtMs - issued.by.answeredAtMs;
  const when =
    issued === undefined || age < 0 ? '' : ` ${elapsed(age)} after request ${String(issued.by.entry)} gave it`;
  return `The authorization code was sent${when} and had expired; codes live ten minutes.`;
}

function judgeRedirectUri(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const code = codeOf(seen);
  if (code === null) return null;
  const sent = seen.form?.get('redirect_uri');
  if (sent === undefined)
    return 'The token request has no redirect_uri; the bank wants that of the authorization request.';
  const authorization = history.issued(code)?.authorization;
  const asked = authorization?.by.parameters.get('redirect_uri');
  const where = authorization == null ? '' : ` of request ${String(authorization.by.entry)}`;
  const differs = asked !== undefined && !isMasked(asked) && !isMasked(sent) && asked !== sent;
  if (!differs && seen.outcome !== 'invalid_grant: other-redirect-uri') return null;
  return `The redirect_uri differs from the one of the authorization request${where}.`;
}

function judgeMixUp(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const value = seen.bearer ?? codeOf(seen) ?? seen.form?.get('refresh_token') ?? seen.form?.get('token') ?? null;
  const issued = value === null ? undefined : history.issued(value);
  if (issued === undefined || issued.by.bank === seen.bank) return null;
  const what = {
    code: 'code',
    'access-token': 'access token',
    'refresh-token': 'refresh token',
    'id-token': 'id_token',
  };
  const [here, there] = seen.bank === 'bs2' ? ['BS2', 'BTG'] : ['BTG', 'BS2'];
  return `${here} was sent a ${what[issued.kind]} that ${there} gave with request ${String(issued.by.entry)}.`;
}

function judgeOwner(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const value = codeOf(seen) ?? seen.form?.get('refresh_token') ?? seen.form?.get('token') ?? null;
  const issued = value === null ? undefined : history.issued(value);
  const isOther =
    seen.outcome === 'invalid_grant: other-client' || seen.outcome === 'invalid_grant: the token is of another client';
  const known = issued?.clientId != null && seen.clientId !== null && issued.by.bank === seen.bank;
  if (!isOther && !(known && issued.clientId !== seen.clientId && seen.error === 'invalid_grant')) return null;
  const from = issued === undefined ? '' : `, given by request ${String(issued.by.entry)}`;
  const what = seen.grantType === 'authorization_code' ? 'code' : 'token';
  return `The ${what} is another client’s${from}; the bank gives it to none but its own.`;
}

/** Authorization codes: once, in time, by the one who asked, with what they were asked with. */
export const codeRules: readonly FindingRule[] = [
  {
    id: 'code-sent-again',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['RFC6749-4.1.2-b'],
    description: 'An authorization code was sent to the token endpoint more than once.',
    advice: 'Never repeat a code exchange, not even after a timeout: start a new authorization request.',
    judge: judgeReplay,
  },
  {
    id: 'code-expired',
    severity: 'info',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['BS2-code-c', 'BTG-token-c'],
    description: 'An authorization code was sent after it had expired.',
    advice: 'Exchange the code while the callback is handled.',
    judge: judgeAge,
  },
  {
    id: 'redirect-uri-differs',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['RFC6749-4.1.3-a', 'BS2-code-g', 'BTG-token-d'],
    description: 'The redirect_uri of a code exchange differs from the authorization request’s, or is absent.',
    advice: 'Keep the redirect_uri with the pending request and send that same string.',
    judge: judgeRedirectUri,
  },
  {
    id: 'code-or-token-of-other-client',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token', 'revoke'],
    requirements: ['RFC6749-4.1.3-a', 'RFC6749-6-a', 'BTG-revoke-d'],
    description: 'A code or refresh token was sent by another client than the one it was given to.',
    advice: 'Keep with each grant the client that it belongs to.',
    judge: judgeOwner,
  },
  {
    id: 'sent-to-other-bank',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token', 'revoke', 'api'],
    requirements: ['RFC9700-2.1-d', 'RFC9700-4.4.2-a'],
    description: 'A code or token of one bank was sent to the other.',
    advice: 'Keep the bank with each pending request and each grant; check iss at the callback of BTG.',
    judge: judgeMixUp,
  },
];
