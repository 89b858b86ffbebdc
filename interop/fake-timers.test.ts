import { afterEach, expect, it, vi } from 'vitest';
import { startMockServer } from '../mock-server/index.js';

afterEach(() => {
  vi.useRealTimers();
});

it('follows the fake timers of a test in the same process: a token dies when they pass its end', async () => {
  vi.useFakeTimers({ now: Date.parse('2027-01-01T12:00:00Z') });
  const mock = await startMockServer({ listen: false });
  const tenant = await mock.createTenant();
  expect((await tenant.clock.show()).now).toBe('2027-01-01T12:00:00.000Z');
  const { accessToken } = await tenant.grants.create({ bank: 'bs2' });
  const balance = async (): Promise<number> =>
    (await mock.fetch(new Request(tenant.bs2.balanceEndpoint, { headers: { authorization: `Bearer ${accessToken}` } })))
      .status;
  vi.advanceTimersByTime(419_000);
  expect(await balance()).toBe(200);
  vi.advanceTimersByTime(1_000);
  expect(await balance()).toBe(401);
  await mock.close();
});
