import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { usedHeap } from '../testing/used-heap.js';
import { MemoryStore } from './memory-store.js';
import { expiresAtMs, isExpired } from './records.js';
import type { AccessToken, AuthorizationCode, Grant, IssuedRecord, RefreshToken } from './records.js';

const start = Date.UTC(2026, 10, 1);
const minute = 60_000;
const day = 86_400_000;
const remembered = 7 * day;

const grantOf = (id: string, changes: Partial<Grant> = {}): Grant => ({
  id,
  bank: 'bs2',
  clientId: 'l7',
  username: 'correntista',
  company: '30306294000145',
  scope: 'saldo',
  origin: 'consent',
  createdAtMs: start,
  authenticatedAtMs: start,
  version: 1,
  revokedAtMs: null,
  revokedBecause: null,
  accessTokens: [],
  refreshTokens: [],
  code: null,
  ...changes,
});
const issued = (grantId: string, lifetimeMs: number) => ({
  grantId,
  issuedAtMs: start,
  lifetimeMs,
  diedAtMs: null,
  death: null,
});
const accessOf = (grantId: string, key: string, lifetimeMs = 7 * minute): AccessToken => ({
  kind: 'access-token',
  key,
  scope: 'saldo',
  ...issued(grantId, lifetimeMs),
});
const refreshOf = (grantId: string, key: string, lifetimeMs = 30 * day): RefreshToken => ({
  kind: 'refresh-token',
  key,
  ...issued(grantId, lifetimeMs),
});
const codeOf = (grantId: string, key: string): AuthorizationCode => ({
  kind: 'code',
  key,
  redirectUri: 'http://localhost:3000/callback',
  codeChallenge: null,
  nonce: null,
  ...issued(grantId, 10 * minute),
});
const account = { bank: 'bs2', clientId: 'l7', username: 'correntista', company: '30306294000145' } as const;

let store = new MemoryStore();
beforeEach(() => {
  store = new MemoryStore();
});

async function knownRecords(keys: readonly string[]): Promise<string[]> {
  const known: string[] = [];
  for (const key of keys) {
    if ((await store.code(key)) ?? (await store.accessToken(key)) ?? (await store.refreshToken(key))) known.push(key);
  }
  return known;
}

describe('commit', () => {
  it('makes a grant with its records, and finds each by its key and kind', async () => {
    const grant = grantOf('g', { code: 'c', accessTokens: ['a'], refreshTokens: ['r'] });
    const put: IssuedRecord[] = [codeOf('g', 'c'), accessOf('g', 'a'), refreshOf('g', 'r')];
    expect(await store.commit({ grant, expectedVersion: null, put })).toBe(true);
    expect(await store.grant('g')).toEqual(grant);
    expect([await store.code('c'), await store.accessToken('a'), await store.refreshToken('r')]).toEqual(put);
    expect([await store.code('a'), await store.accessToken('r'), await store.refreshToken('c')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([await store.grant('__proto__'), await store.code('constructor')]).toEqual([undefined, undefined]);
  });

  it.each([
    ['a grant that exists already', true, null],
    ['another version', true, 2],
    ['a grant that does not exist', false, 1],
  ])('changes nothing on %s', async (_name, exists, expectedVersion) => {
    if (exists) await store.commit({ grant: grantOf('g'), expectedVersion: null, put: [] });
    expect(
      await store.commit({ grant: grantOf('g', { scope: 'extrato' }), expectedVersion, put: [accessOf('g', 'a')] }),
    ).toBe(false);
    expect((await store.grant('g'))?.scope).toBe(exists ? 'saldo' : undefined);
    expect(await store.accessToken('a')).toBe(undefined);
  });

  it('lets exactly one of any number of racing changes win, round after round', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), async (rounds) => {
        const raced = new MemoryStore();
        await raced.commit({ grant: grantOf('g'), expectedVersion: null, put: [] });
        for (const [round, racers] of rounds.entries()) {
          const version = round + 1;
          const change = (racer: number): Promise<boolean> =>
            raced.commit({
              grant: grantOf('g', { version: version + 1, scope: String(racer) }),
              expectedVersion: version,
              put: [accessOf('g', `${String(round)}-${String(racer)}`)],
            });
          const won = await Promise.all(Array.from({ length: racers }, (_, racer) => change(racer)));
          expect(won.filter(Boolean)).toHaveLength(1);
          const winner = won.indexOf(true);
          expect((await raced.grant('g'))?.scope).toBe(String(winner));
          const known = await Promise.all(
            won.map((_, racer) => raced.accessToken(`${String(round)}-${String(racer)}`)),
          );
          expect(known.map((record) => record !== undefined)).toEqual(won);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('grantsWithAccessTokens', () => {
  it('finds the grants of one client, user and company at one bank that list access tokens', async () => {
    const listed = { accessTokens: ['a'] };
    const grants = [
      grantOf('first', listed),
      grantOf('none'),
      grantOf('second', listed),
      grantOf('revoked', { ...listed, revokedAtMs: start }),
      grantOf('bank', { ...listed, bank: 'btg' }),
      grantOf('client', { ...listed, clientId: 'l8' }),
      grantOf('user', { ...listed, username: 'outra' }),
      grantOf('company', { ...listed, company: null }),
    ];
    for (const grant of grants) await store.commit({ grant, expectedVersion: null, put: [] });
    expect((await store.grantsWithAccessTokens(account)).map(({ id }) => id)).toEqual(['first', 'second']);
    await store.commit({ grant: grantOf('first', { version: 2 }), expectedVersion: 1, put: [] });
    await store.commit({ grant: grantOf('none', { version: 2, ...listed }), expectedVersion: 1, put: [] });
    expect((await store.grantsWithAccessTokens(account)).map(({ id }) => id)).toEqual(['second', 'none']);
    expect(await store.grantsWithAccessTokens({ ...account, username: null })).toEqual([]);
  });
});

describe('a change that ends the account’s other access tokens', () => {
  it('ends those of the same client, user and company only, and moves their grants on', async () => {
    const grants = [
      grantOf('mine', { accessTokens: ['m'] }),
      grantOf('other', { accessTokens: ['o'] }),
      grantOf('foreign', { accessTokens: ['f'], clientId: 'l8' }),
    ];
    for (const grant of grants) {
      await store.commit({ grant, expectedVersion: null, put: [accessOf(grant.id, grant.accessTokens[0] ?? '')] });
    }
    const next = grantOf('mine', { version: 2, accessTokens: ['m', 'n'] });
    const ending = { because: 'newer-access-token', atMs: start + 5 } as const;
    expect(await store.commit({ grant: next, expectedVersion: 2, put: [], endsOtherAccessTokens: ending })).toBe(false);
    expect((await store.accessToken('o'))?.death).toBe(null);
    expect(
      await store.commit({
        grant: next,
        expectedVersion: 1,
        put: [accessOf('mine', 'n')],
        endsOtherAccessTokens: ending,
      }),
    ).toBe(true);
    expect(await store.accessToken('o')).toMatchObject({ death: 'newer-access-token', diedAtMs: start + 5 });
    expect(await store.grant('other')).toMatchObject({ version: 2, accessTokens: [] });
    for (const key of ['m', 'n', 'f']) expect((await store.accessToken(key))?.death).toBe(null);
    expect((await store.grantsWithAccessTokens(account)).map(({ id }) => id)).toEqual(['mine']);
  });
});

describe('sweep', () => {
  it('keeps what expired for a week, then forgets it, and the grant with the last of it', async () => {
    const grant = grantOf('g', { code: 'c', accessTokens: ['a'], refreshTokens: ['r'] });
    await store.commit({
      grant,
      expectedVersion: null,
      put: [codeOf('g', 'c'), accessOf('g', 'a'), refreshOf('g', 'r')],
    });
    await store.sweep(start + 7 * minute + remembered);
    expect(await knownRecords(['c', 'a', 'r'])).toEqual(['c', 'a', 'r']);
    await store.sweep(start + 8 * minute + remembered);
    expect(await knownRecords(['c', 'a', 'r'])).toEqual(['c', 'r']);
    await store.sweep(start + 11 * minute + remembered);
    expect(await knownRecords(['c', 'a', 'r'])).toEqual(['r']);
    expect(await store.grants()).toHaveLength(1);
    expect(await store.grantsWithAccessTokens(account)).toHaveLength(1);
    await store.sweep(start + 30 * day + remembered + minute);
    expect(await knownRecords(['c', 'a', 'r'])).toEqual([]);
    expect(await store.grants()).toEqual([]);
    expect(await store.grantsWithAccessTokens(account)).toEqual([]);
  });

  it('follows a record that was made older', async () => {
    await store.commit({
      grant: grantOf('g', { refreshTokens: ['r'] }),
      expectedVersion: null,
      put: [refreshOf('g', 'r')],
    });
    await store.commit({
      grant: grantOf('g', { version: 2, refreshTokens: ['r'] }),
      expectedVersion: 1,
      put: [{ ...refreshOf('g', 'r'), issuedAtMs: start - 29 * day }],
    });
    await store.sweep(start + day + remembered + minute);
    expect(await knownRecords(['r'])).toEqual([]);
  });

  it('forgets nothing early and everything late, whatever lives how long', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 90 }),
        async (lifetimes, swept) => {
          store = new MemoryStore();
          const tokens = lifetimes.map((lifetime, index) =>
            accessOf(`g${String(index)}`, `a${String(index)}`, lifetime * minute),
          );
          for (const token of tokens) {
            await store.commit({
              grant: grantOf(token.grantId, { accessTokens: [token.key] }),
              expectedVersion: null,
              put: [token],
            });
          }
          const now = start + remembered + swept * minute;
          await store.sweep(now);
          const kept = tokens.filter((token) => expiresAtMs(token) + remembered >= now);
          expect(await knownRecords(tokens.map(({ key }) => key))).toEqual(kept.map(({ key }) => key));
          expect((await store.grants()).map(({ id }) => id)).toEqual(kept.map(({ grantId }) => grantId));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('memory', () => {
  it('keeps a bounded number of dead tokens, the newest, and every live one', async () => {
    const rotations = 25_000;
    await store.commit({
      grant: grantOf('g', { refreshTokens: ['r0'] }),
      expectedVersion: null,
      put: [refreshOf('g', 'r0')],
    });
    await store.commit({
      grant: grantOf('quiet', { refreshTokens: ['q'] }),
      expectedVersion: null,
      put: [refreshOf('quiet', 'q')],
    });
    for (let count = 1; count <= rotations; count += 1) {
      const [old, next] = [`r${String(count - 1)}`, `r${String(count)}`];
      await store.commit({
        grant: grantOf('g', { version: count + 1, refreshTokens: [next] }),
        expectedVersion: count,
        put: [{ ...refreshOf('g', old), death: 'rotated', diedAtMs: start }, refreshOf('g', next)],
      });
    }
    const keys = Array.from({ length: rotations + 1 }, (_, count) => `r${String(count)}`);
    const known = await knownRecords(keys);
    expect(known.length).toBeGreaterThan(5000);
    expect(known.length).toBeLessThan(21_000);
    expect([known[0], known.at(-1)]).toEqual([keys[keys.length - known.length], `r${String(rotations)}`]);
    expect(await knownRecords(['q'])).toEqual(['q']);
    expect((await store.grants()).map(({ id }) => id)).toEqual(['g', 'quiet']);
  });

  it('does not hold on to the keys of what it forgot before its time', async () => {
    let count = 0;
    const keyOf = (number: number): string => `r-${String(number).padStart(36, '0')}`;
    const rotate = async (rotations: number): Promise<void> => {
      for (const last = count + rotations; count < last; count += 1) {
        await store.commit({
          grant: grantOf('g', { version: count + 2, refreshTokens: [keyOf(count + 1)] }),
          expectedVersion: count + 1,
          put: [
            { ...refreshOf('g', keyOf(count)), death: 'rotated', diedAtMs: start },
            refreshOf('g', keyOf(count + 1)),
          ],
        });
      }
    };
    await store.commit({
      grant: grantOf('g', { refreshTokens: [keyOf(0)] }),
      expectedVersion: null,
      put: [refreshOf('g', keyOf(0))],
    });
    await rotate(60_000);
    const before = usedHeap();
    await rotate(120_000);
    expect(usedHeap() - before).toBeLessThan(5 * 1024 * 1024);
    expect(await knownRecords([keyOf(180_000)])).toHaveLength(1);
    await store.sweep(start + 30 * day + remembered + minute);
    expect(await store.grants()).toEqual([]);
  });

  it('is empty after it was cleared, and remembers anew', async () => {
    const grant = grantOf('g', { accessTokens: ['a'] });
    await store.commit({ grant, expectedVersion: null, put: [accessOf('g', 'a')] });
    await store.clear();
    expect([await store.grants(), await knownRecords(['a']), await store.grantsWithAccessTokens(account)]).toEqual([
      [],
      [],
      [],
    ]);
    expect(await store.commit({ grant, expectedVersion: null, put: [accessOf('g', 'a')] })).toBe(true);
    expect(await knownRecords(['a'])).toEqual(['a']);
  });
});

describe('isExpired', () => {
  it('is judged to the second: valid while now < issuedAt + lifetime', () => {
    const at = (milliseconds: number) => ({ issuedAtMs: start + milliseconds, lifetimeMs: 420_000 });
    fc.assert(
      fc.property(fc.nat(999), fc.nat(999), (issuedMs, nowMs) => {
        expect(isExpired(at(issuedMs), start + 419_000 + nowMs)).toBe(false);
        expect(isExpired(at(issuedMs), start + 420_000 + nowMs)).toBe(true);
      }),
    );
  });
});
