import { Option } from 'commander';
import type { Command } from 'commander';
import { parseOrigin } from './flag-values.js';

const help = `
The value may be as it was found: with "Bearer" before it, in quotes, percent-encoded, a whole
redirect. It is not repeated. Use - to keep it out of the shell's history, and for values that
begin with a dash.

Environment:
  HOMOLOGA_CONTROL_TOKEN  the mock's control token, where it has one

Examples:
  homologa explain 'http://localhost:3000/callback?code=…&state=…'
  pbpaste | homologa explain -
`;

/** Declares `homologa explain`. */
export function registerExplainCommand(program: Command): void {
  program
    .command('explain')
    .summary('what became of a token, code or state at a running mock')
    .description(
      'Tells the life of a code, token, state or redirect: who got it, what became of it, why it is refused now and what to do.',
    )
    .argument('<value>', 'what was found, or - to read it from the standard input')
    .option('--tenant <id>', 'whose', 'default')
    .addOption(new Option('--url <origin>', 'the mock').argParser(parseOrigin).default('http://127.0.0.1:4010'))
    .option('--json', 'print the control API’s answer')
    .addHelpText('after', help)
    .action(async (value: unknown, flags: unknown) => {
      const { explain } = await import('./explain.js');
      await explain(value, flags);
    });
}
