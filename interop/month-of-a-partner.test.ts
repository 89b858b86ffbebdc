import { createBankClient, createMemoryTokenStore, createTokenManager, bs2 } from '../client/index.js';
import { startMockServer } from '../mock-server/index.js';
import { expect, it } from 'vitest';

const sevenMinutesMs = 420_000;
const monthMs = 30 * 24 * 3_600_000;

it('lives a month of seven-minute tokens at BS2, by the virtual clock, without losing the consent', async () => {
  const mock = await startMockServer({ listen: false });
  const tenant = await mock.createTenant();
  const seeded = tenant.bs2.client;
  const redirectUri = seeded?.redirectUris[0];
  if (seeded?.secret == null || redirectUri === undefined) throw new TypeError('The seeded client is incomplete.');

  let now = Date.parse((await tenant.clock.freeze()).now);
  const bank = createBankClient({
    profile: bs2,
    baseUrl: tenant.bs2.baseUrl,
    client: { id: seeded.id, secret: seeded.secret },
    redirectUri,
    scope: seeded.scope,
    clock: () => now,
    fetch: (request) => mock.fetch(request),
  });
  const manager = createTokenManager({
    client: bank,
    store: createMemoryTokenStore(),
    authorizationUrl: () => 'http://localhost:3000/connect',
    clock: () => now,
  });
  const start = bank.startAuthorization();
  const { redirectTo } = await tenant.consents.create({
    authorizationUrl: start.url,
    basic: { id: seeded.id, secret: seeded.secret },
    decision: 'approve',
  });
  await manager.adopt('cliente-1', await bank.finishAuthorization(redirectTo, start.transaction));

  const seen = new Set<string>();
  const end = now + monthMs;
  while (now < end) {
    seen.add(await manager.accessToken('cliente-1'));
    now += sevenMinutesMs;
    await tenant.clock.set(new Date(now));
  }
  expect(seen.size).toBe(Math.ceil(monthMs / sevenMinutesMs));
  const balance = await manager.call('cliente-1', new Request(tenant.bs2.balanceEndpoint));
  expect(balance.status).toBe(200);
  await mock.close();
});
