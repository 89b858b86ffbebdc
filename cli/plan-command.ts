import { Option } from 'commander';
import type { Command } from 'commander';

interface PlanFlags {
  readonly bank?: 'bs2' | 'btg';
  readonly target: string;
  readonly tags?: string;
  readonly all?: true;
}

const help = `
Examples:
  homologa plan                                 what the mock is judged by
  homologa plan --target btg-sandbox            a sandbox: what would run, and what is missing
  homologa plan --target btg-sandbox --tags '@kind:edge' --all

Exit codes: 0 a run can begin, 2 something is missing or cannot be read.
`;

/** Adds `homologa plan`. */
export function registerPlanCommand(program: Command): void {
  program
    .command('plan')
    .summary('what a run would judge, and what it lacks')
    .description('Says what a run would judge, what not and why, and what configuration is missing; sends nothing.')
    .addOption(new Option('--bank <bank>', 'only the scenarios of this bank').choices(['bs2', 'btg']))
    .option('--target <target>', 'as for homologa run', 'mock')
    .option('--tags <expression>', 'as for homologa run')
    .option('--all', 'list every check, not only how many')
    .addHelpText('after', help)
    .action(async (flags: PlanFlags) => {
      const { showPlan } = await import('./show-plan.js');
      process.exitCode = await showPlan({
        bank: flags.bank ?? null,
        target: flags.target,
        tags: flags.tags ?? null,
        listsAll: flags.all === true,
      });
    });
}
