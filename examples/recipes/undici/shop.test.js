import { startMockServer } from 'homologa/mock-server';
import { fetch, getGlobalDispatcher, request, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAccount } from '../shop.js';
import { createBankDispatcher } from './bank-hosts.js';

const real = getGlobalDispatcher();
let mock;
let tenant;

beforeAll(async () => {
  mock = await startMockServer(); // a free port
  tenant = mock.defaultTenant; // the one that plays the banks' own hosts
  setGlobalDispatcher(createBankDispatcher(mock.listen));
});
afterAll(async () => {
  setGlobalDispatcher(real);
  await mock.close();
});
beforeEach(() => tenant.reset());

test('the balance is asked for at the bank’s own host', async () => {
  const { id, secret } = tenant.bs2.client;
  const redirectUri = 'http://localhost:3000/callback';
  const account = createAccount({ apiKey: id, apiSecret: secret, redirectUri, fetch });
  const authorizationUrl = account.authorizationUrl('one-use');
  const { redirectTo } = await tenant.consents.create({ authorizationUrl, decision: 'approve' });
  await account.finish(new URL(redirectTo).searchParams.get('code'));
  expect(await account.balance()).toBe(12345.67);
});

test('BTG has its paths at its own hosts, and no others', async () => {
  const token = await request('https://id.sandbox.btgpactual.com/oauth2/token', { method: 'POST' });
  expect(token.statusCode).toBe(400); // no grant_type
  await token.body.dump();
  const elsewhere = await request('https://api.sandbox.empresas.btgpactual.com/oauth2/token', { method: 'POST' });
  expect(elsewhere.statusCode).toBe(404);
  await elsewhere.body.dump();
});

test('nothing else is reached', async () => {
  await expect(request('https://api.bs2.com/')).rejects.toThrow(/not allowed/);
});
