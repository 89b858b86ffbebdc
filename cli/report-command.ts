import type { Command } from 'commander';

const help = `
The folder is one that homologa run or homologa verify left. index.html, junit.xml, summary.md,
results.json and requests.har are written anew; nothing is judged again, no request is sent.

Examples:
  homologa report reports/out/2026-11-26T12-00-00-mock
  homologa report homologa-report
`;

/** Adds `homologa report`. */
export function registerReportCommand(program: Command): void {
  program
    .command('report')
    .summary("rebuild a run's reports from its evidence")
    .description('Rebuilds every report of a run from its evidence.ndjson.')
    .argument('<folder>', 'the folder of the run')
    .addHelpText('after', help)
    .action(async (folder: string) => {
      const { rebuildReports } = await import('./rebuild-reports.js');
      process.stdout.write(await rebuildReports(folder));
    });
}
