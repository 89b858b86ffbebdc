import type { TrafficHistory } from '../journal/findings/traffic-history.js';
import type { SeenExchange } from '../journal/findings/seen-exchange.js';
import { expiresAtMs } from '../store/records.js';
import type { Death, Grant, IssuedRecord } from '../store/records.js';
import type { ExplainedEvent } from './explain-schema.js';

interface Event {
  readonly atMs: number;
  readonly entry: number | null;
  readonly text: string;
}

/** How many uses are told one by one; of more, the first and the last. */
const told = 10;

/** What ended a code or token before its time, in words. */
export const deathTexts: Readonly<Record<Death, string>> = {
  redeemed: 'Redeemed for tokens',
  rotated: 'Exchanged for a newer refresh token',
  'newer-access-token': 'Ended by a newer access token',
  'code-replayed': 'Revoked, because the authorization code was sent a second time',
  'refresh-token-replayed': 'Revoked, because an old refresh token was sent again',
  'revoked-by-client': 'Revoked by the client',
  'revoked-by-user': 'Revoked by the user, or the bank',
};

/** What happened to a code or token: what the store knows, and what the journal still shows. */
export function lifeOf(
  value: string,
  record: IssuedRecord,
  grant: Grant | undefined,
  history: TrafficHistory,
  nowMs: number,
): ExplainedEvent[] {
  const issued = history.issued(value);
  const events: Event[] = [
    { atMs: record.issuedAtMs, entry: issued?.by.entry ?? null, text: issuedText(record, grant, issued?.by) },
    ...usesOf(value, record.kind, history),
  ];
  if (record.diedAtMs !== null && record.death !== null) {
    const by = deathEntry(value, record, history);
    // A use that spent it tells its death by itself.
    if (by === null || !events.some(({ entry }) => entry === by)) {
      events.push({ atMs: record.diedAtMs, entry: by, text: `${deathTexts[record.death]}.` });
    }
  }
  if (grant !== undefined && grant.revokedAtMs !== null && grant.revokedBecause !== null) {
    const by = history.revocationOf(value)?.entry ?? null;
    events.push({
      atMs: grant.revokedAtMs,
      entry: by,
      text: `The grant: ${deathTexts[grant.revokedBecause].toLowerCase()}.`,
    });
  }
  const expiry = expiresAtMs(record);
  if (expiry <= nowMs) events.push({ atMs: expiry, entry: null, text: 'Expired.' });
  return inOrder(events);
}

/** Events of the journal alone, for values that no store keeps. */
export function eventsOf(events: readonly Event[]): ExplainedEvent[] {
  return inOrder(events);
}

export function issuedText(
  record: Pick<IssuedRecord, 'kind'>,
  grant: Grant | undefined,
  by: SeenExchange | undefined,
): string {
  if (by === undefined) {
    return grant?.origin === 'control' ? 'Given through the control API.' : 'Given.';
  }
  if (record.kind === 'code') return 'Given on the redirect to the client.';
  const how: Readonly<Record<string, string>> = {
    authorization_code: 'in exchange for an authorization code',
    refresh_token: 'at a refresh',
    client_credentials: 'for client_credentials',
    password: 'for a password',
  };
  return `Given ${how[by.grantType ?? ''] ?? 'by the token endpoint'}.`;
}

/** The requests that brought a code or token. */
export function usesOf(value: string, kind: IssuedRecord['kind'], history: TrafficHistory): Event[] {
  const uses = requestsWith(value, kind, history);
  const chosen = uses.length <= told ? uses : [...uses.slice(0, told - 1), ...uses.slice(-1)];
  const skipped = uses.length - chosen.length;
  return chosen.map((use, index) => ({
    atMs: use.receivedAtMs,
    entry: use.entry,
    text: `${useText(use)}${skipped > 0 && index === told - 2 ? ` (${String(skipped)} more uses follow that are not listed)` : ''}`,
  }));
}

/** The requests that brought a value, oldest first. */
export function requestsWith(
  value: string,
  kind: IssuedRecord['kind'],
  history: TrafficHistory,
): readonly SeenExchange[] {
  switch (kind) {
    case 'code':
      return history.redemptions(value);
    case 'refresh-token':
      return history.refreshesWith(value);
    case 'access-token':
      return history.callsWith(value);
  }
}

/** What a request did with the value that it brought. */
export function useText(use: SeenExchange): string {
  const answer = use.answerArrived ? String(use.status) : 'the answer was lost';
  const why = use.outcome === null || use.outcome === 'tokens' ? '' : `, ${use.outcome}`;
  const result = `(${answer}${why})`;
  if (use.endpoint === 'api') return `Sent with a call ${result}.`;
  if (use.grantType === 'authorization_code') {
    return use.outcome === 'tokens' ? `Redeemed for tokens ${result}.` : `Sent to be redeemed ${result}.`;
  }
  return use.outcome === 'tokens' ? `Exchanged for new tokens ${result}.` : `Sent to be refreshed ${result}.`;
}

/** The entry that ended it, where the journal shows one. */
export function deathEntry(value: string, record: IssuedRecord, history: TrafficHistory): number | null {
  switch (record.death) {
    case 'redeemed':
      return history.redemptions(value).find(({ outcome }) => outcome === 'tokens')?.entry ?? null;
    case 'rotated':
      return history.rotationOf(value)?.by.entry ?? null;
    case 'newer-access-token': {
      const issued = history.issued(value);
      const tokens = issued?.grant.accessTokens ?? [];
      const next = issued === undefined ? undefined : tokens[tokens.indexOf(issued) + 1];
      return next?.by.entry ?? null;
    }
    case 'revoked-by-client':
      return history.revocationOf(value)?.entry ?? null;
    case 'code-replayed':
    case 'refresh-token-replayed':
    case 'revoked-by-user':
    case null:
      return null;
  }
}

function inOrder(events: readonly Event[]): ExplainedEvent[] {
  return [...events]
    .sort((first, second) => first.atMs - second.atMs)
    .map(({ atMs, entry, text }) => ({ at: new Date(atMs).toISOString(), entry, text }));
}
