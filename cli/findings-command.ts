import { Option } from 'commander';
import type { Command } from 'commander';
import { bankIds } from '../mock-server/banks/bank-id.js';

const help = `
The file is an HTTP Archive (HAR 1.2): of a browser, of a proxy, of a mock
(GET /_mock/tenants/{id}/journal?format=har), or the requests.har of a run, whose masked values
still compare. Entries are numbered from 1 in the order of the file. What only the bank knows,
such as a registered redirect URI, is not judged.

Examples:
  homologa findings traffic.har --bank bs2
  homologa findings homologa-report/requests.har --bank btg --json

Exit codes: 0 no finding is failed, 1 one is, 2 the file cannot be read, or holds no request to
the bank.
`;

/** Declares `homologa findings`. */
export function registerFindingsCommand(program: Command): void {
  program
    .command('findings')
    .summary("what recorded traffic shows of the client's conduct")
    .description('Judges traffic that was recorded elsewhere by the rules that the mock judges its own by.')
    .argument('<file>', 'an HTTP Archive')
    .addOption(new Option('--bank <bank>', 'whose the requests are').choices(bankIds).makeOptionMandatory())
    .option('--json', 'print {"bank":…,"requests":…,"items":[…]}')
    .addHelpText('after', help)
    .action(async (file: unknown, flags: unknown) => {
      const { judgeArchive } = await import('./judge-archive.js');
      process.exitCode = await judgeArchive(file, flags);
    });
}
