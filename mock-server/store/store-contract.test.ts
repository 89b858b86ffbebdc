import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileKeeper } from '../tenants/file-keeper.js';
import {
  accessOf,
  account,
  codeOf,
  day,
  grantOf,
  minute,
  refreshOf,
  remembered,
  start,
} from '../testing/grant-records.js';
import { MemoryStore } from './memory-store.js';
import { expiresAtMs } from './records.js';
import type { IssuedRecord } from './records.js';
import type { Store } from './store.js';

/** A store, and how it is had again by the next process. */
interface OpenStore {
  readonly store: Store;
  /** The same store, where it forgets with its process. */
  readonly reopen: () => Promise<OpenStore>;
  readonly close: () => Promise<void>;
}

const kinds: readonly { readonly name: string; readonly open: (folder: string) => Promise<OpenStore> }[] = [
  { name: 'in memory', open: async () => openInMemory(new MemoryStore()) },
  { name: 'in a file', open: async (folder) => openInFile(await mkdtemp(join(folder, 'state-'))) },
];

function openInMemory(store: Store): OpenStore {
  return { store, reopen: async () => openInMemory(store), close: async () => undefined };
}

async function openInFile(path: string): Promise<OpenStore> {
  const keeper = await openFileKeeper(path);
  return {
    store: keeper.memoryOf('default').store,
    reopen: async () => {
      await keeper.close();
      return openInFile(path);
    },
    close: () => keeper.close(),
  };
}

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-store-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What every store does, wherever it keeps what it knows. */
describe.each(kinds)('a store $name', ({ open }) => {
  let opened: OpenStore;
  let store: Store;
  let others: OpenStore[] = [];
  beforeEach(async () => {
    opened = await open(folder);
    store = opened.store;
  });
  afterEach(async () => {
    for (const { close } of [opened, ...others]) await close();
    others = [];
  });

  async function reopen(): Promise<void> {
    opened = await opened.reopen();
    store = opened.store;
  }

  /** Another, empty store. */
  async function fresh(): Promise<Store> {
    const other = await open(folder);
    others.push(other);
    return other.store;
  }

  async function knownRecords(keys: readonly string[], of = store): Promise<string[]> {
    const known: string[] = [];
    for (const key of keys) {
      if ((await of.code(key)) ?? (await of.accessToken(key)) ?? (await of.refreshToken(key))) known.push(key);
    }
    return known;
  }

  describe('commit', () => {
    it('makes a grant with its records, and finds each by its key and kind', async () => {
      const grant = grantOf('g', { code: 'c', accessTokens: ['a'], refreshTokens: ['r'] });
      const put: IssuedRecord[] = [codeOf('g', 'c'), accessOf('g', 'a'), refreshOf('g', 'r')];
      expect(await store.commit({ grant, expectedVersion: null, put })).toBe(true);
      await reopen();
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
      await reopen();
      expect((await store.grant('g'))?.scope).toBe(exists ? 'saldo' : undefined);
      expect(await store.accessToken('a')).toBe(undefined);
    });

    it('lets exactly one of any number of racing changes win, round after round', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), async (rounds) => {
          const raced = await fresh();
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

  describe('grants', () => {
    it('are listed oldest first, whatever their names and whoever asks', async () => {
      for (const [index, id] of ['z', 'm', 'a'].entries()) {
        const grant = grantOf(id, { createdAtMs: start + index, accessTokens: [`of-${id}`] });
        await store.commit({ grant, expectedVersion: null, put: [accessOf(id, `of-${id}`)] });
      }
      for (const changed of ['z', 'a']) {
        const grant = await store.grant(changed);
        if (grant === undefined) throw new Error('the grant is gone');
        await store.commit({ grant: { ...grant, version: 2 }, expectedVersion: 1, put: [] });
      }
      for (let asked = 0; asked < 2; asked += 1) {
        expect((await store.grants()).map(({ id }) => id)).toEqual(['z', 'm', 'a']);
        expect((await store.grantsWithAccessTokens(account)).map(({ id }) => id)).toEqual(['z', 'm', 'a']);
        await reopen();
      }
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
      for (const [index, grant] of grants.entries()) {
        await store.commit({ grant: { ...grant, createdAtMs: start + index }, expectedVersion: null, put: [] });
      }
      await reopen();
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
      expect(await store.commit({ grant: next, expectedVersion: 2, put: [], endsOtherAccessTokens: ending })).toBe(
        false,
      );
      expect((await store.accessToken('o'))?.death).toBe(null);
      expect(
        await store.commit({
          grant: next,
          expectedVersion: 1,
          put: [accessOf('mine', 'n')],
          endsOtherAccessTokens: ending,
        }),
      ).toBe(true);
      await reopen();
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
      await reopen();
      expect(await knownRecords(['c', 'a', 'r'])).toEqual(['c', 'a', 'r']);
      await store.sweep(start + 8 * minute + remembered);
      expect(await knownRecords(['c', 'a', 'r'])).toEqual(['c', 'r']);
      await reopen();
      await store.sweep(start + 11 * minute + remembered);
      expect(await knownRecords(['c', 'a', 'r'])).toEqual(['r']);
      expect(await store.grants()).toHaveLength(1);
      expect(await store.grantsWithAccessTokens(account)).toHaveLength(1);
      await store.sweep(start + 30 * day + remembered + minute);
      await reopen();
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
      await reopen();
      await store.sweep(start + day + remembered + minute);
      expect(await knownRecords(['r'])).toEqual([]);
    });

    it('forgets nothing early and everything late, whatever lives how long', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }),
          fc.integer({ min: 0, max: 90 }),
          async (lifetimes, swept) => {
            const store = await fresh();
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
            expect(
              await knownRecords(
                tokens.map(({ key }) => key),
                store,
              ),
            ).toEqual(kept.map(({ key }) => key));
            expect((await store.grants()).map(({ id }) => id)).toEqual(kept.map(({ grantId }) => grantId));
          },
        ),
        { numRuns: 50 },
      );
    });
  });

  describe('clear', () => {
    it('is empty after it was cleared, and remembers anew', async () => {
      const grant = grantOf('g', { accessTokens: ['a'] });
      await store.commit({ grant, expectedVersion: null, put: [accessOf('g', 'a')] });
      await store.clear();
      await reopen();
      expect([await store.grants(), await knownRecords(['a']), await store.grantsWithAccessTokens(account)]).toEqual([
        [],
        [],
        [],
      ]);
      expect(await store.commit({ grant, expectedVersion: null, put: [accessOf('g', 'a')] })).toBe(true);
      expect(await knownRecords(['a'])).toEqual(['a']);
    });
  });

  describe('whoever reads it next', () => {
    it('finds what was committed, whatever was', async () => {
      const change = fc.record({
        grant: fc.nat(4),
        kind: fc.constantFrom('code' as const, 'access-token' as const, 'refresh-token' as const),
        key: fc.nat(12),
        dies: fc.boolean(),
        ends: fc.boolean(),
        lifetimeMs: fc.integer({ min: 1, max: 20 * 24 * 60 }).map((minutes) => minutes * minute),
        then: fc.constantFrom('commit' as const, 'commit' as const, 'sweep' as const, 'reopen' as const),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (changes) => {
          let subject = await open(folder);
          const model = new MemoryStore();
          for (const [index, { grant: number, kind, key, dies, ends, lifetimeMs, then }] of changes.entries()) {
            const id = `g${String(number)}`;
            const known = await model.grant(id);
            // No value is of two grants: it is random.
            const name = `${kind} ${String(key)} of ${id}`;
            const made = { code: codeOf, 'access-token': accessOf, 'refresh-token': refreshOf }[kind](id, name);
            const put: IssuedRecord[] = [
              { ...made, lifetimeMs, death: dies ? 'rotated' : null, diedAtMs: dies ? start + index : null },
            ];
            const next = {
              grant: grantOf(id, {
                createdAtMs: start + number,
                version: (known?.version ?? 0) + 1,
                accessTokens: kind === 'access-token' ? [name] : [],
                refreshTokens: kind === 'refresh-token' ? [name] : [],
                code: kind === 'code' ? name : null,
              }),
              expectedVersion: known?.version ?? null,
              put,
              ...(ends
                ? { endsOtherAccessTokens: { because: 'newer-access-token' as const, atMs: start + index } }
                : {}),
            };
            for (const each of [subject.store, model]) {
              expect(await each.commit(next)).toBe(true);
              if (then === 'sweep') await each.sweep(start + 8 * day + index * day);
            }
            if (then === 'reopen') subject = await subject.reopen();
          }
          subject = await subject.reopen();
          others.push(subject);
          const look = async (each: Store): Promise<unknown> => ({
            grants: (await each.grants()).toSorted((first, second) => first.id.localeCompare(second.id)),
            records: await Promise.all(
              changes.map(async ({ grant: number, kind, key }) => {
                const name = `${kind} ${String(key)} of g${String(number)}`;
                return [await each.code(name), await each.accessToken(name), await each.refreshToken(name)];
              }),
            ),
          });
          expect(await look(subject.store)).toEqual(await look(model));
        }),
        { numRuns: 40 },
      );
    });
  });
});
