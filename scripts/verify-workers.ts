import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { JudgedPartner } from './partner-verdict.js';

/** A run of `homologa verify`. */
export interface VerifyWork {
  /** The verify file; absolute. */
  readonly file: string;
  /** For the application, such as BUG. */
  readonly env: Readonly<Record<string, string>>;
  /** Ids of checks; empty for all. */
  readonly only: readonly string[];
}

const judgedSchema = v.object({
  exitCode: v.nullable(v.number()),
  checks: v.nullable(v.array(v.object({ id: v.string(), bank: v.string(), verdict: v.string() }))),
  said: v.string(),
});
const worker = fileURLToPath(new URL('verify-worker.ts', import.meta.url));

/** Processes that make runs of `homologa verify`, each one run at a time. */
export class VerifyWorkers {
  readonly #most: number;
  readonly #all = new Set<ChildProcess>();
  readonly #idle: ChildProcess[] = [];
  readonly #waiting: ((child: ChildProcess) => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws Error where the process ends in the midst of a run */
  async judge(work: VerifyWork): Promise<JudgedPartner> {
    const child = await this.#take();
    const died = once(child, 'exit').then(([code]): never => {
      throw new Error(`A process that makes runs of homologa verify ended with ${String(code)}.`);
    });
    child.send(work);
    const [judged] = v.parse(v.tuple([judgedSchema]), await Promise.race([once(child, 'message'), died]));
    died.catch(() => undefined);
    this.#give(child);
    return judged;
  }

  /** Ends the processes, each when its run is ended and its application gone. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#all].map(async (child) => {
        const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
        if (child.connected) child.disconnect();
        await exited;
      }),
    );
  }

  #take(): Promise<ChildProcess> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    if (this.#all.size >= this.#most) return new Promise((resolve) => this.#waiting.push(resolve));
    const child = fork(worker, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.setMaxListeners(0);
    this.#all.add(child);
    child.once('exit', () => this.#all.delete(child));
    return Promise.resolve(child);
  }

  #give(child: ChildProcess): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(child);
    else next(child);
  }
}
