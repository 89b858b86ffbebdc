import { crc32 } from 'node:zlib';
import { damaged, openStateEngine, reasonOf } from './state-engine.js';
import type { StateEngine, StateWrite } from './state-engine.js';
import { StateFileError } from './state-file-error.js';

/** Of what this version writes, and the newest that it reads. */
const format = 1;
const headerKey = '!homologa';

/**
 * State in a file, as JSON values under keys. What is put is written together with all else that was put meanwhile,
 * in one batch: so a change of several keys is in the file whole or not at all, and a hundred requests that wait cost
 * little more than one. {@link StateFile.settled} tells when an answer that shows a change may leave.
 */
export class StateFile {
  readonly path: string;
  readonly #engine: StateEngine;
  /** Puts and removals (undefined) that no batch has taken yet; the last of a key counts. */
  #pending = new Map<string, unknown>();
  #writing: Promise<void> | null = null;
  #entryCount: number;
  #isFailing = false;
  #isClosed = false;

  private constructor(path: string, engine: StateEngine, entryCount: number) {
    this.path = path;
    this.#engine = engine;
    this.#entryCount = entryCount;
  }

  /**
   * Opens or makes the file and hands over what it holds, in the order of the keys.
   *
   * @throws StateFileError for a file in use, of a newer version, damaged, or not of homologa
   */
  static async open(path: string, restore: (key: string, value: unknown) => void): Promise<StateFile> {
    const engine = await openStateEngine(path);
    try {
      return new StateFile(path, engine, await readAll(path, engine, restore));
    } catch (error) {
      await engine.close();
      // What the engine says of a table that it cannot read has no code.
      throw error instanceof StateFileError ? error : damaged(path, reasonOf(error));
    }
  }

  /** `isNew`: the key is not in the file and not on its way there. `value` is written as it is when its turn comes. */
  put(key: string, value: unknown, isNew: boolean): void {
    if (isNew) this.#entryCount += 1;
    this.#pending.set(key, value);
  }

  /** Removes a key that was put. */
  remove(key: string): void {
    this.#entryCount -= 1;
    this.#pending.set(key, undefined);
  }

  /**
   * Resolves when all that was put until now survives the death of this process; undefined where it does already.
   * Rejects with StateFileError (`ERR_STORE_WRITE`) when it cannot be written; the next call tries again.
   */
  settled(): Promise<void> | undefined {
    // Who asks after the end has no answer to give any more.
    if (this.#isClosed) return undefined;
    if (this.#pending.size === 0) return this.#writing ?? undefined;
    return this.#writing === null ? this.#write() : this.#afterCurrent();
  }

  /** Writes what is left, and lets others have the file. */
  async close(): Promise<void> {
    try {
      await this.settled();
    } finally {
      this.#isClosed = true;
      await this.#writing?.catch(() => undefined);
      await this.#engine.close();
    }
  }

  async #afterCurrent(): Promise<void> {
    await this.#writing?.catch(() => undefined);
    // Whoever comes here first starts the batch that takes what all who wait have put.
    await this.settled();
  }

  #write(): Promise<void> {
    const taken = this.#pending;
    this.#pending = new Map();
    const header: StateWrite = [headerKey, sealed(headerKey, { format, entries: this.#entryCount })];
    const writes = [...taken].map(([key, value]): StateWrite => [key, value === undefined ? null : sealed(key, value)]);
    this.#writing = this.#engine.write([...writes, header]).then(
      () => {
        this.#writing = null;
        this.#isFailing = false;
      },
      (error: unknown) => {
        this.#writing = null;
        // Back to what waits, below what was put since.
        this.#pending = new Map([...taken, ...this.#pending]);
        const message = `Cannot write to ${this.path}: ${reasonOf(error)}. Answers fail until it can be written.`;
        // A bank's answer cannot say it; whoever runs the mock is told once, and not at each request.
        if (!this.#isFailing) process.emitWarning(message, { code: 'ERR_STORE_WRITE' });
        this.#isFailing = true;
        throw new StateFileError('ERR_STORE_WRITE', this.path, message, error);
      },
    );
    return this.#writing;
  }
}

/** Returns how many entries there are. */
async function readAll(
  path: string,
  engine: StateEngine,
  restore: (key: string, value: unknown) => void,
): Promise<number> {
  const expected = readHeader(path, await engine.get(headerKey));
  let count = 0;
  for await (const [key, text] of engine.entries()) {
    if (key === headerKey) continue;
    if (expected === null) {
      const advice = `${path} is a database of another program; choose another path.`;
      throw new StateFileError('ERR_STORE_UNUSABLE', path, advice);
    }
    count += 1;
    restore(key, unsealed(path, key, text));
  }
  // The engine leaves out, and says nothing of, what it finds broken at the end of its log.
  if (count !== (expected ?? 0)) {
    throw damaged(path, `${String(count)} entries in place of ${String(expected)}`);
  }
  return count;
}

/** The number of entries there should be; null for a new file. */
function readHeader(path: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const header = unsealed(path, headerKey, text);
  if (typeof header !== 'object' || header === null || !('format' in header) || typeof header.format !== 'number') {
    throw damaged(path, 'its header is not one');
  }
  if (header.format > format) {
    const advice = `The state in ${path} was written by a newer homologa (format ${String(header.format)}, this one reads ${String(format)}); use that version, or another path.`;
    throw new StateFileError('ERR_STORE_NEWER', path, advice);
  }
  if (!('entries' in header) || typeof header.entries !== 'number') throw damaged(path, 'its header is not one');
  return header.entries;
}

/** With a checksum over key and value, which the engine does not verify when it reads. */
function sealed(key: string, value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(key, json)}${json}`;
}

function unsealed(path: string, key: string, text: string): unknown {
  const json = text.slice(8);
  if (checksum(key, json) !== text.slice(0, 8)) throw damaged(path, 'an entry is not as it was written');
  return JSON.parse(json);
}

function checksum(key: string, json: string): string {
  return crc32(`${key}\n${json}`).toString(16).padStart(8, '0');
}
