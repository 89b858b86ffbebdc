import { describe, expect, it } from 'vitest';
import { Bs2World } from '../testing/bs2-world.js';
import type { TokenAnswer } from '../testing/bs2-world.js';
import { usedHeap } from '../testing/used-heap.js';

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const tally = (answers: readonly TokenAnswer[]): [number, number] => [
  answers.filter(({ status }) => status === 200).length,
  answers.filter((answer) => answer.status === 400 && answer.member('error') === 'invalid_grant').length,
];

describe('two hundred requests at a time', () => {
  it('lets one refresh win, whose tokens live', async () => {
    const world = new Bs2World();
    const first = await world.grant();
    const answers = await Promise.all(times(200, () => world.refresh(first.refreshToken)));
    expect(tally(answers)).toEqual([1, 199]);
    const winner = answers.find(({ status }) => status === 200);
    expect(await world.statusOf(winner?.accessToken ?? '')).toBe(200);
    expect(await world.statusOf(first.accessToken)).toBe(401);
    expect((await world.refresh(winner?.refreshToken ?? '')).status).toBe(200);
  });

  it('redeems a code once, and revokes what it gave since the others replayed it', async () => {
    const world = new Bs2World();
    const code = await world.code();
    const answers = await Promise.all(times(200, () => world.redeem(code)));
    expect(tally(answers)).toEqual([1, 199]);
    expect(await world.statusOf(answers.find(({ status }) => status === 200)?.accessToken ?? '')).toBe(401);
  });

  it('redeems a code once, and lets its tokens live where replays revoke nothing', async () => {
    const world = Bs2World.with({ codeReplayRevokesTokens: false });
    const code = await world.code();
    const answers = await Promise.all(times(200, () => world.redeem(code)));
    expect(tally(answers)).toEqual([1, 199]);
    const winner = answers.find(({ status }) => status === 200);
    expect(await world.statusOf(winner?.accessToken ?? '')).toBe(200);
    expect((await world.refresh(winner?.refreshToken ?? '')).status).toBe(200);
  });

  it('refreshes different grants of one account without killing every access token', async () => {
    const world = new Bs2World();
    const grants: TokenAnswer[] = [];
    for (let count = 0; count < 5; count += 1) grants.push(await world.grant());
    const answers = await Promise.all(grants.map(({ refreshToken }) => world.refresh(refreshToken)));
    expect(tally(answers)).toEqual([5, 0]);
    const statuses = await Promise.all(answers.map(({ accessToken }) => world.statusOf(accessToken)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    for (const { refreshToken } of answers) expect((await world.refresh(refreshToken)).status).toBe(200);
  });

  it.each(['client_credentials', 'password'])(
    'gives tokens to each %s request, of which one access token lives',
    async (grantType) => {
      const world = new Bs2World();
      const { username, password } = world.user('correntista');
      const answers = await Promise.all(
        times(50, () => world.token({ grant_type: grantType, scope: 'saldo', username, password })),
      );
      expect(tally(answers)).toEqual([50, 0]);
      const statuses = await Promise.all(answers.map(({ accessToken }) => world.statusOf(accessToken)));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(new Set(answers.map(({ accessToken }) => accessToken)).size).toBe(50);
    },
  );
});

describe('memory', () => {
  it('holds about as much after six thousand refreshes as after six hundred', async () => {
    const world = new Bs2World({ settings: { journalSize: 10, bs2: { rateLimit: 'off' } } });
    let { refreshToken } = await world.grant();
    const refreshes = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 1) refreshToken = (await world.refresh(refreshToken)).refreshToken;
    };
    await refreshes(600);
    const before = usedHeap();
    await refreshes(5400);
    expect((await world.tenant.store.grants())[0]?.accessTokens).toHaveLength(1);
    expect((await world.tenant.store.grants())[0]?.refreshTokens).toHaveLength(1);
    expect(world.tenant.journal.entries()).toHaveLength(10);
    expect(usedHeap() - before).toBeLessThan(10 * 1024 * 1024);
  });
});
