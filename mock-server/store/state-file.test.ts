import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StateFileError } from './state-file-error.js';
import { StateFile } from './state-file.js';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-state-'));
  path = join(folder, 'state');
});
afterEach(async () => {
  vi.doUnmock('./state-engine.js');
  vi.doUnmock('classic-level');
  vi.resetModules();
  await rm(folder, { recursive: true, force: true });
});

type Contents = Record<string, unknown>;

async function openAndRead(): Promise<{ file: StateFile; contents: Contents }> {
  const contents: Contents = {};
  const file = await StateFile.open(path, (key, value) => {
    contents[key] = value;
  });
  return { file, contents };
}

async function read(): Promise<Contents> {
  const { file, contents } = await openAndRead();
  await file.close();
  return contents;
}

/** What opening is refused with; null where it is not. */
async function refusal(): Promise<Pick<StateFileError, 'code' | 'message'> | null> {
  try {
    await read();
    return null;
  } catch (error) {
    if (!(error instanceof StateFileError)) throw error;
    return error;
  }
}

async function write(contents: Contents): Promise<void> {
  const { file } = await openAndRead();
  for (const [key, value] of Object.entries(contents)) file.put(key, value, true);
  await file.close();
}

describe('StateFile', () => {
  it('gives back, in the order of keys, what was put, put again and removed', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      value: fc.option(fc.jsonValue(), { nil: undefined }),
      then: fc.constantFrom('nothing', 'settle', 'reopen'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        path = await mkdtemp(join(folder, 'each-'));
        const expected = new Map<string, unknown>();
        let { file } = await openAndRead();
        for (const { key, value, then } of steps) {
          if (value !== undefined) {
            file.put(key, value, !expected.has(key));
            expected.set(key, JSON.parse(JSON.stringify(value)));
          } else if (expected.delete(key)) file.remove(key);
          if (then === 'settle') await file.settled();
          if (then === 'reopen') {
            await file.close();
            ({ file } = await openAndRead());
          }
        }
        await file.close();
        const contents = await read();
        expect(contents).toEqual(Object.fromEntries(expected));
        expect(Object.keys(contents)).toEqual([...expected.keys()].sort());
      }),
      { numRuns: 40 },
    );
  });

  it('has nothing to wait for when all is written, and one batch for all that wait', async () => {
    const writes: number[] = [];
    let finish = (): void => undefined;
    vi.doMock('./state-engine.js', async (original) => ({
      ...(await original<object>()),
      openStateEngine: async () => ({
        get: async () => undefined,
        entries: async function* () {},
        close: async () => undefined,
        write: (batch: readonly unknown[]) =>
          new Promise<void>((resolve) => {
            writes.push(batch.length);
            finish = resolve;
          }),
      }),
    }));
    const { StateFile: Isolated } = await import('./state-file.js');
    const file = await Isolated.open(path, () => undefined);
    expect(file.settled()).toBe(undefined);
    file.put('a', 1, true);
    const first = file.settled();
    const settled: string[] = [];
    const waiting = ['b', 'c', 'd'].map(async (key) => {
      file.put(key, 1, true);
      await file.settled();
      settled.push(key);
    });
    finish();
    await first;
    await vi.waitFor(() => expect(writes).toHaveLength(2));
    expect(settled).toEqual([]);
    finish();
    await Promise.all(waiting);
    // Each with the header.
    expect([writes, file.settled()]).toEqual([[2, 4], undefined]);
  });

  it('tells everybody who waits of a write that failed, and writes it with the next', async () => {
    const writes: (readonly (readonly [string, string | null])[])[] = [];
    let fails = true;
    vi.doMock('./state-engine.js', async (original) => ({
      ...(await original<object>()),
      openStateEngine: async () => ({
        get: async () => undefined,
        entries: async function* () {},
        close: async () => undefined,
        write: async (batch: readonly (readonly [string, string | null])[]) => {
          if (fails) throw new Error('no space left');
          writes.push(batch);
        },
      }),
    }));
    const { StateFile: Isolated } = await import('./state-file.js');
    const file = await Isolated.open(path, () => undefined);
    file.put('a', 1, true);
    file.put('b', 1, true);
    const outcomes = await Promise.allSettled([file.settled(), file.settled()]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ERR_STORE_WRITE' } });
      expect(outcome).toMatchObject({ reason: { message: expect.stringContaining('no space left') as unknown } });
    }
    file.put('b', 2, false);
    fails = false;
    await file.settled();
    expect(writes).toHaveLength(1);
    const written = new Map(writes[0]?.map(([key, text]) => [key, text?.slice(8)]));
    expect(Object.fromEntries(written)).toEqual({ a: '1', b: '2', '!homologa': '{"format":1,"entries":2}' });
  });
});

describe('a first start that did not come to its end', () => {
  it.each([
    ['before the engine wrote', ['LOCK', 'LOG']],
    ['before the engine marked it as whole', ['LOCK', 'LOG', 'MANIFEST-000001', '000001.dbtmp']],
  ])('%s is begun again', async (_when, names) => {
    await mkdir(path);
    for (const name of names) await writeFile(join(path, name), '');
    expect(await read()).toEqual({});
    await write({ a: 1 });
    expect(await read()).toEqual({ a: 1 });
  });
});

describe('a file is refused', () => {
  it('while another has it open, and had when that is closed', async () => {
    const { file } = await openAndRead();
    expect(await refusal()).toMatchObject({
      code: 'ERR_STORE_IN_USE',
      message: expect.stringContaining('in use by another') as unknown,
    });
    await file.close();
    expect(await refusal()).toBe(null);
  });

  it('of a newer version, which says what to do', async () => {
    await write({ a: 1 });
    const database = new ClassicLevel(path);
    const { crc32 } = await import('node:zlib');
    const json = '{"format":2,"entries":1,"new":true}';
    await database.put('!homologa', crc32(`!homologa\n${json}`).toString(16).padStart(8, '0') + json);
    await database.close();
    expect(await refusal()).toMatchObject({
      code: 'ERR_STORE_NEWER',
      message: expect.stringMatching(/newer homologa \(format 2, this one reads 1\)/) as unknown,
    });
  });

  it('that is a file, a folder of something else, or another program’s database; all are left as they are', async () => {
    await writeFile(path, 'text');
    expect(await refusal()).toMatchObject({ code: 'ERR_STORE_UNUSABLE' });
    expect(await readFile(path, 'utf8')).toBe('text');
    await rm(path);
    await mkdir(path);
    await writeFile(join(path, 'notes.txt'), 'text');
    expect(await refusal()).toMatchObject({ code: 'ERR_STORE_UNUSABLE' });
    expect(await readdir(path)).toEqual(['notes.txt']);
    await rm(path, { recursive: true });
    const other = new ClassicLevel(path);
    await other.put('key', 'value');
    await other.close();
    expect(await refusal()).toMatchObject({
      code: 'ERR_STORE_UNUSABLE',
      message: expect.stringContaining('of another program') as unknown,
    });
    await other.open();
    expect(await other.get('key')).toBe('value');
    await other.close();
  });

  it('where it cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    path = join(folder, 'file', 'state');
    expect(await refusal()).toMatchObject({ code: 'ERR_STORE_UNUSABLE' });
  });

  it('without the engine, and says how to have it', async () => {
    vi.doMock('classic-level', () => {
      throw new Error('Cannot find package');
    });
    const { StateFile: Isolated } = await import('./state-file.js');
    await expect(Isolated.open(path, () => undefined)).rejects.toMatchObject({
      code: 'ERR_STORE_ENGINE_MISSING',
      message: expect.stringContaining('npm install classic-level') as unknown,
    });
    await expect(stat(path)).rejects.toThrow();
  });
});

describe('a damaged file', () => {
  const contents = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [
      `key-${String(index).padStart(3, '0')}`,
      { text: 'x'.repeat(index), index },
    ]),
  );

  it('is refused, or read as it was: whichever byte of it was changed', async () => {
    // Once as the engine leaves it in its log, once as it leaves it in its tables.
    await write(contents);
    const whole = path;
    for (const reopened of [false, true]) {
      path = whole;
      if (reopened) await read();
      const names = (await readdir(path)).filter((name) => /^(CURRENT|MANIFEST-.*|.*\.(log|ldb))$/.test(name));
      const original = new Map(
        await Promise.all(names.map(async (name) => [name, await readFile(join(path, name))] as const)),
      );
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...names), fc.double({ min: 0, max: 1, noNaN: true }), async (name, where) => {
          path = await mkdtemp(join(folder, 'each-'));
          for (const [each, bytes] of original) {
            const changed = Buffer.from(bytes);
            const at = Math.min(Math.floor(where * bytes.length), bytes.length - 1);
            if (each === name && at >= 0) changed[at] = (changed[at] ?? 0) ^ 0x55;
            await writeFile(join(path, each), changed);
          }
          const refusedWith = await refusal();
          if (refusedWith === null) expect(await read()).toEqual(contents);
          else {
            refused += 1;
            expect(refusedWith.code).toMatch(/^ERR_STORE_(DAMAGED|UNUSABLE)$/);
          }
        }),
        { numRuns: 60 },
      );
      expect(refused).toBeGreaterThan(20);
    }
  });

  it('is refused when a part of it is cut off or gone', async () => {
    await write(contents);
    await read();
    const [table = ''] = (await readdir(path)).filter((name) => name.endsWith('.ldb'));
    await truncate(join(path, table), 1000);
    expect(await refusal()).toMatchObject({ code: 'ERR_STORE_DAMAGED' });
    await rm(join(path, table));
    expect(await refusal()).toMatchObject({ code: 'ERR_STORE_DAMAGED' });
    await rm(join(path, 'CURRENT'));
    expect(await refusal()).toMatchObject({ code: 'ERR_STORE_DAMAGED' });
    expect(await readdir(path)).not.toContain('CURRENT');
  });
});
