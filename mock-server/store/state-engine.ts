import { readdir, stat } from 'node:fs/promises';
import type { ClassicLevel } from 'classic-level';
import { areLogsWhole } from './engine-log.js';
import { StateFileError } from './state-file-error.js';

/** One write: null removes the key. */
export type StateWrite = readonly [key: string, value: string | null];

/** The embedded engine behind a state file: sorted keys, and batches that happen whole or not at all. */
export interface StateEngine {
  get(key: string): Promise<string | undefined>;
  /** All keys in order. */
  entries(): AsyncIterable<[string, string]>;
  /**
   * Resolves when the operating system has the writes: a process that is killed then loses none of them. Where it
   * rejects, none of them happened, and they can be written again.
   */
  write(writes: readonly StateWrite[]): Promise<void>;
  close(): Promise<void>;
}

/** The file that every database of the engine has. */
const markFile = 'CURRENT';
/** What it makes before that file. Where nothing else is, a first start did not come to its end, and nothing was written. */
const beforeMark = /^(LOCK|LOG|LOG\.old|MANIFEST-000001|\d{6}\.dbtmp)$/;

/**
 * Opens the engine in the folder `path`, which is made where it is absent. Another process that has it open, or a
 * folder that holds something else, is refused before anything is written.
 *
 * @throws StateFileError
 */
export async function openStateEngine(path: string): Promise<StateEngine> {
  const isNew = await judgeFolder(path);
  const Level = await loadEngine(path);
  if (!isNew && !(await areLogsWhole(path))) throw damaged(path, 'its log is not as it was written');
  const database = new Level(path, { keyEncoding: 'utf8', valueEncoding: 'utf8', createIfMissing: isNew });
  try {
    await database.open();
  } catch (error) {
    throw unopenable(path, error);
  }
  let isLogBroken = false;
  return {
    get: (key) => database.get(key),
    entries: () => database.iterator(),
    write: async (writes) => {
      if (isLogBroken) {
        // A write that failed has left a part of itself, and the engine would write on behind that: a log that nobody can
        // read any more. Opened anew, it leaves the part out and begins another log.
        await database.close();
        await database.open({ createIfMissing: false }).catch((error: unknown) => {
          throw causeOf(error);
        });
        isLogBroken = false;
      }
      try {
        // Not synced to the disk: what the operating system has, no death of this process takes.
        await database.batch(
          writes.map(([key, value]) => (value === null ? { type: 'del', key } : { type: 'put', key, value })),
        );
      } catch (error) {
        isLogBroken = true;
        throw error;
      }
    },
    close: () => database.close(),
  };
}

/** True where a new database may be made. */
async function judgeFolder(path: string): Promise<boolean> {
  let names: string[];
  try {
    if (!(await stat(path)).isDirectory()) {
      const advice = `Expected a folder, or a path where one can be made, got the file ${path}; choose another path.`;
      throw new StateFileError('ERR_STORE_UNUSABLE', path, advice);
    }
    names = await readdir(path);
  } catch (error) {
    if (error instanceof StateFileError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw new StateFileError('ERR_STORE_UNUSABLE', path, `Cannot read ${path}: ${reasonOf(error)}.`, error);
  }
  if (names.includes(markFile)) return false;
  if (names.every((name) => beforeMark.test(name))) return true;
  // The engine would make a new database among them, and forget one whose mark was lost.
  const advice = `${path} holds files that are no state of homologa, or a part of it; choose an empty or a new folder.`;
  throw new StateFileError(
    names.some((name) => name.startsWith('MANIFEST-')) ? 'ERR_STORE_DAMAGED' : 'ERR_STORE_UNUSABLE',
    path,
    advice,
  );
}

/** An optional peer: most mocks keep nothing, and should not install an engine for it. */
async function loadEngine(path: string): Promise<typeof ClassicLevel> {
  try {
    return (await import('classic-level')).ClassicLevel;
  } catch (error) {
    throw new StateFileError(
      'ERR_STORE_ENGINE_MISSING',
      path,
      'Keeping state needs the package classic-level, which is not installed; install it beside homologa: npm install classic-level',
      error,
    );
  }
}

/** The engine's own error behind that of the package. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

function unopenable(path: string, error: unknown): StateFileError {
  const cause = causeOf(error);
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'LEVEL_LOCKED') {
    const advice = `${path} is in use by another mock server; stop that, or choose another path.`;
    return new StateFileError('ERR_STORE_IN_USE', path, advice, cause);
  }
  if (code === 'LEVEL_CORRUPTION') return damaged(path, reasonOf(cause));
  return new StateFileError('ERR_STORE_UNUSABLE', path, `Cannot open ${path}: ${reasonOf(cause)}.`, cause);
}

/** What is said of a state that is not as it was written. */
export function damaged(path: string, reason: string): StateFileError {
  const advice = `The state in ${path} is damaged (${reason}); restore a copy, or move it away and start anew.`;
  return new StateFileError('ERR_STORE_DAMAGED', path, advice, reason);
}

/** What the engine or the operating system said. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
