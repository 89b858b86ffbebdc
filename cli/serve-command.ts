import { Option } from 'commander';
import type { Command } from 'commander';
import { parseOrigin, parsePort } from './flag-values.js';
import { untilStopped } from './stop-signals.js';

const help = `
Environment:
  HOMOLOGA_CONTROL_TOKEN  the control API and dashboard want it; needed for any host but loopback
  HOMOLOGA_HOME           where the authority of --tls auto is kept
                          (default: $XDG_CONFIG_HOME/homologa, or ~/.config/homologa)

Examples:
  homologa serve --open
  homologa serve --port 0 --json          a free port, told in one line of JSON
  homologa serve --tls auto               https, and what each stack needs to trust it
  homologa serve --store ./bank           stored refresh tokens still work after a restart
  homologa serve --btg-port 4011          BTG also at the root of a port, for what knows only a host
  homologa serve --host 0.0.0.0 --public-url http://localhost:4010 --internal-url http://mock:4010

SIGINT (Ctrl+C) and SIGTERM end it with exit code 0. Nothing is kept when it ends, but with --store:
tokens, clients, users, settings and clock then survive, even of a process that is killed.
`;

/** Declares `homologa serve`. */
export function registerServeCommand(program: Command): void {
  program
    .command('serve')
    .summary('run the mock of both banks')
    .description('Runs the mock of both banks, with a client and users to log in with, until it is stopped.')
    .addOption(port('--port <number>', 'where to listen; 0 picks a free port').default(4010))
    .option('--host <host>', 'the address to bind', '127.0.0.1')
    .addOption(port('--bs2-port <number>', 'BS2 of the default tenant also at the root of this port'))
    .addOption(port('--btg-port <number>', 'BTG of the default tenant also at the root of this port'))
    .addOption(origin('--public-url <url>', "the origin that users' browsers see (default: the socket's)"))
    .addOption(
      origin('--internal-url <url>', "the origin that the application's backend sees (default: the public one)"),
    )
    .addOption(
      new Option('--tls <how>', 'serve https with certificates of a test authority that is made for this machine')
        .choices(['auto'])
        .conflicts(['tlsCert', 'tlsKey']),
    )
    .option('--tls-cert <file>', 'serve https with this PEM certificate')
    .option('--tls-key <file>', 'and its key')
    .addOption(
      new Option('--environment <name>', "the bank's environment (default: homologacao)").choices([
        'homologacao',
        'producao',
      ]),
    )
    .option('--store <path>', 'keep the state in this folder across restarts; "memory" keeps nothing', 'memory')
    .option('--config <file>', 'settings, clients, users and tenants to start with (YAML or JSON)')
    .option('--json', 'print one line, the listening event, and nothing else')
    .addOption(
      new Option('--rate-limit <state>', "BS2's ten token requests a minute").choices(['on', 'off']).default('on'),
    )
    .option('--open', 'open the dashboard in the default browser')
    .addHelpText('after', help)
    .action(async (flags: unknown) => {
      // From here on: a signal that comes while the mock is loaded and started must end it cleanly too.
      const stopped = untilStopped();
      const { serve } = await import('./serve.js');
      await serve(flags, stopped);
    });
}

function port(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parsePort);
}

function origin(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseOrigin);
}
