import { analyseJournal } from '../journal/findings/journal-analysis.js';
import type { Issued } from '../journal/findings/seen-traffic.js';
import type { SeenExchange } from '../journal/findings/seen-exchange.js';
import type { TrafficHistory } from '../journal/findings/traffic-history.js';
import { expiresAtMs, isExpired } from '../store/records.js';
import type { Death, Grant, IssuedRecord } from '../store/records.js';
import type { Tenant } from '../tenants/tenant.js';
import { deathEntry, deathTexts, requestsWith, useText } from './explain-timeline.js';
import type { GrantLife } from './grant-life-schema.js';
import { listGrant } from './list-grant.js';

type LifeOfToken = GrantLife['tokens'][number];
type LifeEvent = GrantLife['events'][number];
/** A code or token under its value, with what the store and what the journal know of it; at least one of the two does. */
interface Known {
  readonly value: string;
  readonly record: IssuedRecord | undefined;
  readonly issued: Issued | undefined;
}

/** How many calls with access tokens are told one by one; of more, the first and the last. */
const toldCalls = 40;
/** In which order those are shown that were given at once. */
const kinds: readonly LifeOfToken['kind'][] = ['code', 'access-token', 'refresh-token'];

/**
 * The life of a grant: what the store remembers of its codes and tokens, and what the journal still shows of those that
 * the bank forgot.
 */
export async function grantLife(tenant: Tenant, grant: Grant): Promise<GrantLife> {
  const { history } = analyseJournal(tenant.journal);
  const now = tenant.clock.now();
  const known = await knownOf(tenant, grant, history);
  const events = eventsOf(grant, known, history);
  const calls = events.filter(({ kind }) => kind === 'call');
  const omitted = new Set(calls.slice(toldCalls / 2, Math.max(toldCalls / 2, calls.length - toldCalls / 2)));
  return {
    grant: await listGrant(tenant, grant),
    now: instant(now),
    tokens: known
      .map((one) => lifeOfToken(one, grant, history, now))
      .sort(
        (first, second) =>
          Date.parse(first.issuedAt) - Date.parse(second.issuedAt) ||
          kinds.indexOf(first.kind) - kinds.indexOf(second.kind),
      ),
    events: events.filter((event) => !omitted.has(event)).map(({ event }) => event),
    omittedCalls: omitted.size,
  };
}

async function knownOf(tenant: Tenant, grant: Grant, history: TrafficHistory): Promise<Known[]> {
  const { store, banks } = tenant;
  const known = new Map<string, Known>();
  const add = (value: string, record: IssuedRecord | undefined, issued: Issued | undefined): void => {
    if (record === undefined && issued === undefined) return;
    known.set(record?.key ?? value, { value, record, issued });
  };
  const accessTokenKey = (value: string): string =>
    grant.bank === 'btg' ? (banks.btg.jwts.accessTokenKey(value) ?? value) : value;
  // First what the store has, then what was seen: of BTG's access tokens the store's key is not the value.
  if (grant.code !== null) add(grant.code, await store.code(grant.code), history.issued(grant.code));
  for (const key of grant.refreshTokens) add(key, await store.refreshToken(key), history.issued(key));
  for (const key of grant.accessTokens) add(key, await store.accessToken(key), history.issued(key));
  for (const [value, issued] of history.allIssued) {
    if (issued.by.grantId !== grant.id) continue;
    if (issued.kind === 'refresh-token') add(value, await store.refreshToken(value), issued);
    if (issued.kind === 'access-token') add(value, await store.accessToken(accessTokenKey(value)), issued);
  }
  return [...known.values()];
}

function lifeOfToken(
  { value, record, issued }: Known,
  grant: Grant,
  history: TrafficHistory,
  now: number,
): LifeOfToken {
  const usedBy = requestsWith(value, record?.kind ?? kindOf(issued), history).map(({ entry }) => entry);
  const seen = { issuedBy: issued?.by.entry ?? null, usedBy };
  if (record === undefined) {
    const issuedAtMs = issued?.by.answeredAtMs ?? now;
    const lifetimeMs = issued?.lifetimeMs ?? null;
    const death = forgottenDeath(value, issued, history);
    return {
      ...seen,
      kind: kindOf(issued),
      issuedAt: instant(issuedAtMs),
      expiresAt: lifetimeMs === null ? null : instant(issuedAtMs + lifetimeMs),
      endedAt: instant(Math.min(now, death?.atMs ?? issuedAtMs + (lifetimeMs ?? 0))),
      endedBecause:
        death?.because ?? (lifetimeMs === null ? 'Ended: the bank keeps nothing of it any more' : 'Expired'),
      endedBy: death?.by ?? null,
    };
  }
  const expiry = expiresAtMs(record);
  const death = deathOf(record, grant, now);
  return {
    ...seen,
    kind: record.kind,
    issuedAt: instant(record.issuedAtMs),
    expiresAt: instant(expiry),
    endedAt: death === null ? null : instant(death.atMs),
    endedBecause: death?.because ?? null,
    endedBy: record.death === null ? null : deathEntry(value, record, history),
  };
}

/** What the journal shows of the end of something that the bank forgot. */
function forgottenDeath(
  value: string,
  issued: Issued | undefined,
  history: TrafficHistory,
): { atMs: number; because: string; by: number } | null {
  const redeemed =
    issued?.kind === 'code' ? history.redemptions(value).find(({ outcome }) => outcome === 'tokens') : undefined;
  const rotated = history.rotationOf(value)?.by;
  const revoked = history.revocationOf(value);
  const told = (by: SeenExchange | undefined, death: Death): { atMs: number; because: string; by: number }[] =>
    by === undefined ? [] : [{ atMs: by.answeredAtMs, because: deathTexts[death], by: by.entry }];
  const [first] = [...told(redeemed, 'redeemed'), ...told(rotated, 'rotated'), ...told(revoked, 'revoked-by-client')];
  return first ?? null;
}

/** What ended it first: a death of its own, its grant's, or its age. */
function deathOf(record: IssuedRecord, grant: Grant, now: number): { atMs: number; because: string } | null {
  const deaths: { atMs: number; because: string }[] = [];
  if (record.death !== null && record.diedAtMs !== null) {
    deaths.push({ atMs: record.diedAtMs, because: deathTexts[record.death] });
  }
  if (grant.revokedAtMs !== null && grant.revokedBecause !== null) {
    deaths.push({ atMs: grant.revokedAtMs, because: deathTexts[grant.revokedBecause] });
  }
  if (isExpired(record, now)) deaths.push({ atMs: expiresAtMs(record), because: 'Expired' });
  return deaths.reduce<(typeof deaths)[number] | null>(
    (first, next) => (first === null || next.atMs < first.atMs ? next : first),
    null,
  );
}

function kindOf(issued: Issued | undefined): LifeOfToken['kind'] {
  return issued === undefined || issued.kind === 'id-token' ? 'access-token' : issued.kind;
}

interface Told {
  readonly kind: 'call' | 'other';
  readonly event: LifeEvent;
}

/** Of what happened in one millisecond the order of the entries decides. */
interface OrderedTold extends Told {
  readonly atMs: number;
  readonly order: number;
}

/** The requests that the grant came from and that its values were in, in their order, once each. */
function eventsOf(grant: Grant, known: readonly Known[], history: TrafficHistory): Told[] {
  const told = new Map<string, OrderedTold>();
  const tell = (
    seen: SeenExchange,
    from: LifeEvent['from'],
    to: LifeEvent['to'],
    text: string,
    kind: Told['kind'] = 'other',
  ): void => {
    const key = `${String(seen.entry)} ${from} ${to}`;
    if (told.has(key)) return;
    const { entry, outcome } = seen;
    // What the bank's answer leads to comes after it.
    const atMs = to === 'bank' ? seen.receivedAtMs : seen.answeredAtMs;
    const status = seen.answerArrived ? seen.status : 0;
    told.set(key, { kind, atMs, order: entry, event: { at: instant(atMs), entry, from, to, text, status, outcome } });
  };
  for (const { value, record, issued } of known) {
    const kind = record?.kind ?? kindOf(issued);
    if (kind === 'code' && issued !== undefined) {
      const { authorization, by } = issued;
      if (authorization !== null) {
        const asker = authorization.by.basicText === null ? 'customer' : 'application';
        tell(authorization.by, asker, 'bank', 'Authorization request.');
      }
      tell(by, 'bank', 'customer', 'Consent given: a code on the redirect.');
      tell(by, 'customer', 'application', 'The redirect brings the code to the application.');
    }
    for (const use of requestsWith(value, kind, history)) {
      tell(use, 'application', 'bank', useText(use), use.endpoint === 'api' ? 'call' : 'other');
    }
    const revocation = history.revocationOf(value);
    if (revocation !== undefined) tell(revocation, 'application', 'bank', 'Revocation by the client.');
  }
  const events: OrderedTold[] = [...told.values()];
  const note = (atMs: number, order: number, text: string): void => {
    const event: LifeEvent = {
      at: instant(atMs),
      entry: null,
      from: 'bank',
      to: 'bank',
      text,
      status: null,
      outcome: null,
    };
    events.push({ kind: 'other', atMs, order, event });
  };
  if (grant.origin === 'control') note(grant.createdAtMs, 0, 'Made through the control API, with its first tokens.');
  if (grant.revokedAtMs !== null && grant.revokedBecause !== null) {
    note(
      grant.revokedAtMs,
      Number.MAX_SAFE_INTEGER,
      `${deathTexts[grant.revokedBecause]}: nothing of the grant works any more.`,
    );
  }
  return events.sort((first, second) => first.atMs - second.atMs || first.order - second.order);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
