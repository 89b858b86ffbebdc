/**
 * A process that holds a mock with so many live grants, and measures refreshes of them when it is told to. Started by
 * flat-cost.ts.
 */
import { issueTokens } from '../mock-server/banks/grant-changes.js';
import { MockApplication } from '../mock-server/mock-application.js';
import type { AuthorizationCode, Grant } from '../mock-server/store/records.js';
import { usedHeap } from '../mock-server/testing/used-heap.js';
import { randomGuid } from '../mock-server/tenants/random-source.js';
import { TenantRegistry } from '../mock-server/tenants/tenant-registry.js';
import type { Tenant } from '../mock-server/tenants/tenant.js';

const origin = 'http://127.0.0.1:4010';
const origins = {
  publicOrigin: origin,
  internalOrigin: origin,
  listenOrigin: origin,
  rootOrigins: { bs2: null, btg: null },
};
const day = 86_400_000;
const sampleSize = 5000;

const grantCount = Number(process.argv[2]);
const registry = new TenantRegistry({ bs2: { rateLimit: 'off' } }, origins);
const tenant = registry.create({ id: 'default' });
const client = tenant.clients.first('bs2');
if (client === undefined) throw new TypeError('The default tenant has no client of BS2.');
const application = new MockApplication(registry, {
  control: async () => new Response(),
  dashboard: async () => new Response(),
});

/** A consent and the redemption of its code, as the token endpoint does them. */
async function fill(filled: Tenant, clientId: string, number: number): Promise<string> {
  const { random, store, banks, clock } = filled;
  const now = clock.now();
  const name = String(number).padStart(8, '0');
  const shared = { issuedAtMs: now, diedAtMs: null, death: null };
  const codeKey = randomGuid(random);
  const grant: Grant = {
    id: randomGuid(random),
    bank: 'bs2',
    clientId,
    // As they come out of a request: not the trees of their parts that templates make.
    username: ['cliente', name].join('-'),
    company: ['3030', name, '81'].join(''),
    scope: ['saldo', 'extrato'].join(' '),
    origin: 'consent',
    createdAtMs: now,
    authenticatedAtMs: now,
    version: 1,
    revokedAtMs: null,
    revokedBecause: null,
    accessTokens: [],
    refreshTokens: [],
    code: codeKey,
  };
  const code: AuthorizationCode = {
    kind: 'code',
    key: codeKey,
    grantId: grant.id,
    lifetimeMs: 600_000,
    redirectUri: 'http://localhost:3000/callback',
    codeChallenge: null,
    nonce: null,
    ...shared,
  };
  await store.commit({ grant, expectedVersion: null, put: [code] });
  const exchange = {
    tenant: filled,
    bank: 'bs2' as const,
    method: 'POST',
    path: '/',
    query: '',
    headers: new Headers(),
    body: '',
    peer: { address: null },
    pageBase: origin,
    facts: {},
  };
  const refreshKey = randomGuid(random);
  const accessToken = { key: randomGuid(random), lifetimeMs: 420_000, scope: grant.scope };
  const issue = { accessToken, refreshToken: { key: refreshKey, lifetimeMs: 30 * day }, spends: code };
  const registered = filled.clients.find('bs2', clientId);
  if (registered === undefined) throw new TypeError('The client is gone.');
  await issueTokens(filled, grant, false, issue, banks.bs2.tokens.policy(exchange, registered));
  return refreshKey;
}

const authorization = `Basic ${btoa(`${client.id}:${client.secret ?? ''}`)}`;

async function refresh(refreshToken: string): Promise<string> {
  const body = `grant_type=refresh_token&refresh_token=${refreshToken}&scope=saldo+extrato`;
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  const request = new Request(`${origin}/bs2/auth/oauth/v2/token`, { method: 'POST', headers, body });
  const handled = await application.handle(request, { kind: 'main' }, { address: '127.0.0.1' });
  const found =
    handled.kind === 'bank' ? /"refresh_token":\s*"([^"]+)"/.exec(handled.delivery.answer.body)?.[1] : undefined;
  if (found === undefined) throw new TypeError('A refresh was refused.');
  return found;
}

const before = usedHeap();
const sample: string[] = [];
const every = Math.max(1, Math.floor(grantCount / sampleSize));
for (let number = 0; number < grantCount; number += 1) {
  const key = await fill(tenant, client.id, number);
  if (number % every === 0 && sample.length < sampleSize) sample.push(key);
}
const bytesPerGrant = (usedHeap() - before) / grantCount;

/** Microseconds of each of so many refreshes, in turn over the sample. */
let next = 0;
async function measure(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = next % sample.length;
    next += 1;
    const startedAt = performance.now();
    sample[at] = await refresh(sample[at] ?? '');
    times.push((performance.now() - startedAt) * 1000);
  }
  return times;
}

await measure(10_000);
process.on('message', (message) => {
  void measure(Number(message)).then((times) => process.send?.(times));
});
process.send?.({ bytesPerGrant });
