import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import * as v from 'valibot';
import { packagePaths } from './package-paths.js';
import { shardSchema } from './shard-plugin.js';

/** What a process that shares the scenarios is told to play. */
export const shardOrderSchema = v.object({
  /** `mock`, or the absolute path of a target file: each process opens it for itself. */
  target: v.string(),
  bank: v.nullable(v.picklist(['bs2', 'btg'])),
  tags: v.nullable(v.string()),
  exchanges: v.boolean(),
  shard: shardSchema,
});

/** What it tells back: messages as they come, in the end why cucumber gave up, or null. */
export const shardReportSchema = v.union([
  v.object({ messages: v.array(v.unknown()) }),
  v.object({ ended: v.nullable(v.string()) }),
]);

/** What the processes of a run have in common. */
export type SharedOrder = Omit<v.InferOutput<typeof shardOrderSchema>, 'shard'>;

interface Shard {
  readonly child: ChildProcess;
  readonly order: string;
  /** What it told before anybody listened. */
  readonly told: unknown[];
}

let early: Shard[] = [];

/**
 * Starts the other processes of a run ahead of it: they load, and play, while this one still loads. They end with this
 * process, also when the run never comes.
 */
export function startShards(count: number, order: SharedOrder): void {
  const program = packagePaths.shardProcess;
  early = Array.from({ length: count }, (_, index): Shard => {
    const part = index + 1;
    const child = fork(program, { env: { ...process.env, HOMOLOGA_SHARD: String(part + 1) } });
    const told: unknown[] = [];
    child.on('message', (report) => void told.push(report));
    // The channel alone keeps nobody waiting.
    child.unref();
    child.channel?.unref();
    child.send({ ...order, shard: { part, of: count + 1 } } satisfies v.InferOutput<typeof shardOrderSchema>);
    return { child, order: JSON.stringify(order), told };
  });
}

/** A run's share of what {@link startShards} began. */
export interface ShardsRun {
  readonly signal?: AbortSignal | undefined;
  /** `part` counts from 1; 0 is this process's own. */
  readonly onMessage: (part: number, message: unknown) => void;
}

/**
 * Plays in `count` other processes all that is not this one's part.
 *
 * @returns once all have ended, what was wrong with them
 */
export async function playShards(count: number, order: SharedOrder, run: ShardsRun): Promise<readonly string[]> {
  const isStarted = early.length === count && early.every((shard) => shard.order === JSON.stringify(order));
  if (!isStarted) startShards(count, order);
  const shards = early;
  early = [];
  const ends = shards.map((shard, index) => listen(shard, index + 1, run));
  return (await Promise.all(ends)).flatMap((fault) => fault ?? []);
}

function listen({ child, told }: Shard, part: number, { signal, onMessage }: ShardsRun): Promise<string | null> {
  return new Promise((resolve) => {
    let ended: string | null | undefined;
    const stop = (): void => void child.send({ stop: true });
    const hear = (said: unknown): void => {
      const report = v.parse(shardReportSchema, said);
      if ('ended' in report) ended = report.ended;
      else for (const message of report.messages) onMessage(part, message);
    };
    child.removeAllListeners('message');
    child.ref();
    child.channel?.ref();
    for (const said of told) hear(said);
    child.on('message', hear);
    child.once('error', (error) => {
      ended = `process ${String(part + 1)} of the run could not be started: ${error.message}`;
    });
    const finish = (code: number | null): void => {
      signal?.removeEventListener('abort', stop);
      resolve(ended === undefined ? `process ${String(part + 1)} of the run ended with ${String(code)}` : ended);
    };
    if (child.exitCode === null) child.once('close', finish);
    else finish(child.exitCode);
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}
