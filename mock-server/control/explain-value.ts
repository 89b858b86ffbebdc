import { btgIssuer } from '../banks/btg/issuer.js';
import { analyseJournal } from '../journal/findings/journal-analysis.js';
import { readRedirect } from '../journal/findings/seen-answer.js';
import type { TrafficHistory } from '../journal/findings/traffic-history.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import type { Tenant } from '../tenants/tenant.js';
import { guisesOf } from './explain-guises.js';
import { explainIssued } from './explain-issued.js';
import { explainOtherJwt, viewJwt } from './explain-jwt.js';
import { explanation } from './explain-schema.js';
import type { Explanation } from './explain-schema.js';
import { explainForgotten, explainSent } from './explain-traffic.js';
import { explainElsewhere, explainUnknown } from './explain-unknown.js';

/**
 * Tells the life of a value: a code, token, state, nonce or redirect, as it was found in a log, a header or an address.
 * The value is not repeated. `tenants` are searched for what this one does not know.
 */
export async function explainValue(
  tenant: Tenant,
  text: string,
  tenants: readonly Tenant[] = [tenant],
): Promise<Explanation> {
  const { history } = analyseJournal(tenant.journal);
  const values: string[] = [];
  for (const { value, readAs } of guisesOf(text)) {
    const found =
      (await recognise(tenant, value, history, tenants)) ?? (await explainRedirect(tenant, value, history, tenants));
    if (found !== null) return { ...found, readAs };
    values.push(value);
  }
  return explainUnknown(tenant, values, history, tenants);
}

async function recognise(
  tenant: Tenant,
  value: string,
  history: TrafficHistory,
  tenants: readonly Tenant[],
): Promise<Explanation | null> {
  const { store, banks } = tenant;
  const accessTokenKey = banks.btg.jwts.accessTokenKey(value);
  const record =
    (await store.code(value)) ??
    (await store.refreshToken(value)) ??
    (await store.accessToken(accessTokenKey ?? value));
  // The key of a JWT is no token: what is known is what was sent.
  const isBareKey = record?.kind === 'access-token' && accessTokenKey === null;
  const grant = record === undefined ? undefined : await store.grant(record.grantId);
  if (record !== undefined && !(isBareKey && grant?.bank === 'btg')) {
    const told = await explainIssued(tenant, { value, record, grant }, history);
    return record.kind === 'access-token' && accessTokenKey !== null ? { ...told, jwt: viewJwt(tenant, value) } : told;
  }
  // All tenants sign with the same keys.
  const elsewhere = accessTokenKey === null ? null : await explainElsewhere(tenant, [value], tenants);
  if (elsewhere !== null) return { ...elsewhere, jwt: viewJwt(tenant, value) };
  const forgotten = explainForgotten(tenant, value, history);
  if (forgotten !== null) return accessTokenKey === null ? forgotten : { ...forgotten, jwt: viewJwt(tenant, value) };
  return explainOtherJwt(tenant, value, history) ?? explainSent(value, history) ?? (await explainOwn(tenant, value));
}

/** What the tenant itself knows by that name: a client, a secret, a grant, a login under way. */
async function explainOwn(tenant: Tenant, value: string): Promise<Explanation | null> {
  const client = tenant.clients.list().find(({ id, secret }) => id === value || secret === value);
  if (client !== undefined) {
    const isSecret = client.id !== value;
    return explanation({
      kind: isSecret ? 'client-secret' : 'client-id',
      bank: client.bank,
      summary: isSecret
        ? `The secret of the client ${client.id} (${client.name}).`
        : `The client ${client.name}, registered with scope ${client.scope}.`,
      advice: isSecret ? 'It belongs into a Basic header and nowhere else; if it was in a log, make a new one.' : null,
    });
  }
  const grant = await tenant.store.grant(value);
  if (grant !== undefined) {
    const isRevoked = grant.revokedAtMs !== null;
    return explanation({
      kind: 'grant',
      bank: grant.bank,
      summary: `A grant of ${grant.clientId}${grant.username === null ? '' : ` for ${grant.username}`}, ${isRevoked ? 'revoked' : 'not revoked'}.`,
      good: !isRevoked,
      refusedBecause: isRevoked ? 'it was revoked' : null,
      issued: {
        at: new Date(grant.createdAtMs).toISOString(),
        entry: null,
        clientId: grant.clientId,
        clientName: tenant.clients.find(grant.bank, grant.clientId)?.name ?? null,
        username: grant.username,
        company: grant.company,
        scope: grant.scope,
        grantId: grant.id,
      },
    });
  }
  const session = tenant.sessions.find(value);
  if (session === undefined) return null;
  return explanation({
    kind: 'login-session',
    bank: session.bank,
    summary: `A login for ${session.clientId}, ${session.step === 'over' ? 'which is over' : `waiting at the step ${session.step}`}.`,
    good: session.step !== 'over',
  });
}

/** An authorization response or request: what each parameter of it is. */
async function explainRedirect(
  tenant: Tenant,
  value: string,
  history: TrafficHistory,
  tenants: readonly Tenant[],
): Promise<Explanation | null> {
  const query = /^(?:[a-z][a-z0-9+.-]*:\/\/|\/)[^\s?]*\?([^\s#]+)/i.exec(value)?.[1];
  if (query === undefined) return null;
  const parameters = new RequestParameters(query);
  const redirect = readRedirect('authorize', value);
  const parts: Explanation['parts'][number][] = [];
  let about: Explanation | null = null;
  for (const name of ['code', 'state', 'nonce', 'code_challenge', 'client_id']) {
    const sent = parameters.get(name);
    if (sent === undefined) continue;
    const told = (await recognise(tenant, sent, history, tenants)) ?? unknownPart;
    parts.push({ name, kind: told.kind, good: told.good, summary: told.summary });
    if (name === 'code' || about === null) about = told;
  }
  const iss = parameters.get('iss');
  if (iss !== undefined) {
    const isRight = iss === btgIssuer(tenant);
    const summary = isRight
      ? 'The issuer of this tenant’s BTG.'
      : 'Not the issuer of this tenant’s BTG, character by character.';
    parts.push({ name: 'iss', kind: 'unknown', good: isRight, summary });
  }
  if (redirect?.error != null) {
    parts.push({ name: 'error', kind: 'unknown', good: null, summary: `The bank gave no code: ${redirect.error}.` });
  }
  if (parts.length === 0) return null;
  const isAnswer = redirect !== null;
  return explanation({
    kind: 'redirect',
    bank: about?.bank ?? null,
    summary: isAnswer
      ? `A redirect back to the client${parts[0] === undefined ? '' : `: ${parts.map(({ name }) => name).join(', ')}`}.`
      : 'An address that leads to a bank.',
    good: isAnswer ? (about?.good ?? null) : null,
    refusedBecause: about?.refusedBecause ?? null,
    advice: about?.advice ?? null,
    issued: about?.issued ?? null,
    expiresAt: about?.expiresAt ?? null,
    timeline: about?.timeline ?? [],
    parts,
  });
}

const unknownPart = explanation({ kind: 'unknown', good: false, summary: 'Unknown to this tenant.' });
