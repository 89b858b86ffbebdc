import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { BankId } from '../mock-server/banks/bank-id.js';
import { bankMutants } from '../mock-server/mutants/catalogue.js';
import type { Check } from '../reports/check.js';
import { isKilled, judgeMutation } from '../reports/mutation-verdict.js';
import type { MutationVerdict } from '../reports/mutation-verdict.js';
import { createMockTarget } from '../steps/mock-target.js';
import { runScenarios } from '../steps/run-scenarios.js';

/**
 * `npm run mutants [-- ID…]`: every mutant against the scenarios of its requirements, which must fail, and against a
 * sample of its bank's others, which must not. First the honest bank passes all of them. Prints a table; exits 1 when a
 * mutant survives. The mutants are shared out among the processors; `--all` takes all other scenarios as the sample.
 */
const sampleSize = 12;
const takesAll = process.argv.includes('--all');

const verdictSchema = v.object({
  mutant: v.string(),
  killedBy: v.array(v.string()),
  unnoticed: v.array(v.string()),
  strays: v.array(v.string()),
});

async function checksOf(
  bank: BankId | null,
  tags: string | null,
  mutants: readonly string[],
): Promise<readonly Check[]> {
  const target = await createMockTarget({ mutants });
  try {
    const judged = { bank, tags, target, targetName: 'mock', parallel: 0, strict: false };
    const run = { ...judged, folder: null, exchanges: false };
    return (await runScenarios(run)).checks;
  } finally {
    await target.close();
  }
}

/** The `@id` of a check, without the row of an outline. */
function scenarioOf({ id }: Check): string {
  return id.replace(/#.*$/, '');
}

async function judge(id: string, honest: readonly Check[]): Promise<MutationVerdict> {
  const mutant = bankMutants.find((candidate) => candidate.id === id);
  if (mutant === undefined) throw new RangeError(`There is no mutant "${id}"; GET /_mock/mutants lists them.`);
  const ofBank = honest.filter(({ bank }) => bank === mutant.bank);
  const cites = (check: Check): boolean =>
    check.requirements.some((requirement) => mutant.breaks.includes(requirement));
  const own = new Set(ofBank.filter(cites).map(scenarioOf));
  const others = [...new Set(ofBank.map(scenarioOf))].filter((scenario) => !own.has(scenario));
  const chosen = [...own, ...sample(others, mutant.id)].map((scenario) => `@id:${scenario}`).join(' or ');
  return judgeMutation(mutant, await checksOf(mutant.bank, chosen, [mutant.id]));
}

/** Another part of the others for each mutant, and the same one at each run. */
function sample(others: readonly string[], id: string): readonly string[] {
  if (takesAll || others.length <= sampleSize) return others;
  const stride = others.length / sampleSize;
  const start = createHash('sha256').update(id).digest().readUInt32BE(0) % others.length;
  return Array.from(
    { length: sampleSize },
    (_, index) => others[Math.floor(start + index * stride) % others.length],
  ).flatMap((scenario) => scenario ?? []);
}

async function work(ids: readonly string[], report: (verdict: MutationVerdict) => void): Promise<void> {
  const honest = await checksOf(null, null, []);
  const failed = honest.filter(({ verdict }) => verdict !== 'passed').map(({ id }) => id);
  if (failed.length > 0) throw new Error(`The honest bank fails ${failed.join(', ')}: no mutant can be judged.`);
  for (const id of ids) report(await judge(id, honest));
}

function inProcesses(ids: readonly string[], report: (verdict: MutationVerdict) => void): Promise<void[]> {
  const count = Math.max(1, Math.min(availableParallelism(), 4, ids.length));
  const shards = Array.from({ length: count }, (_, index) => ids.filter((_id, at) => at % count === index));
  return Promise.all(
    shards.map(
      (shard) =>
        new Promise<void>((resolve, reject) => {
          const child = fork(fileURLToPath(import.meta.url), [...shard, ...(takesAll ? ['--all'] : [])], {
            env: { ...process.env, HOMOLOGA_MUTATION_WORKER: '1' },
          });
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

const asked = process.argv.slice(2).filter((argument) => argument !== '--all');
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
  process.stdout.write(
    `\n\n${all.map(line).join('\n')}\n\n${String(killed)} of ${String(ids.length)} mutants killed\n`,
  );
  process.exitCode = killed === ids.length ? 0 : 1;
}
