/**
 * Kills a mock with `--store` under load, a hundred times on one state, and asks after each start for all that it had
 * answered. Exits 1 when something is not so.
 *
 *     npm run build && tsx scripts/store-kill-trials.ts
 *     tsx scripts/store-kill-trials.ts --rounds 20 --seed 7
 */
import { parseArgs } from 'node:util';
import { stopAll } from './homologa-from-source.js';
import { killRounds } from './store-kill-rounds.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const startedAt = performance.now();
try {
  const rounds = Number(values.rounds);
  const report = await killRounds({ rounds, customers: 24, seed: Number(values.seed), built: true });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(
    `${String(rounds)} kills in ${seconds} s: ${String(report.rotations)} rotations, ${String(report.redemptions)} redemptions and ` +
      `${String(report.controlCalls)} control calls were answered, ${String(report.lostAnswers)} rotations happened unanswered; ` +
      `${report.problems.length === 0 ? 'all that was answered was remembered, and nothing worked that should not' : 'PROBLEMS:'}\n`,
  );
  for (const problem of report.problems) process.stdout.write(`  ${problem}\n`);
  process.exitCode = report.problems.length === 0 && report.rotations > 0 ? 0 : 1;
} finally {
  await stopAll();
}
