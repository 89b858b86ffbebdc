import { Command } from 'commander';
import { version } from '../mock-server/version.js';
import { registerClockCommand } from './clock-command.js';
import { registerDiffCommand } from './diff-command.js';
import { registerExplainCommand } from './explain-command.js';
import { registerFindingsCommand } from './findings-command.js';
import { registerHelpCommand } from './help-command.js';
import { registerLoginCommand } from './login-command.js';
import { registerPlanCommand } from './plan-command.js';
import { registerProxyCommand } from './proxy-command.js';
import { registerReportCommand } from './report-command.js';
import { registerRunCommand } from './run-command.js';
import { registerServeCommand } from './serve-command.js';
import { registerVerifyCommand } from './verify-command.js';

const widest = 100;

const examples = `
Examples:
  homologa serve                            the mock of both banks, on http://127.0.0.1:4010
  homologa proxy                            the same at the banks' own addresses
  homologa run --target mock                the conformance scenarios, against a mock in this process
  homologa login --target btg-sandbox       one consent, whose tokens later runs use
  homologa verify homologa.yaml             your own application, judged
  homologa clock advance P30D               thirty days later at the running mock
  homologa explain VALUE                    what became of a token, code or state at the running mock
  homologa diff DIR_A DIR_B                 where two runs' observed behaviour differs
  homologa findings traffic.har --bank bs2  what a recording shows of the client's conduct

Exit codes: 0 as expected, 1 an unexpected verdict, 2 usage or environment, 3 a fault of homologa,
130 interrupted.
`;

/**
 * The command line. Commands only declare their flags here; each loads what it works with in its action, so that
 * help and usage errors are fast.
 */
export function createProgram(): Command {
  const program = new Command('homologa')
    .description(
      'Conformance tests and a mock of the OAuth authorization servers of Banco BS2 and BTG Pactual Empresas. ' +
        "It does not replace the banks' own homologation.",
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({
      getOutHelpWidth: () => Math.min(process.stdout.columns ?? widest, widest),
      getErrHelpWidth: () => Math.min(process.stderr.columns ?? widest, widest),
    })
    .addHelpText('after', examples)
    .showHelpAfterError('(homologa --help shows what is possible)')
    .exitOverride();
  registerServeCommand(program);
  registerProxyCommand(program);
  registerRunCommand(program);
  registerVerifyCommand(program);
  registerPlanCommand(program);
  registerLoginCommand(program);
  registerReportCommand(program);
  registerDiffCommand(program);
  registerClockCommand(program);
  registerExplainCommand(program);
  registerFindingsCommand(program);
  registerHelpCommand(program);
  for (const command of program.commands) {
    command.showHelpAfterError(`(homologa ${command.name()} --help shows what is possible)`);
  }
  return program;
}
