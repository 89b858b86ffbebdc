import * as v from 'valibot';
import { banks } from '../banks/banks.js';
import type { Exchange } from '../banks/exchange.js';
import { ageGrant, issueTokens } from '../banks/grant-changes.js';
import { isScopeWithin, parseScope } from '../oauth/scope.js';
import type { Grant } from '../store/records.js';
import { randomGuid } from '../tenants/random-source.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import { durationMs } from '../tenants/settings.js';
import type { Tenant } from '../tenants/tenant.js';
import type { User } from '../tenants/user.js';
import { findUser } from './consent-operations.js';
import type { grantRequestSchema } from './grant-schema.js';
import { madeGrantSchema } from './grant-schema.js';
import { listGrant } from './list-grant.js';
import { ControlProblem, invalidRequest, notFound } from './problem.js';

type GrantRequest = v.InferOutput<typeof grantRequestSchema>;

/**
 * Makes a grant without any redirect, as if a user had consented and the code had been redeemed: in the bank's own
 * token response, and with all that a new access token does at this bank. One that is old already kills no newer token.
 */
export async function makeGrant(tenant: Tenant, request: GrantRequest): Promise<v.InferOutput<typeof madeGrantSchema>> {
  const client = findClient(tenant, request);
  const user = findUser(tenant, request.username);
  const { bank } = request;
  const exchange = exchangeFor(tenant, request);
  const dialect = tenant.banks[bank].tokens;
  const now = tenant.clock.now();
  const ageMs = request.age === undefined ? 0 : durationMs(request.age);
  refuseAncient(now - ageMs, 'age');
  await refuseKnownToken(tenant, request.refreshToken);
  const grant: Grant = {
    id: randomGuid(tenant.random),
    bank,
    clientId: client.id,
    username: user.username,
    company: chooseCompany(tenant, user, request),
    scope: chooseScope(client, request.scope),
    origin: 'control',
    createdAtMs: now,
    authenticatedAtMs: now,
    version: 1,
    revokedAtMs: null,
    revokedBecause: null,
    accessTokens: [],
    refreshTokens: [],
    code: null,
  };
  const policy = dialect.policy(exchange, client);
  const lifetimes = dialect.lifetimes(exchange, client, { origin: grant.origin, replaces: null });
  const refreshToken = request.refreshToken ?? dialect.newRefreshTokenKey(exchange);
  const issued = await issueTokens(
    tenant,
    grant,
    true,
    {
      accessToken: {
        key: dialect.newAccessTokenKey(exchange),
        lifetimeMs: lifetimes.accessTokenMs,
        scope: grant.scope,
      },
      refreshToken: { key: refreshToken, lifetimeMs: lifetimes.refreshTokenMs },
      spends: null,
    },
    ageMs > 0 ? { ...policy, previousAccessTokenDies: () => 'never' } : policy,
  );
  if (issued === null) throw new ControlProblem(409, 'ERR_GRANT_EXISTS', 'A grant of this id exists already.');
  if (ageMs > 0) await ageGrant(tenant.store, grant.id, ageMs);
  const made = {
    grant: (await tenant.store.grant(grant.id)) ?? issued.grant,
    accessToken: (await tenant.store.accessToken(issued.accessToken.key)) ?? issued.accessToken,
    refreshToken: (await tenant.store.refreshToken(refreshToken)) ?? issued.refreshToken,
  };
  // The members are the honest bank's: a mutant that spoils an answer of the token endpoint does not spoil this one.
  const members = await banks[bank].tokens.tokenMembers(exchange, {
    ...made,
    client,
    grantType: 'authorization_code',
    nonce: null,
  });
  const tokens = v.parse(madeGrantSchema.entries.tokens, Object.fromEntries(members));
  return {
    ...(await listGrant(tenant, made.grant)),
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    tokens,
  };
}

/** Refuses to make anything older than the epoch: no bank has a token of those times. */
export function refuseAncient(createdAtMs: number, member: string): void {
  if (createdAtMs >= 0) return;
  throw invalidRequest([{ path: member, expected: 'an age that does not reach beyond 1970', received: 'more' }]);
}

function findClient(tenant: Tenant, { bank, client: id }: GrantRequest): RegisteredClient {
  const client = id === undefined ? tenant.clients.first(bank) : tenant.clients.find(bank, id);
  if (client !== undefined) return client;
  if (id !== undefined) throw notFound('client', id);
  throw new ControlProblem(404, 'ERR_CLIENT_NOT_FOUND', `This tenant has no client at ${bank}.`);
}

function chooseCompany(tenant: Tenant, user: User, { bank, company }: GrantRequest): string {
  const offered = tenant.banks[bank].login.companies(tenant, user).map(({ cnpj }) => cnpj);
  const chosen = company ?? offered[0];
  if (chosen !== undefined && offered.includes(chosen)) return chosen;
  const detail = `The bank offers this user ${offered.join(', ') || 'no company'}; choose one of those.`;
  throw new ControlProblem(422, 'ERR_COMPANY_NOT_OFFERED', detail);
}

function chooseScope(client: RegisteredClient, asked: string | undefined): string {
  const scope = parseScope(asked ?? client.scope) ?? [];
  if (isScopeWithin(scope, client.registeredScope)) return scope.join(' ');
  const expected = `scope that the client registered: ${client.registeredScope.join(' ')}`;
  throw invalidRequest([{ path: 'scope', expected, received: scope.join(' ') }]);
}

async function refuseKnownToken({ store }: Tenant, value: string | undefined): Promise<void> {
  if (value === undefined) return;
  const known = (await store.refreshToken(value)) ?? (await store.accessToken(value)) ?? (await store.code(value));
  if (known === undefined) return;
  throw new ControlProblem(
    409,
    'ERR_REFRESH_TOKEN_EXISTS',
    'This tenant knows that refresh token already; choose another value.',
  );
}

function exchangeFor(tenant: Tenant, { bank }: GrantRequest): Exchange {
  const pageBase = tenant.links[bank].publicBase;
  const rest = { method: 'POST', path: '/', query: '', headers: new Headers(), body: '', peer: { address: null } };
  return { tenant, bank, pageBase, facts: {}, ...rest };
}
