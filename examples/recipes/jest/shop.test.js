import { jest } from '@jest/globals';
import { startMockServer } from 'homologa/mock-server';
import { ConsentOver, createAccount } from '../shop.js';

let mock;
let tenant;
let account;

beforeEach(async () => {
  // Timers stay real: only the date is moved.
  jest.useFakeTimers({ doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'] });
  mock = await startMockServer({ listen: false });
  tenant = await mock.createTenant();
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
  jest.useRealTimers();
});

test('an access token is renewed before it ends', async () => {
  jest.setSystemTime(Date.now() + 400_000); // of 420 seconds
  expect(await account.balance()).toBe(12345.67);
  const requests = (await tenant.journal.list()).filter(({ endpoint }) => endpoint === 'token');
  expect(requests).toHaveLength(2); // the code, and one refresh
});

test('a customer who was away for a month has to consent again', async () => {
  jest.setSystemTime(Date.now() + 30 * 24 * 3_600_000);
  await expect(account.balance()).rejects.toThrow(ConsentOver);
});
