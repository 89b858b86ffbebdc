import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, stat, truncate, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { grantRecordSchema, type GrantRecord } from './grant-record.js';
import { TokenStoreConflictError, TokenStoreCorruptError, type TokenStore } from './token-store.js';

const fileSchema = v.object({ key: v.string(), value: v.nullable(grantRecordSchema) });
type Content = v.InferOutput<typeof fileSchema>;

// Emptied old versions that are kept as markers; see `save`.
const keptMarkers = 16;

/**
 * A store in a directory, safe for several processes on one machine, without locks that a crash could leave behind.
 *
 * Each version of a record is a file of its own, `<hash of the key>.<version>.json`. Saving writes a temporary file,
 * forces it to disk and then *links* it to the name of the next version: the operating system lets exactly one
 * process create a name, which is the compare-and-swap; and a file that has its name is complete, so nothing is ever
 * half written. A process killed in between leaves a temporary file, which the next save of that key removes. The
 * highest version counts.
 *
 * Directory 0700, files 0600. The tokens are in clear: put the directory where secrets belong. Needs hard links,
 * which every usual file system has, FAT and some network mounts excepted.
 *
 * @throws TokenStoreCorruptError (as rejection of `load`, `save`, `remove`) when the newest file is not what a store
 * writes; `list` leaves such a record out.
 */
export function createFileTokenStore(directory: string): TokenStore {
  async function versionsOf(stem: string): Promise<number[]> {
    return (await namesIn(directory)).map((name) => versionIn(name, stem)).filter((version) => version !== null);
  }

  async function read(stem: string): Promise<{ content: Content; version: number } | null> {
    const version = Math.max(0, ...(await versionsOf(stem)));
    if (version === 0) return null;
    const file = join(directory, fileName(stem, version));
    const text = await readFile(file, 'utf8').catch(() => '');
    const content = text === '' ? null : parseContent(text);
    if (content !== null && stemOf(content.key) === stem) return { content, version };
    // Emptied or removed by a newer save while it was read: look again. Still the newest: it is damaged.
    if (Math.max(0, ...(await versionsOf(stem))) !== version) return read(stem);
    throw new TokenStoreCorruptError(file, text === '' ? 'it is empty' : 'it is not a record of this version');
  }

  async function write(
    key: string,
    value: GrantRecord | null,
    version: number,
    ifVersion: number | null,
  ): Promise<void> {
    const stem = stemOf(key);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const temporary = join(directory, `${stem}.${randomUUID()}.tmp`);
    try {
      await writeDurably(temporary, JSON.stringify({ key, value } satisfies Content));
      await link(temporary, join(directory, fileName(stem, version)));
    } catch (error) {
      if (hasCode(error, 'EEXIST')) throw new TokenStoreConflictError(ifVersion);
      throw error;
    } finally {
      await unlink(temporary).catch(() => undefined);
    }
    await syncDirectory(directory);
    // A writer that slept through so many versions that its own name was free again must not believe that it won.
    if ((await versionsOf(stem)).some((other) => other >= version + keptMarkers)) {
      await unlink(join(directory, fileName(stem, version))).catch(() => undefined);
      throw new TokenStoreConflictError(ifVersion);
    }
    await tidy(directory, stem, version);
  }

  return {
    async load(key) {
      const record = await read(stemOf(key));
      if (record === null || record.content.value === null) return null;
      return { value: record.content.value, version: record.version };
    },
    async save(key, next, ifVersion) {
      const record = await read(stemOf(key));
      const current = record === null || record.content.value === null ? null : record.version;
      if (current !== ifVersion) throw new TokenStoreConflictError(ifVersion);
      const version = (record?.version ?? 0) + 1;
      await write(key, next, version, ifVersion);
      return { version };
    },
    async remove(key, ifVersion) {
      const record = await read(stemOf(key));
      if (record === null || record.content.value === null) return;
      if (record.version !== ifVersion) throw new TokenStoreConflictError(ifVersion);
      // Not the file is removed but its content: versions must go on growing (see StoredGrant).
      await write(key, null, record.version + 1, ifVersion);
    },
    async list() {
      const stems = new Set((await namesIn(directory)).map(stemIn).filter((stem) => stem !== null));
      // One damaged record must not hide the others: `load` is what reports it.
      const records = await Promise.all([...stems].map((stem) => read(stem).catch(ignoreCorrupt)));
      return records.flatMap((record) =>
        record === null || record.content.value === null ? [] : [record.content.key],
      );
    },
  };
}

/** The directory is made by the first save, so that whoever only reads leaves nothing behind. */
async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
}

// A hash, since a key may hold anything, and file systems fold case.
const stemOf = (key: string) => createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 40);
const fileName = (stem: string, version: number) => `${stem}.${String(version)}.json`;
const stemIn = (name: string) => /^([0-9a-f]{40})\.\d+\.json$/.exec(name)?.[1] ?? null;

function versionIn(name: string, stem: string): number | null {
  const match = /^([0-9a-f]{40})\.(\d{1,15})\.json$/.exec(name);
  return match !== null && match[1] === stem ? Number(match[2]) : null;
}

function parseContent(text: string): Content | null {
  try {
    const result = v.safeParse(fileSchema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

function ignoreCorrupt(error: unknown): null {
  if (error instanceof TokenStoreCorruptError) return null;
  throw error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function using(handle: FileHandle, work: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  await using(await open(file, 'wx', 0o600), async (handle) => {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  });
}

/** Makes the new name survive a power failure too; where directories cannot be synced (Windows) the system must do. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    await using(await open(directory, 'r'), (handle) => handle.sync());
  } catch (error) {
    if (!hasCode(error, 'EPERM') && !hasCode(error, 'EISDIR') && !hasCode(error, 'EACCES') && !hasCode(error, 'EINVAL'))
      throw error;
  }
}

/**
 * Empties the versions before `version`, which hold dead tokens, removes old markers, and temporary files that a
 * killed process left:
 * those a minute older than the file just written, so that no writer at work loses its own. Others may be tidying
 * too, so what is gone already is as good as removed.
 */
async function tidy(directory: string, stem: string, version: number): Promise<void> {
  const ageLimit = (await stat(join(directory, fileName(stem, version))).catch(() => null))?.mtimeMs ?? 0;
  for (const name of await readdir(directory)) {
    const other = versionIn(name, stem);
    const file = join(directory, name);
    if (other !== null && other < version) {
      await (other > version - keptMarkers ? truncate(file) : unlink(file)).catch(() => undefined);
    } else if (name.startsWith(`${stem}.`) && name.endsWith('.tmp')) {
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
      if (mtimeMs < ageLimit - 60_000) await unlink(file).catch(() => undefined);
    }
  }
}
