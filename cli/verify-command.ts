import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';

interface VerifyFlags {
  readonly only: readonly string[];
  readonly strict?: true;
  readonly out?: string;
}

const examples = `
Examples:
  homologa verify homologa.yaml
  homologa verify homologa.yaml --strict --out homologa-report
  homologa verify homologa.yaml --only partner.callback --only partner.code.lost-answer

Exit codes: 0 nothing unexpected, 1 a check failed that was not expected to, 2 nothing was judged,
3 a fault of homologa, 130 interrupted.
`;

/** Adds `homologa verify`. */
export function registerVerifyCommand(program: Command): void {
  program
    .command('verify')
    .summary('judge your own running application')
    .description('Judges your own running application: the mock plays the bank, right and wrong.')
    .argument('<file>', 'the verify file, such as homologa.yaml')
    .addOption(
      new Option('--only <check>', 'only this check, or those whose ids begin so; may be repeated')
        .argParser(collect)
        .default([], 'every check'),
    )
    .option('--strict', 'count warnings as failures')
    .option('--out <folder>', 'where the reports go (default: reports/out/<time>-<target>/)')
    .addHelpText('after', examples)
    .action(async (file: string, flags: VerifyFlags) => {
      const { verifyApplication } = await import('./verify-application.js');
      process.exitCode = await verifyApplication({
        file: resolve(file),
        asked: file,
        only: flags.only,
        strict: flags.strict === true,
        folder: flags.out === undefined ? null : resolve(flags.out),
      });
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
