import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import * as v from 'valibot';
import { packagePaths } from './package-paths.js';
import type { ScenarioSelection } from './scenario-selection.js';

/** What a shard's process is told to do. */
export const shardOrderSchema = v.object({
  target: v.string(),
  bank: v.nullable(v.picklist(['bs2', 'btg'])),
  tags: v.nullable(v.string()),
  exchanges: v.boolean(),
  /** `2/3`: each third scenario, from the second on. */
  shard: v.string(),
});

/** What it tells back: messages as they come, in the end why cucumber gave up, or null. */
export const shardReportSchema = v.union([
  v.object({ messages: v.array(v.unknown()) }),
  v.object({ ended: v.nullable(v.string()) }),
]);

/** What the processes of a run have in common. */
export interface ShardedRun extends ScenarioSelection {
  /** `mock`, or the absolute path of a target file: each process opens it for itself. */
  readonly target: string;
  readonly exchanges: boolean;
  readonly signal?: AbortSignal | undefined;
  /** `shard` counts from 0. */
  readonly onMessage: (shard: number, message: unknown) => void;
}

let waiting: ChildProcess[] = [];

/**
 * Starts processes that load all that scenarios need, while this one does. They end with this process, also when nobody
 * ever asks for them.
 */
export function preloadShards(count: number): void {
  const program = packagePaths.shardProcess;
  while (waiting.length < count) {
    const child = fork(program, { env: { ...process.env, HOMOLOGA_SHARD: String(waiting.length + 2) } });
    child.unref();
    child.channel?.unref();
    waiting.push(child);
  }
}

/**
 * Plays in `count` other processes all that this one leaves: it plays the first of `count + 1` parts itself.
 *
 * @returns once all have ended, what was wrong with them
 */
export async function playShards(count: number, run: ShardedRun): Promise<readonly string[]> {
  preloadShards(count);
  const children = waiting.slice(0, count);
  waiting = waiting.slice(count);
  const ends = children.map((child, index) =>
    playShard(child, index, `${String(index + 2)}/${String(count + 1)}`, run),
  );
  return (await Promise.all(ends)).flatMap((fault) => fault ?? []);
}

function playShard(child: ChildProcess, index: number, shard: string, run: ShardedRun): Promise<string | null> {
  const { target, bank, tags, exchanges, signal } = run;
  return new Promise((resolve) => {
    let ended: string | null | undefined;
    const stop = (): void => void child.send({ stop: true });
    child.ref();
    child.on('message', (told) => {
      const report = v.parse(shardReportSchema, told);
      if ('ended' in report) ended = report.ended;
      else for (const message of report.messages) run.onMessage(index, message);
    });
    child.once('error', (error) => {
      ended = `the process of the part ${shard} could not be started: ${error.message}`;
    });
    child.once('close', (code) => {
      signal?.removeEventListener('abort', stop);
      resolve(ended === undefined ? `the process of the part ${shard} ended with ${String(code)}` : ended);
    });
    child.send({ target, bank, tags, exchanges, shard } satisfies v.InferOutput<typeof shardOrderSchema>);
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}
