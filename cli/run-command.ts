import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

interface RunFlags {
  readonly bank?: 'bs2' | 'btg';
  readonly target: string;
  readonly tags?: string;
  readonly mutant?: string;
  readonly settings?: string;
  readonly parallel: number;
  readonly strict?: true;
  readonly out?: string;
  readonly expected?: string;
  readonly open?: true;
}

const help = `
Target files are YAML (schemas/homologa.target.schema.json). \${NAME} in them comes from the
environment, or from a file .env in this folder. At a bank's sandbox somebody logs in:
docs/sandbox.md.

Examples:
  homologa run                                    both banks, against a mock in this process
  homologa run --bank btg --tags '@kind:edge'     the expiry lab, at BTG
  homologa run --tags '@id:bs2-code-reuse'        one scenario
  homologa run --mutant bs2.refresh-not-rotated   a bank with a bug: the run must fail
  homologa run --target btg-sandbox --open        a sandbox, with credentials in the environment
  homologa run --target my-bank.yaml --expected known-failures.yaml --out report

Exit codes: 0 nothing unexpected, 1 a check failed, or passed that was expected to fail,
2 nothing was judged, 3 a fault of homologa, 130 interrupted.
`;

/** Adds `homologa run`. */
export function registerRunCommand(program: Command): void {
  program
    .command('run')
    .summary('run the bank scenarios and write a report')
    .description('Runs the bank scenarios and writes a report; without flags, against a mock in this process.')
    .addOption(new Option('--bank <bank>', 'only the scenarios of this bank').choices(['bs2', 'btg']))
    .option('--target <target>', '"mock", a target file, or the name of one in this folder or in targets/', 'mock')
    .option('--tags <expression>', 'only scenarios with these tags, such as "@kind:edge and not @needs:faults"')
    .option('--mutant <id>', 'give the mock a standing bug, such as bs2.refresh-not-rotated: the run must notice')
    .option('--settings <file>', 'settings of the mock, JSON or YAML, as PATCH {t}/settings takes them')
    .option('--parallel <workers>', 'processes that share the scenarios at the mock, this one among them', toWorkers, 1)
    .option('--strict', 'count warnings as failures')
    .option('--expected <file>', 'YAML list of checks that are known to fail, each with its reason')
    .option('--open', 'with consent: person, open the bank in the default browser, too')
    .option('--out <folder>', 'where the reports go (default: reports/out/<time>-<target>/)')
    .addHelpText('after', help)
    .action(async (flags: RunFlags) => {
      if (flags.parallel > 1 && flags.target === 'mock' && flags.mutant === undefined && flags.settings === undefined) {
        // First of all, so that they load and play while this process still loads.
        const { startShards } = await import('../steps/scenario-shards.js');
        const { bank = null, tags = null } = flags;
        startShards(flags.parallel - 1, { target: 'mock', bank, tags, exchanges: true });
      }
      const { runBankScenarios } = await import('./run-bank-scenarios.js');
      process.exitCode = await runBankScenarios({
        bank: flags.bank ?? null,
        target: flags.target,
        tags: flags.tags ?? null,
        mutant: flags.mutant ?? null,
        settings: flags.settings ?? null,
        parallel: flags.parallel,
        strict: flags.strict === true,
        expected: flags.expected ?? null,
        opensBrowser: flags.open === true,
        folder: flags.out === undefined ? null : resolve(flags.out),
      });
    });
}

function toWorkers(text: string): number {
  const workers = Number(text);
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('Expected a number of processes from 1 to 999.');
  return workers;
}
