import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { startProcess } from '../scripts/homologa-process.js';
import type { RunnerMeasured } from './bench-record.js';

const ways = [
  { name: 'homologa run', flags: [] },
  { name: 'homologa run --parallel 2', flags: ['--parallel', '2'] },
];
const resultsSchema = v.looseObject({
  run: v.looseObject({ durationMs: v.number() }),
  checks: v.array(v.looseObject({ verdict: v.string() })),
});

/** Runs all bank scenarios by the built command against the mock, each way once a round. */
export async function measureRunner(rounds: number): Promise<readonly RunnerMeasured[]> {
  const measured = ways.map(({ name }): RunnerMeasured => ({ name, wallMs: [], runMs: [], checks: 0, failed: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { flags }] of ways.entries()) {
      const { wallMs, results } = await runOnce(flags);
      const entry = measured[index];
      if (entry === undefined) continue;
      entry.wallMs.push(wallMs);
      entry.runMs.push(results.run.durationMs);
      entry.checks = results.checks.length;
      entry.failed += results.checks.filter(({ verdict }) => verdict !== 'passed').length;
    }
  }
  return measured;
}

interface OneRun {
  readonly wallMs: number;
  readonly results: v.InferOutput<typeof resultsSchema>;
}

async function runOnce(flags: readonly string[]): Promise<OneRun> {
  const command = fileURLToPath(new URL('../dist/cli/homologa.js', import.meta.url));
  const out = await mkdtemp(join(tmpdir(), 'homologa-runner-'));
  try {
    const startedAt = performance.now();
    const args = [command, 'run', '--target', 'mock', ...flags, '--out', out];
    const { exitCode, stderr } = await startProcess(process.execPath, args).ended;
    const wallMs = performance.now() - startedAt;
    // 1 says that a check failed: it is counted, and the time holds.
    if (exitCode !== 0 && exitCode !== 1) throw new Error(`homologa run ended with ${String(exitCode)}: ${stderr}`);
    const results = v.parse(resultsSchema, JSON.parse(await readFile(join(out, 'results.json'), 'utf8')));
    return { wallMs, results };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
