import { beforeEach, describe, expect, it } from 'vitest';
import { basicOf, Bs2World } from '../../testing/bs2-world.js';

const limited = (): Bs2World => Bs2World.with({ rateLimit: { requests: 10, window: 'PT1M' } });
let world = limited();
beforeEach(() => {
  world = limited();
  world.tenant.clock.freeze();
});
const ask = async (): Promise<number> => (await world.clientCredentials()).status;
const askTimes = async (count: number): Promise<number[]> => {
  const statuses: number[] = [];
  for (let asked = 0; asked < count; asked += 1) statuses.push(await ask());
  return statuses;
};
const all = (count: number, status: number): number[] => Array<number>(count).fill(status);

describe('ten token requests a minute', () => {
  it('are answered; the eleventh is 429 with Retry-After and an empty body', async () => {
    expect(await askTimes(10)).toEqual(all(10, 200));
    world.tenant.clock.advance(15_500);
    const answer = await world.clientCredentials();
    expect([answer.status, answer.text]).toEqual([429, '']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'retry-after': '45',
      'cache-control': 'no-store',
      date: new Date(world.tenant.clock.now()).toUTCString(),
    });
    expect([...answer.headers.keys()]).not.toContain('content-type');
    expect([...answer.headers.keys()]).not.toContain('x-ca-err');
  });

  it('are counted over any grant, refused ones included', async () => {
    const { refreshToken } = await world.grant();
    for (let count = 0; count < 3; count += 1) expect((await world.refresh('unknown')).status).toBe(400);
    for (let count = 0; count < 3; count += 1) expect((await world.token({ grant_type: 'nonsense' })).status).toBe(400);
    for (let count = 0; count < 3; count += 1) expect(await ask()).toBe(200);
    expect((await world.refresh(refreshToken)).status).toBe(429);
    world.tenant.clock.advance(60_000);
    expect((await world.refresh(refreshToken)).status).toBe(200);
  });

  it('do not include those whose client was not authenticated, nor 429s', async () => {
    for (let count = 0; count < 20; count += 1) {
      expect(
        (
          await world.token(
            { grant_type: 'client_credentials' },
            { authorization: basicOf({ ...world.client, secret: 'wrong' }) },
          )
        ).status,
      ).toBe(401);
    }
    expect(await askTimes(10)).toEqual(all(10, 200));
    expect(await askTimes(20)).toEqual(all(20, 429));
    world.tenant.clock.advance(60_000);
    expect(await askTimes(10)).toEqual(all(10, 200));
  });

  it('are counted in a window that slides, exact to the millisecond', async () => {
    expect(await askTimes(5)).toEqual(all(5, 200));
    world.tenant.clock.advance(30_000);
    expect(await askTimes(6)).toEqual([...all(5, 200), 429]);
    world.tenant.clock.advance(29_999);
    expect(await ask()).toBe(429);
    world.tenant.clock.advance(1);
    expect(await askTimes(6)).toEqual([...all(5, 200), 429]);
    world.tenant.clock.advance(30_000);
    expect(await askTimes(6)).toEqual([...all(5, 200), 429]);
  });

  it('are a client’s own', async () => {
    const other = world.addClient();
    expect(await askTimes(11)).toEqual([...all(10, 200), 429]);
    expect((await world.clientCredentials(other)).status).toBe(200);
  });

  it('do not limit the resources, nor the pages', async () => {
    const { accessToken } = await world.clientCredentials();
    await askTimes(0);
    for (let count = 0; count < 30; count += 1) expect(await world.statusOf(accessToken)).toBe(200);
    expect(await askTimes(9)).toEqual(all(9, 200));
    for (let count = 0; count < 15; count += 1) await world.code();
  });

  it('let exactly ten of thirty simultaneous requests in', async () => {
    const statuses = await Promise.all(Array.from({ length: 30 }, ask));
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  });

  it('are counted anew after the clock was reset to an earlier time', async () => {
    world.tenant.clock.advance(30 * 86_400_000);
    expect(await askTimes(11)).toEqual([...all(10, 200), 429]);
    world.tenant.clock.reset();
    world.tenant.clock.freeze();
    expect(await ask()).toBe(200);
  });
});

describe('the setting', () => {
  it('turns the limit off, changes it, and changes its status', async () => {
    world.tenant.patchSettings({ bs2: { rateLimit: 'off' } });
    expect(await askTimes(30)).toEqual(all(30, 200));
    world.tenant.patchSettings({ bs2: { rateLimit: { requests: 2, window: 'PT10S' }, rateLimitStatus: 403 } });
    expect(await askTimes(3)).toEqual([200, 200, 403]);
    world.tenant.clock.advance(10_000);
    expect(await ask()).toBe(200);
  });

  it('of a client holds for that client', async () => {
    const other = world.addClient({ settings: { rateLimit: { requests: 1, window: 'PT1H' } } });
    expect((await world.clientCredentials(other)).status).toBe(200);
    expect((await world.clientCredentials(other)).status).toBe(429);
    expect(await askTimes(5)).toEqual(all(5, 200));
  });
});
