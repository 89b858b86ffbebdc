import { startMockServer } from 'homologa/mock-server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConsentOver, createAccount } from '../shop.js';

let mock;
let tenant;
let account;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  mock = await startMockServer({ listen: false }); // no port
  tenant = await mock.createTenant(); // a world of its own
  account = createAccount({
    bankUrl: tenant.bs2.baseUrl,
    apiKey: tenant.bs2.client.id,
    apiSecret: tenant.bs2.client.secret,
    redirectUri: 'http://localhost:3000/callback',
    fetch: (url, init) => mock.fetch(new Request(url, init)),
  });
  const authorizationUrl = account.authorizationUrl('one-use');
  const { redirectTo } = await tenant.consents.create({ authorizationUrl, decision: 'approve' });
  await account.finish(new URL(redirectTo).searchParams.get('code'));
});

afterEach(async () => {
  await mock.close();
  vi.useRealTimers();
});

const tokenRequests = async () => (await tenant.journal.list()).filter(({ endpoint }) => endpoint === 'token');

test('the balance is shown', async () => {
  expect(await account.balance()).toBe(12345.67);
});

test('an access token is renewed before it ends, once for all who wait', async () => {
  vi.setSystemTime(Date.now() + 400_000); // of 420 seconds
  await Promise.all([account.balance(), account.balance(), account.balance()]);
  expect(await tokenRequests()).toHaveLength(2); // the code, and one refresh
});

test('a customer who was away for a month has to consent again', async () => {
  vi.setSystemTime(Date.now() + 30 * 24 * 3_600_000);
  await expect(account.balance()).rejects.toThrow(ConsentOver);
});

test('and one who was away for a second less has not', async () => {
  vi.setSystemTime(Date.now() + 30 * 24 * 3_600_000 - 1_000);
  expect(await account.balance()).toBe(12345.67);
});

test('when the answer to a refresh is lost, the refresh token is spent', async () => {
  await tenant.faults.create({ at: 'bs2.token', effect: { drop: 'after' } });
  vi.setSystemTime(Date.now() + 400_000);
  await expect(account.balance()).rejects.toThrow(); // half of an answer came
  await expect(account.balance()).rejects.toThrow(ConsentOver);
});

test('the mock has nothing to find fault with', async () => {
  await account.balance();
  const findings = await tenant.findings.list();
  expect(findings.filter(({ severity }) => severity === 'failed')).toEqual([]);
});
