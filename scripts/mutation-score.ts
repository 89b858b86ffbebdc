import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { bankMutants } from '../mock-server/mutants/catalogue.js';
import { isKilled, judgeMutation } from '../reports/mutation-verdict.js';
import type { MutationVerdict } from '../reports/mutation-verdict.js';
import { createMockTarget } from '../steps/mock-target.js';
import { runScenarios } from '../steps/run-scenarios.js';

/**
 * `npm run mutants [-- ID…]`: every mutant against all scenarios of its bank. The scenarios of its requirements must
 * fail, the others must not. Prints a table; exits 1 when a mutant survives. Half of the mutants go to each processor.
 */
const verdictSchema = v.object({
  mutant: v.string(),
  killedBy: v.array(v.string()),
  unnoticed: v.array(v.string()),
  strays: v.array(v.string()),
});

async function judge(id: string): Promise<MutationVerdict> {
  const mutant = bankMutants.find((candidate) => candidate.id === id);
  if (mutant === undefined) throw new RangeError(`There is no mutant "${id}"; GET /_mock/mutants lists them.`);
  const target = await createMockTarget({ mutants: [mutant.id] });
  try {
    const results = await runScenarios({
      bank: mutant.bank,
      tags: null,
      target,
      targetName: 'mock',
      parallel: 0,
      strict: false,
      folder: null,
    });
    return judgeMutation(mutant, results.checks);
  } finally {
    await target.close();
  }
}

async function work(ids: readonly string[], report: (verdict: MutationVerdict) => void): Promise<void> {
  for (const id of ids) report(await judge(id));
}

function inProcesses(ids: readonly string[], report: (verdict: MutationVerdict) => void): Promise<void[]> {
  const count = Math.max(1, Math.min(availableParallelism(), 4, ids.length));
  const shards = Array.from({ length: count }, (_, index) => ids.filter((_id, at) => at % count === index));
  return Promise.all(
    shards.map(
      (shard) =>
        new Promise<void>((resolve, reject) => {
          const child = fork(fileURLToPath(import.meta.url), shard, { env: { ...process.env, HOMOLOGA_MUTATION_WORKER: '1' } });
          child.on('message', (message) => {
            report(v.parse(verdictSchema, message));
          });
          child.on('error', reject);
          child.on('exit', (code) => {
            if (code === 0) resolve();
            else reject(new Error(`A worker of the mutation score ended with code ${String(code)}.`));
          });
        }),
    ),
  );
}

function line(verdict: MutationVerdict): string {
  if (isKilled(verdict)) return `killed    ${verdict.mutant}  by ${String(verdict.killedBy.length)}`;
  const unnoticed = verdict.unnoticed.length === 0 ? '' : `  unnoticed: ${verdict.unnoticed.join(' ')}`;
  const strays = verdict.strays.length === 0 ? '' : `  beside the point: ${verdict.strays.join(' ')}`;
  return `SURVIVED  ${verdict.mutant}${unnoticed}${strays}`;
}

const asked = process.argv.slice(2);
const ids = asked.length === 0 ? bankMutants.map(({ id }) => id) : asked;
if (process.env['HOMOLOGA_MUTATION_WORKER'] === '1') {
  await work(ids, (verdict) => process.send?.(verdict));
  process.disconnect();
} else {
  const verdicts = new Map<string, MutationVerdict>();
  await inProcesses(ids, (verdict) => {
    verdicts.set(verdict.mutant, verdict);
    process.stdout.write(isKilled(verdict) ? '.' : 'S');
  });
  const all = ids.flatMap((id) => verdicts.get(id) ?? []);
  const killed = all.filter(isKilled).length;
  process.stdout.write(`\n\n${all.map(line).join('\n')}\n\n${String(killed)} of ${String(ids.length)} mutants killed\n`);
  process.exitCode = killed === ids.length ? 0 : 1;
}
