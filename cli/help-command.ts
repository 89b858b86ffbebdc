import type { Command } from 'commander';

const help = `
Examples:
  homologa help serve
  homologa help
`;

/** Adds `homologa help`. Commander's own shows the help of all for a name that is no command's, and says nothing of it. */
export function registerHelpCommand(program: Command): void {
  program
    .helpCommand(false)
    .command('help')
    .summary('print the help of a command')
    .description('Prints the help of a command, or of all.')
    .argument('[command]', 'whose help')
    .addHelpText('after', help)
    .action(async (name: string | undefined) => {
      const known = program.commands.find((command) => command.name() === name);
      if (name !== undefined && known === undefined) {
        // Refused as it is without "help" before it, with the command that was meant.
        await program.parseAsync([name], { from: 'user' });
        return;
      }
      (known ?? program).help();
    });
}
