import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileTokenStore } from './file-token-store.js';
import type { GrantRecord } from './grant-record.js';
import { createMemoryTokenStore } from './memory-token-store.js';
import type { TokenStore } from './token-store.js';

const record = (accessToken: string): GrantRecord => ({
  schema: 1,
  grantId: 'synthetic-grant',
  status: 'active',
  reason: null,
  tokens: {
    accessToken,
    accessTokenExpiresAt: null,
    expiresInSeconds: null,
    refreshToken: null,
    scope: null,
    idToken: null,
    idTokenClaims: null,
    requestedAt: 0,
  },
  refreshTokenIssuedAt: 0,
  refreshing: null,
  failure: null,
});
const conflict = { code: 'ERR_TOKEN_STORE_CONFLICT' };
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'homologa-store-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const stores: [string, () => () => TokenStore][] = [
  [
    'memory',
    () => {
      const store = createMemoryTokenStore();
      return () => store;
    },
  ],
  ['file', () => () => createFileTokenStore(join(directory, 'nested', 'grants'))],
];

describe.each(stores)('a %s token store', (_kind, setUp) => {
  it('saves by compare-and-swap', async () => {
    const store = setUp()();
    expect(await store.load('a')).toBeNull();
    const { version } = await store.save('a', record('one'), null);
    await expect(store.save('a', record('two'), null)).rejects.toMatchObject(conflict);
    await expect(store.save('a', record('two'), version + 1)).rejects.toMatchObject(conflict);
    expect((await store.load('a'))?.value.tokens.accessToken).toBe('one');
    const second = await store.save('a', record('two'), version);
    await expect(store.save('a', record('three'), version)).rejects.toMatchObject(conflict);
    expect(await store.load('a')).toEqual({ value: record('two'), version: second.version });
  });

  it('keeps keys apart, whatever they hold', async () => {
    const store = setUp()();
    const keys = ['a', 'A', '../x', 'cliente/ção 1', '', 'x'.repeat(500)];
    for (const key of keys) await store.save(key, record(`token of ${key}`), null);
    expect([...(await store.list())].sort()).toEqual([...keys].sort());
    for (const key of keys) expect((await store.load(key))?.value.tokens.accessToken).toBe(`token of ${key}`);
  });

  it('a removed record is gone, and its old version never fits again', async () => {
    const store = setUp()();
    const { version } = await store.save('a', record('one'), null);
    await expect(store.remove('a', version + 1)).rejects.toMatchObject(conflict);
    await store.remove('a', version);
    expect([await store.load('a'), await store.list()]).toEqual([null, []]);
    await store.remove('a', version);
    const again = await store.save('a', record('two'), null);
    expect(again.version).toBeGreaterThan(version);
    await expect(store.save('a', record('old'), version)).rejects.toMatchObject(conflict);
  });

  it('of many simultaneous saves from several instances exactly one wins each round', async () => {
    const open = setUp();
    const instances = Array.from({ length: 8 }, open);
    let winningVersion: number | null = null;
    for (let round = 0; round < 25; round += 1) {
      const ifVersion: number | null = winningVersion;
      const saves: PromiseSettledResult<{ version: number }>[] = await Promise.allSettled(
        instances.map((store, index) => store.save('a', record(`${String(round)}-${String(index)}`), ifVersion)),
      );
      const winners = saves.flatMap((save, index) => (save.status === 'fulfilled' ? [{ index, ...save.value }] : []));
      expect(winners).toHaveLength(1);
      const [winner] = winners;
      winningVersion = winner?.version ?? null;
      const stored = await open().load('a');
      expect(stored?.value.tokens.accessToken).toBe(`${String(round)}-${String(winner?.index)}`);
    }
  });
});

describe('createFileTokenStore', () => {
  const newest = async () => {
    const names = (await readdir(directory)).filter((name) => name.endsWith('.json'));
    const version = (name: string) => Number(name.split('.')[1]);
    return join(directory, names.sort((a, b) => version(b) - version(a))[0] ?? '');
  };

  it('makes its directory at the first save, so that whoever only looks needs no right to write', async () => {
    const absent = join(directory, 'not', 'there');
    const store = createFileTokenStore(absent);
    expect(await store.load('a')).toBeNull();
    expect(await store.list()).toEqual([]);
    await expect(stat(absent)).rejects.toMatchObject({ code: 'ENOENT' });
    await store.save('a', record('one'), null);
    expect((await stat(absent)).mode & 0o777).toBe(0o700);
  });

  it('survives a process killed before its file had its name, and removes what that left', async () => {
    const store = createFileTokenStore(directory);
    const { version } = await store.save('a', record('one'), null);
    const stem = (await readdir(directory))[0]?.split('.')[0] ?? '';
    const left = join(directory, `${stem}.00000000-0000-4000-8000-000000000000.tmp`);
    await writeFile(left, '{"key":"a","value":{"schema":1,"tok');
    await utimes(left, 0, 0);
    expect((await createFileTokenStore(directory).load('a'))?.value.tokens.accessToken).toBe('one');
    await store.save('a', record('two'), version);
    expect((await readdir(directory)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('writes for its owner only, and leaves no dead token behind', async () => {
    const store = createFileTokenStore(directory);
    let { version } = await store.save('a', record('token-0'), null);
    for (let turn = 1; turn < 40; turn += 1)
      ({ version } = await store.save('a', record(`token-${String(turn)}`), version));
    const names = await readdir(directory);
    expect(names.length).toBeLessThan(20);
    expect((await stat(await newest())).mode & 0o777).toBe(0o600);
    const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
    expect(texts.filter((text) => text.includes('token-')).length).toBe(1);
    expect((await store.load('a'))?.value.tokens.accessToken).toBe('token-39');
  });

  it.each(['', '{"key":"a"', '[]', '{"key":"a","value":{"schema":2}}', '{"key":"other","value":null}'])(
    'says so when its file holds %j',
    async (text) => {
      const store = createFileTokenStore(directory);
      await store.save('a', record('one'), null);
      await store.save('b', record('two'), null);
      const file = await newest();
      const damaged = JSON.parse(await readFile(file, 'utf8')) as { key: string };
      await writeFile(file, text.replace('"key":"a"', `"key":"${damaged.key}"`));
      await expect(store.load(damaged.key)).rejects.toMatchObject({ code: 'ERR_TOKEN_STORE_CORRUPT' });
      await expect(store.save(damaged.key, record('three'), 1)).rejects.toMatchObject({
        code: 'ERR_TOKEN_STORE_CORRUPT',
      });
      expect(await store.list()).toEqual(['a', 'b'].filter((key) => key !== damaged.key));
    },
  );
});
