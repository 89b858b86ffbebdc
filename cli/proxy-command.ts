import { Option } from 'commander';
import type { Command } from 'commander';
import { parseOrigin, parsePort } from './flag-values.js';
import { untilStopped } from './stop-signals.js';

const help = `
It answers as the banks' own hosts, for an application that has them hard-coded:
  BTG   id.sandbox.btgpactual.com   api.sandbox.empresas.btgpactual.com
        id.btgpactual.com           api.empresas.btgpactual.com
  BS2   apihmz.bancobonsucesso.com.br   api.bs2.com

What a sandbox host gave is unknown at the production hosts, and the reverse. Which rules hold
(token lifetimes, the User-Agent code, https redirect URIs) is the mock's --environment, not the
host's.

Nothing that is asked of a host of the banks leaves this machine. The application needs HTTPS_PROXY
and the test certificate authority that is printed; so does the browser in which somebody logs in.

Environment:
  HOMOLOGA_CONTROL_TOKEN  the mock's control token, where it has one
  HOMOLOGA_HOME           where the test authority is kept
                          (default: $XDG_CONFIG_HOME/homologa, or ~/.config/homologa)

Examples:
  homologa proxy
  homologa proxy --url http://127.0.0.1:4010      with the mock that homologa serve runs
  homologa proxy --port 0 --json                  a free port, told in one line of JSON

SIGINT (Ctrl+C) and SIGTERM end it with exit code 0.
`;

const mockFlags = ['mockPort', 'environment', 'config', 'rateLimit'];

/** Declares `homologa proxy`. */
export function registerProxyCommand(program: Command): void {
  program
    .command('proxy')
    .summary("play the banks' own hosts for an application")
    .description("Runs a proxy on the loopback that answers as the banks' own hosts from a mock, until it is stopped.")
    .addOption(
      new Option('--port <number>', 'where to listen, on 127.0.0.1; 0 picks a free port')
        .argParser(parsePort)
        .default(8888),
    )
    .addOption(
      new Option('--url <origin>', 'a mock that runs already, on this machine (default: one of its own)')
        .argParser(parseOrigin)
        .conflicts(mockFlags),
    )
    .option('--ca <file>', 'the PEM certificate to trust an https --url by (default: that of serve --tls auto)')
    .option('--tenant <id>', 'the tenant that plays the banks', 'default')
    .option('--pass-through', 'let hosts through that are no bank’s; they are refused otherwise')
    .option('--json', 'print one line, the listening event, and nothing else on stdout')
    .addOption(
      new Option('--mock-port <number>', 'where its own mock listens (default: a free port)').argParser(parsePort),
    )
    .addOption(
      new Option('--environment <name>', 'whose rules its own mock has (default: homologacao)').choices([
        'homologacao',
        'producao',
      ]),
    )
    .option('--config <file>', 'settings, clients, users and tenants of its own mock (YAML or JSON)')
    .addOption(
      new Option('--rate-limit <state>', "BS2's ten token requests a minute at its own mock (default: on)").choices([
        'on',
        'off',
      ]),
    )
    .addHelpText('after', help)
    .action(async (flags: unknown) => {
      // From here on: a signal that comes while all is loaded and started must end it cleanly too.
      const stopped = untilStopped();
      const { playBanks } = await import('./play-banks.js');
      await playBanks(flags, stopped);
    });
}
