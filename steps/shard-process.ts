import * as v from 'valibot';
import { playScenarios } from './play-scenarios.js';
import { scenarioSources } from './scenario-selection.js';
import { shardOrderSchema } from './scenario-shards.js';
import type { shardReportSchema } from './scenario-shards.js';

// A process that plays a part of a run's scenarios, as scenario-shards.ts tells it to.

const stopped = new AbortController();
// Ctrl-C reaches the whole process group; when to stop the run's own process says.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());

function tell(report: v.InferOutput<typeof shardReportSchema>): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(report, () => resolve());
  });
}

const isEndOfScenario = v.object({ testCaseFinished: v.object({}) });

async function play(order: v.InferOutput<typeof shardOrderSchema>): Promise<void> {
  let messages: unknown[] = [];
  const flush = (): Promise<void> => {
    const told = messages;
    messages = [];
    return tell({ messages: told });
  };
  const { target, exchanges, shard } = order;
  const fault = await playScenarios({
    sources: await scenarioSources(order),
    target,
    targetName: target,
    exchanges,
    shard,
    signal: stopped.signal,
    onMessage: (message) => {
      messages.push(message);
      // One by one they would cost more than playing some of the scenarios does.
      if (v.is(isEndOfScenario, message)) void flush();
    },
  });
  await flush();
  await tell({ ended: fault });
  process.exit();
}

process.on('message', (told) => {
  if (v.is(shardOrderSchema, told)) {
    play(told).catch(async (error: unknown) => {
      await tell({ ended: error instanceof Error ? error.message : String(error) });
      process.exit(1);
    });
  } else {
    stopped.abort();
  }
});
