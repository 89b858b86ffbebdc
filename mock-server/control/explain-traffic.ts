import type { SeenAuthorization } from '../journal/findings/seen-traffic.js';
import type { TrafficHistory, FreshName } from '../journal/findings/traffic-history.js';
import type { Tenant } from '../tenants/tenant.js';
import { explanation } from './explain-schema.js';
import type { Explanation } from './explain-schema.js';
import { eventsOf, issuedText, usesOf } from './explain-timeline.js';

const kinds = { state: 'state', nonce: 'nonce', code_challenge: 'code-challenge' } as const;

/** A value that a client made and sent with an authorization request; null where no request had it. */
export function explainSent(value: string, history: TrafficHistory): Explanation | null {
  for (const name of ['state', 'nonce', 'code_challenge'] as const) {
    const requests = history.authorizationsWith(name, value);
    if (requests.length > 0) return explainFresh(name, requests, history);
  }
  return null;
}

function explainFresh(name: FreshName, requests: readonly SeenAuthorization[], history: TrafficHistory): Explanation {
  const [first] = requests;
  const events = requests.flatMap(({ by, completedBy }) => [
    { atMs: by.receivedAtMs, entry: by.entry, text: 'Sent with an authorization request.' },
    ...(completedBy === null
      ? []
      : [
          {
            atMs: completedBy.answeredAtMs,
            entry: completedBy.entry,
            text: completionText(completedBy.redirect, history),
          },
        ]),
  ]);
  const times = requests.length;
  const done = requests.filter(({ completedBy }) => completedBy !== null).length;
  const where =
    done === 0
      ? 'which led to no redirect yet'
      : `which sent the customer back ${done === 1 ? 'once' : `${String(done)} times`}`;
  const sent = times === 1 ? 'an authorization request' : `${String(times)} authorization requests`;
  return explanation({
    kind: kinds[name],
    bank: first?.by.bank ?? null,
    summary: `The ${name} of ${sent} of ${first?.by.clientId ?? 'a client'}, ${where}.`,
    good: null,
    advice:
      times > 1
        ? `Each authorization request takes a ${name} of its own.`
        : name === 'state'
          ? 'The client compares it at the callback with what the customer’s session holds, and forgets it.'
          : null,
    timeline: eventsOf(events),
  });
}

function completionText(
  redirect: { readonly code: string | null; readonly error: string | null } | null,
  history: TrafficHistory,
): string {
  if (redirect?.code == null) return `Came back on the redirect with ${redirect?.error ?? 'an error'}.`;
  const redeemed = history.redemptions(redirect.code).find(({ tokens }) => tokens !== null);
  return redeemed === undefined
    ? 'Came back on the redirect with a code, which was not redeemed.'
    : `Came back on the redirect with a code, which request ${String(redeemed.entry)} redeemed.`;
}

const issuedKinds = {
  code: 'authorization-code',
  'access-token': 'access-token',
  'refresh-token': 'refresh-token',
} as const;

/** A code or token that the bank keeps nothing of any more, and the journal still shows; null for others. */
export function explainForgotten(tenant: Tenant, value: string, history: TrafficHistory): Explanation | null {
  const issued = history.issued(value);
  if (issued === undefined || issued.kind === 'id-token') return null;
  const { kind, by, clientId, scope } = issued;
  const client = clientId === null ? undefined : tenant.clients.find(by.bank, clientId);
  const because = 'it ended long ago, and the bank keeps nothing of it';
  return explanation({
    kind: issuedKinds[kind],
    bank: by.bank,
    summary: `${kind === 'refresh-token' ? 'A' : 'An'} ${issuedKinds[kind].replace('-', ' ')} that request ${String(by.entry)} gave; it is refused now: ${because}.`,
    good: false,
    refusedBecause: because,
    advice: 'Send the customer through a new authorization request.',
    issued: {
      at: new Date(by.answeredAtMs).toISOString(),
      entry: by.entry,
      clientId,
      clientName: client?.name ?? null,
      username: null,
      company: null,
      scope,
      grantId: by.grantId,
    },
    timeline: eventsOf([
      { atMs: by.answeredAtMs, entry: by.entry, text: issuedText({ kind }, undefined, by) },
      ...usesOf(value, kind, history),
    ]),
  });
}
