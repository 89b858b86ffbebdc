import type { Command } from 'commander';

interface LoginFlags {
  readonly target: string;
  readonly forget?: true;
  readonly open?: true;
}

/** Adds `homologa login`. */
export function registerLoginCommand(program: Command): void {
  program
    .command('login')
    .description('one consent at a target, whose tokens are kept for later runs')
    .requiredOption('--target <target>', 'a target file, or the name of one in this folder or in targets/')
    .option('--forget', 'forget the tokens that are kept, and ask for none')
    .option('--open', 'with consent: person, open the bank in the default browser, too')
    .action(async ({ target, forget, open }: LoginFlags) => {
      const { keepTokens } = await import('./keep-tokens.js');
      process.exitCode = await keepTokens({ target, forgets: forget === true, opensBrowser: open === true });
    });
}
