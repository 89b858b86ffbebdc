import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { personAtBrowser, standInUser } from '../steps/testing/person-at-browser.js';
import { startStandIn } from '../steps/testing/stand-in.js';
import { runAtTerminal } from '../steps/testing/terminal-run.js';

/**
 * `npm run stand-in [-- http browser person] [--bank bs2] [--tags EXPR]`: every scenario against a bank that nobody here controls (TLS with
 * an authority of its own, no control API, a stranger's pages, ten token requests a minute), in each way to consent. It must
 * pass, must never meet a 429, and each check that was not made must say why. Takes some ten minutes for each bank and way, nearly all of it
 * waiting for the limit. Exits 1 when something is not so.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bank: { type: 'string' }, tags: { type: 'string' } },
});
const modes = positionals.length === 0 ? ['http', 'browser', 'person'] : positionals;
const banks = (['bs2', 'btg'] as const).filter((bank) => values.bank === undefined || values.bank === bank);

async function accept(bank: 'bs2' | 'btg', mode: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-acceptance-'));
  const standIn = await startStandIn();
  try {
    const target = await standIn.targetFile(bank, { consent: mode });
    const person = personAtBrowser(await standInUser(target), (back) => void fetch(back));
    const tags = values.tags ?? null;
    const { code, results, said } = await runAtTerminal({
      target,
      tags,
      folder,
      ...(mode === 'person' ? { person } : {}),
    });
    const of = (verdict: string) => results.checks.filter((check) => check.verdict === verdict);
    const [passed, skipped] = [of('passed'), of('skipped')];
    const waited = Object.values(results.run.waitedMs).reduce((total, ms) => total + ms, 0);
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;
    process.stdout.write(
      `${bank} ${mode}: ${String(passed.length)} passed, ${String(skipped.length)} skipped, ${String(standIn.logins)} logins, ` +
        `${seconds(results.run.durationMs ?? 0)}, ${seconds(waited)} of it waiting\n`,
    );
    return [
      ...(code === 0 ? [] : [`exit code ${String(code)}`, said.slice(-3_000)]),
      ...(passed.length === 0 ? ['nothing passed'] : []),
      ...(standIn.refusedForPace === 0 ? [] : [`${String(standIn.refusedForPace)} token requests met a 429`]),
      ...results.checks
        .filter((check) => !passed.includes(check) && !skipped.includes(check))
        .map(({ id, verdict }) => `${verdict}: ${id}`),
      ...skipped
        .filter(({ reason }) => reason === null || reason === '')
        .map(({ id }) => `skipped without a reason: ${id}`),
    ].map((problem) => `${bank} ${mode}: ${problem}`);
  } finally {
    await standIn.close();
    await rm(folder, { recursive: true });
  }
}

const problems: string[] = [];
// One way after another: in person mode all of them listen at one redirect URI.
for (const mode of modes) {
  for (const bank of banks) problems.push(...(await accept(bank, mode)));
}
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
