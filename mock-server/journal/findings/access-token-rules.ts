import { ago, elapsed } from './elapsed.js';
import { bothBanks } from './finding.js';
import type { FindingRule, Judgement } from './finding.js';
import { couldKnow } from './seen-exchange.js';
import type { SeenExchange } from './seen-exchange.js';
import type { Issued } from './seen-traffic.js';
import type { TrafficHistory } from './traffic-history.js';

function judgeHeader({ header, bearer, query }: SeenExchange): Judgement | null {
  if (bearer !== null) return null;
  const authorization = header('authorization');
  if (authorization !== null) return 'The Authorization header cannot be read as Bearer and a token.';
  if (query.get('access_token') !== undefined) return null;
  return { severity: 'warning', message: 'The call has no Authorization header.' };
}

/** A token that does not work is used once by every client that waits for the 401; it is told as `info`. */
const patienceMs = 60_000;

/** How long the client has been able to know that this token does not work, in ms; null where nothing told it. */
function knownDeadForMs(seen: SeenExchange, history: TrafficHistory, since: SeenExchange | undefined): number | null {
  const refused = history
    .callsWith(seen.bearer ?? '')
    .find((earlier) => earlier.status === 401 && !earlier.isFaulted && couldKnow(seen, earlier));
  const told = [refused, since].flatMap((exchange) =>
    exchange !== undefined && couldKnow(seen, exchange) ? [seen.receivedAtMs - exchange.answeredAtMs] : [],
  );
  return told.length === 0 ? null : Math.max(...told);
}

function judged(message: string, forMs: number | null): Judgement {
  return forMs !== null && forMs >= patienceMs ? message : { severity: 'info', message };
}

function issuedOf(seen: SeenExchange, history: TrafficHistory): Issued | undefined {
  const issued = seen.bearer === null ? undefined : history.issued(seen.bearer);
  return issued?.by.bank === seen.bank ? issued : undefined;
}

function judgeExpired(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  if (seen.bearer === null || seen.isFaulted) return null;
  const issued = issuedOf(seen, history);
  const age = issued === undefined ? null : seen.receivedAtMs - issued.by.receivedAtMs;
  const isOver = age !== null && issued?.lifetimeMs != null && age >= issued.lifetimeMs && seen.status === 401;
  if (seen.outcome === null ? !isOver : seen.outcome !== 'expired') return null;
  const from = issued === undefined ? '' : ` (given by request ${String(issued.by.entry)})`;
  const forMs = knownDeadForMs(seen, history, undefined);
  const again = forMs !== null && forMs >= patienceMs ? `, and was refused ${elapsed(forMs)} ago already` : '';
  return judged(`The access token${from} had expired${again}.`, forMs);
}

/** The exchange that gave the newer token, where the older one was of the same grant. */
function replacementOf(seen: SeenExchange, history: TrafficHistory): SeenExchange | undefined {
  const issued = issuedOf(seen, history);
  const newest = issued?.grant.accessTokens.at(-1);
  return newest === undefined || newest === issued ? undefined : newest.by;
}

function judgeReplaced(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  if (seen.bearer === null || seen.isFaulted) return null;
  const isDead = seen.outcome === null ? seen.status === 401 : seen.outcome === 'dead';
  if (!isDead || history.revocationOf(seen.bearer) !== undefined) return null;
  const newer = replacementOf(seen, history);
  if (seen.outcome === null && (newer === undefined || judgeExpired(seen, history) !== null)) return null;
  const forMs = knownDeadForMs(seen, history, newer);
  const by =
    newer === undefined
      ? 'was ended by a newer one of the same application and account'
      : `was replaced ${ago(seen.receivedAtMs - newer.answeredAtMs)} by that of request ${String(newer.entry)}`;
  return judged(`The access token ${by}: at BS2 only the newest works.`, forMs);
}

function judgeRevoked(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  if (seen.bearer === null || seen.isFaulted) return null;
  const revocation = history.revocationOf(seen.bearer);
  const isDead = seen.outcome === 'revoked' || (revocation !== undefined && seen.status === 401);
  if (!isDead) return null;
  const by =
    revocation === undefined
      ? ''
      : ` ${ago(seen.receivedAtMs - revocation.answeredAtMs)} by request ${String(revocation.entry)}`;
  return judged(`The access token was revoked${by}.`, knownDeadForMs(seen, history, revocation));
}

/** So many refusals of one token are a storm, however many calls were under way at once. */
const stormCount = 50;

function judgeStorm(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  if (seen.bearer === null || seen.status !== 401) return null;
  const refused = history.callsWith(seen.bearer).filter(({ status }) => status === 401);
  const first = refused[0];
  if (first === undefined || refused.length !== stormCount - 1) return null;
  return `The same access token was refused ${String(stormCount)} times since request ${String(first.entry)}.`;
}

function judgeKind(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const refreshToken = seen.grantType === 'refresh_token' ? seen.form?.get('refresh_token') : undefined;
  const code = seen.grantType === 'authorization_code' ? seen.form?.get('code') : undefined;
  const [value, wanted] =
    seen.bearer !== null
      ? ([seen.bearer, 'access-token'] as const)
      : refreshToken !== undefined
        ? ([refreshToken, 'refresh-token'] as const)
        : ([code, 'code'] as const);
  const issued = value === undefined ? undefined : history.issued(value);
  if (issued === undefined || issued.kind === wanted || issued.by.bank !== seen.bank) return null;
  const names = {
    code: 'a code',
    'access-token': 'an access token',
    'refresh-token': 'a refresh token',
    'id-token': 'an id_token',
  };
  return `Where ${names[wanted]} belongs stands ${names[issued.kind]}, given by request ${String(issued.by.entry)}.`;
}

function judgeUnknown(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const value = seen.bearer ?? seen.form?.get('code') ?? seen.form?.get('refresh_token') ?? '';
  const isUnknown = seen.outcome === 'unknown' || seen.outcome === 'invalid_grant: unknown';
  if (!isUnknown || history.issued(value) !== undefined) return null;
  return 'The bank never gave this code or token: it may be of another tenant, cut off, or from before a reset.';
}

function judgeScope({ outcome, error, status, isFaulted }: SeenExchange): Judgement | null {
  const isInsufficient = outcome === 'insufficient-scope' || (outcome === null && error === 'insufficient_scope');
  if (!isInsufficient || status !== 403 || isFaulted) return null;
  return 'The access token lacks the scope of this resource; scope that was added later takes a new consent.';
}

function judgeCompany({ outcome }: SeenExchange): Judgement | null {
  if (outcome === 'other-company')
    return 'The call is about another company than the one that the customer consented for.';
  if (outcome === 'unknown-company')
    return 'The sandbox of BTG knows one company only, and this call is about another.';
  return null;
}

/** Calls with access tokens. */
export const accessTokenRules: readonly FindingRule[] = [
  {
    id: 'bearer-missing',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['api'],
    requirements: ['BS2-resource-g', 'BTG-resource-f'],
    description: 'A call has no readable Authorization: Bearer header.',
    advice: 'Send Authorization: Bearer and the access token with every call.',
    judge: judgeHeader,
  },
  {
    id: 'expired-access-token',
    severity: 'warning',
    banks: bothBanks,
    endpoints: ['api'],
    requirements: ['BS2-tokens-n', 'BTG-resource-f'],
    description: 'A call used an access token that had expired.',
    advice: 'Refresh shortly before expires_in is over, and at the latest when a call is answered 401.',
    judge: judgeExpired,
  },
  {
    id: 'replaced-access-token',
    severity: 'warning',
    banks: ['bs2'],
    endpoints: ['api'],
    requirements: ['BS2-tokens-g', 'BS2-tokens-m'],
    description: 'A call at BS2 used an access token that a newer one had ended.',
    advice: 'Let all instances read the newest access token from one store.',
    judge: judgeReplaced,
  },
  {
    id: 'revoked-access-token',
    severity: 'warning',
    banks: bothBanks,
    endpoints: ['api'],
    requirements: ['BS2-resource-g', 'BTG-resource-f', 'BTG-revoke-b'],
    description: 'A call used an access token that had been revoked.',
    advice: 'Forget the tokens of a grant when it is revoked or refused; ask for a new consent.',
    judge: judgeRevoked,
  },
  {
    id: 'access-token-storm',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['api'],
    requirements: ['BS2-resource-g', 'BTG-resource-f'],
    description: 'The same access token was refused fifty times.',
    advice: 'After a 401 refresh once, repeat the call once, and then give up.',
    judge: judgeStorm,
  },
  {
    id: 'wrong-kind-of-value',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token', 'api'],
    requirements: ['RFC6749-6-a', 'BS2-resource-g', 'BTG-resource-f'],
    description: 'A refresh token, code or id_token stands where an access token belongs, or the reverse.',
    advice: 'Compare the member of the token answer that is stored with the one that is sent.',
    judge: judgeKind,
  },
  {
    id: 'unknown-value',
    severity: 'info',
    banks: bothBanks,
    endpoints: ['token', 'api'],
    requirements: ['RFC6749-5.2-c', 'BS2-resource-b', 'BTG-resource-b'],
    description: 'A code or token was sent that the bank never gave.',
    advice: 'Ask `homologa explain` about it; it tries decodings and looks for values that begin alike.',
    judge: judgeUnknown,
  },
  {
    id: 'insufficient-scope',
    severity: 'warning',
    banks: bothBanks,
    endpoints: ['api'],
    requirements: ['BS2-resource-d', 'BTG-resource-f', 'BTG-scope-a'],
    description: 'A call was refused because the token lacks the resource’s scope.',
    advice: 'Ask for the scope in the authorization request; customers who consented before have to consent again.',
    judge: judgeScope,
  },
  {
    id: 'wrong-company',
    severity: 'warning',
    banks: ['btg'],
    endpoints: ['api'],
    requirements: ['BTG-resource-d', 'BTG-resource-e', 'BTG-resource-f'],
    description: 'A call is about another company than the grant’s, or one that the sandbox does not know.',
    advice: 'Take the company from the token’s claims and compare it with the customer’s at the callback.',
    judge: judgeCompany,
  },
];
