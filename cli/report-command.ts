import type { Command } from 'commander';

/** Adds `homologa report`. */
export function registerReportCommand(program: Command): void {
  program
    .command('report')
    .description('rebuild every report of a run from its evidence.ndjson')
    .argument('<folder>', 'the folder of the run')
    .action(async (folder: string) => {
      const { rebuildReports } = await import('./rebuild-reports.js');
      process.stdout.write(await rebuildReports(folder));
    });
}
