import type { Command } from 'commander';

interface LoginFlags {
  readonly target: string;
  readonly forget?: true;
  readonly open?: true;
}

const help = `
Examples:
  homologa login --target btg-sandbox             you log in once, and nights need nobody
  homologa login --target btg-sandbox --open      the bank is opened in your browser
  homologa login --target btg-sandbox --forget    nothing is kept any more

Exit codes: 0 kept or forgotten, 2 no consent, or another run has the tokens.
`;

/** Adds `homologa login`. */
export function registerLoginCommand(program: Command): void {
  program
    .command('login')
    .summary('one consent at a target, kept for later runs')
    .description('Asks for one consent at a target, whose tokens are kept for later runs.')
    .requiredOption('--target <target>', 'a target file, or the name of one in this folder or in targets/')
    .option('--forget', 'forget the tokens that are kept, and ask for none')
    .option('--open', 'with consent: person, open the bank in the default browser, too')
    .addHelpText('after', help)
    .action(async ({ target, forget, open }: LoginFlags) => {
      const { keepTokens } = await import('./keep-tokens.js');
      process.exitCode = await keepTokens({ target, forgets: forget === true, opensBrowser: open === true });
    });
}
