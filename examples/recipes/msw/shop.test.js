import { startMockServer } from 'homologa/mock-server';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ConsentOver, createAccount } from '../shop.js';

// The application knows the bank's real host, and nothing else. What it sends there is answered in this process.
const mock = await startMockServer({ listen: false });
const tenant = mock.defaultTenant; // the one that plays the banks' own hosts
const answer = ({ request }) => mock.fetch(request).catch(() => HttpResponse.error());
const network = setupServer(
  http.all('https://apihmz.bancobonsucesso.com.br/*', answer),
  http.all('https://id.sandbox.btgpactual.com/*', answer),
  http.all('https://api.sandbox.empresas.btgpactual.com/*', answer),
);

beforeAll(() => network.listen({ onUnhandledRequest: 'error' })); // anything else is a mistake
afterAll(async () => {
  network.close();
  await mock.close();
});
beforeEach(() => tenant.reset());

async function connected() {
  const { id, secret } = tenant.bs2.client;
  const account = createAccount({ apiKey: id, apiSecret: secret, redirectUri: 'http://localhost:3000/callback' });
  const authorizationUrl = account.authorizationUrl('one-use');
  expect(new URL(authorizationUrl).host).toBe('apihmz.bancobonsucesso.com.br');
  const { redirectTo } = await tenant.consents.create({ authorizationUrl, decision: 'approve' });
  await account.finish(new URL(redirectTo).searchParams.get('code'));
  return account;
}

test('the balance is asked for at the bank’s own host', async () => {
  expect(await (await connected()).balance()).toBe(12345.67);
});

test('a token that the bank ended early is renewed', async () => {
  const account = await connected();
  await tenant.faults.create({ at: 'bs2.api', effect: { alter: 'bs2.api.unauthorized' } });
  expect(await account.balance()).toBe(12345.67);
});

test('a consent that the customer revoked is over', async () => {
  const account = await connected();
  const [grant] = await tenant.grants.list();
  await tenant.grants.delete(grant.id);
  await expect(account.balance()).rejects.toThrow(ConsentOver);
});

test('a lost connection is an error of fetch', async () => {
  const account = await connected();
  await tenant.faults.create({ at: 'bs2.api', effect: { drop: 'before' } });
  await expect(account.balance()).rejects.toThrow(TypeError);
});
