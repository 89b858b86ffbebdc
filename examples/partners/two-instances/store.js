import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const longestHoldMs = 30_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Customers' sessions and tokens in a folder that several processes share; one file and one lock for each customer. */
export class Store {
  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  async create(record) {
    const id = randomBytes(32).toString('base64url');
    await this.#write(id, record);
    return id;
  }

  /** What is known of a customer; null for an id that nobody has. */
  async read(id) {
    if (!/^[\w-]{43}$/.test(id ?? '')) return null;
    try {
      return JSON.parse(await readFile(this.#file(id), 'utf8'));
    } catch (error) {
      if (error.code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Lets `change` work on what is stored while no other process does; it is stored, also where `change` throws. */
  async update(id, change) {
    const lock = `${this.#file(id)}.lock`;
    await acquire(lock);
    try {
      const record = await this.read(id);
      try {
        return await change(record);
      } finally {
        if (record !== null) await this.#write(id, record);
      }
    } finally {
      await unlink(lock).catch(() => undefined);
    }
  }

  async #write(id, record) {
    const file = this.#file(id);
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
    await rename(draft, file);
  }

  // A hash: who may list the folder shall not have the sessions.
  #file(id) {
    return join(this.#folder, createHash('sha256').update(id).digest('hex'));
  }
}

async function acquire(lock) {
  for (;;) {
    try {
      await (await open(lock, 'wx', 0o600)).close();
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    // The process that held it may have been killed.
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
    if (mtimeMs < Date.now() - longestHoldMs) await unlink(lock).catch(() => undefined);
    await pause(20);
  }
}
