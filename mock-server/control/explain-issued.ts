import type { BankId } from '../banks/bank-id.js';
import { judgeBearer } from '../oauth/bearer-check.js';
import { judgeCodeRedemption } from '../oauth/code-redemption.js';
import type { GrantPolicy } from '../oauth/grant-policy.js';
import { judgeRefresh } from '../oauth/refresh.js';
import { elapsed } from '../journal/findings/elapsed.js';
import type { TrafficHistory } from '../journal/findings/traffic-history.js';
import { expiresAtMs, isExpired } from '../store/records.js';
import type { Grant, IssuedRecord } from '../store/records.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { Tenant } from '../tenants/tenant.js';
import { explanation } from './explain-schema.js';
import type { Explanation } from './explain-schema.js';
import { lifeOf } from './explain-timeline.js';

/** A record of the store under the value that stands for it. */
export interface KnownValue {
  /** As it was sent; of BTG's access tokens the record's key is another. */
  readonly value: string;
  readonly record: IssuedRecord;
  readonly grant: Grant | undefined;
}

const nouns = { code: 'authorization code', 'access-token': 'access token', 'refresh-token': 'refresh token' } as const;
const kinds = { code: 'authorization-code', 'access-token': 'access-token', 'refresh-token': 'refresh-token' } as const;
const bankNames: Readonly<Record<BankId, string>> = { bs2: 'BS2', btg: 'BTG' };

/** What a code or token is, to whom it was given, and what became of it. */
export async function explainIssued(
  tenant: Tenant,
  { value, record, grant }: KnownValue,
  history: TrafficHistory,
): Promise<Explanation> {
  const client = grant === undefined ? undefined : tenant.clients.find(grant.bank, grant.clientId);
  const now = tenant.clock.now();
  const expiry = expiresAtMs(record);
  const issuedBy = history.issued(value)?.by;
  const refusal = await whyRefused(tenant, { value, record, grant }, client);
  const bank = grant?.bank ?? null;
  const at = bank === null ? '' : ` of ${bankNames[bank]}`;
  const noun = `${record.kind === 'refresh-token' ? 'A' : 'An'} ${nouns[record.kind]}${at}`;
  const left = `it works for another ${elapsed(Math.max(0, expiry - now))}`;
  const who =
    grant === undefined ? '' : `, given to ${grant.clientId}${grant.username === null ? '' : ` for ${grant.username}`}`;
  return explanation({
    kind: kinds[record.kind],
    bank,
    summary: `${noun}${who}; ${refusal === null ? left : `it is refused now: ${refusal.because}`}.`,
    good: refusal === null,
    refusedBecause: refusal?.because ?? null,
    advice: refusal === null ? adviceOnGood(record, now) : await refusal.advice(),
    issued: {
      at: instant(record.issuedAtMs),
      entry: issuedBy?.entry ?? null,
      clientId: grant?.clientId ?? null,
      clientName: client?.name ?? null,
      username: grant?.username ?? null,
      company: grant?.company ?? null,
      scope: (record.kind === 'access-token' ? record.scope : undefined) ?? grant?.scope ?? null,
      grantId: record.grantId,
    },
    expiresAt: instant(expiry),
    timeline: lifeOf(value, record, grant, history, now),
  });
}

interface Refusal {
  readonly because: string;
  readonly advice: () => Promise<string>;
}

/** Asks the bank's own rules, as it stands now: with its settings, and with the mutants that are set. */
async function whyRefused(
  tenant: Tenant,
  { value, record, grant }: KnownValue,
  client: RegisteredClient | undefined,
): Promise<Refusal | null> {
  const consent = async (): Promise<string> => 'Send the customer through a new authorization request.';
  if (grant === undefined) return { because: 'the grant behind it is not known any more', advice: consent };
  if (client === undefined) {
    return {
      because: 'the client that it was given to is not registered any more',
      advice: async () => 'Register it.',
    };
  }
  const policy = policyOf(tenant, grant.bank, client);
  const now = tenant.clock.now();
  const refresh = (): Promise<string> => adviceOnRefresh(tenant, grant, policy, now);
  switch (record.kind) {
    case 'code': {
      const redemption = { code: record, grant, clientId: client.id, redirectUri: record.redirectUri };
      const decision = judgeCodeRedemption({ ...redemption, codeVerifier: undefined }, policy, now);
      if (decision.kind === 'issue' || decision.why.startsWith('verifier-')) return null;
      const because =
        decision.why === 'spent' ? 'it was redeemed before, and a code works once' : reasonOf(decision.why, grant);
      return { because, advice: async () => `Codes work once and live ten minutes. ${await consent()}` };
    }
    case 'refresh-token': {
      const decision = judgeRefresh({ token: record, grant, clientId: client.id, scope: grant.scope }, policy, now);
      if (decision.kind === 'issue') return null;
      const isSpent = decision.why === 'spent';
      const because = isSpent ? 'it was exchanged for a newer one' : reasonOf(decision.why, grant);
      return { because, advice: isSpent ? () => adviceOnSpent(tenant, value, grant, policy, now) : consent };
    }
    case 'access-token': {
      const decision = judgeBearer(record, grant, policy, now);
      if (decision.kind === 'accepted') return null;
      const because =
        decision.why === 'dead'
          ? record.death === 'revoked-by-client'
            ? 'the client revoked it'
            : 'a newer access token of the same application and account ended it'
          : reasonOf(decision.why, grant);
      return { because, advice: decision.why === 'revoked' ? consent : refresh };
    }
  }
}

const deaths = {
  redeemed: 'it was redeemed',
  rotated: 'it was exchanged for a newer one',
  'newer-access-token': 'a newer access token ended it',
  'code-replayed': 'its authorization code was sent a second time, which revoked the grant',
  'refresh-token-replayed': 'an old refresh token of it was sent again, which revoked the grant',
  'revoked-by-client': 'the client revoked it',
  'revoked-by-user': 'the user, or the bank, revoked it',
} as const;

function reasonOf(why: string, { revokedBecause }: Grant): string {
  if (why === 'expired') return 'it has expired';
  if (why === 'revoked') return revokedBecause === null ? 'it was revoked' : deaths[revokedBecause];
  return why.replaceAll('-', ' ');
}

function adviceOnGood(record: IssuedRecord, now: number): string | null {
  const left = expiresAtMs(record) - now;
  if (record.kind === 'code')
    return 'Exchange it at the token endpoint, once, with the redirect_uri of the authorization request.';
  if (record.kind === 'access-token' && left < 60_000) return 'Refresh before it ends.';
  return null;
}

async function adviceOnRefresh(tenant: Tenant, grant: Grant, policy: GrantPolicy, now: number): Promise<string> {
  const newest = grant.refreshTokens.at(-1);
  const token = newest === undefined ? undefined : await tenant.store.refreshToken(newest);
  if (token === undefined)
    return 'The grant has no refresh token: send the customer through a new authorization request.';
  const decision = judgeRefresh({ token, grant, clientId: grant.clientId, scope: grant.scope }, policy, now);
  return decision.kind === 'issue'
    ? `Refresh: the refresh token of the grant works until ${instant(expiresAtMs(token))}.`
    : 'The refresh token of the grant does not work either: send the customer through a new authorization request.';
}

async function adviceOnSpent(
  tenant: Tenant,
  value: string,
  grant: Grant,
  policy: GrantPolicy,
  now: number,
): Promise<string> {
  const newest = grant.refreshTokens.at(-1);
  const token = newest === undefined || newest === value ? undefined : await tenant.store.refreshToken(newest);
  if (token === undefined || isExpired(token, now) || policy.isGrantRevoked(grant, 'refresh-token')) {
    return 'No refresh token of the grant works any more: send the customer through a new authorization request.';
  }
  return `Use the newest refresh token, which was given at ${instant(token.issuedAtMs)}; where its answer was lost, only a new consent helps.`;
}

function policyOf(tenant: Tenant, bank: BankId, client: RegisteredClient): GrantPolicy {
  const nothing = { method: 'POST', path: '/', query: '', headers: new Headers(), body: '', peer: { address: null } };
  const exchange = { tenant, bank, pageBase: tenant.links[bank].publicBase, facts: {}, ...nothing };
  return tenant.banks[bank].tokens.policy(exchange, client);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
