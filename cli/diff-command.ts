import type { Command } from 'commander';

interface DiffFlags {
  readonly accepted?: string;
  readonly settings?: string;
  readonly out?: string;
}

const help = `
A and B are folders of "homologa run --out". Usually A is the mock and B the bank: for each
difference the setting of the mock is named with which A would have answered like B. Where only B
ran on a mock in the process, B is the mock.

Examples:
  homologa run --target mock --out a
  homologa run --target btg-sandbox --out b
  homologa diff a b                                      what differs, and what removes it
  homologa diff a b --accepted known-differences.yaml    without what is known
  homologa diff a b --settings like-b.json               the settings as one file
  homologa run --settings like-b.json --out c            a mock that answers like the bank

Exit codes: 0 alike or all accepted; 1 not alike; 2 a folder or file cannot be used.
`;

/** Declares `homologa diff`. */
export function registerDiffCommand(program: Command): void {
  program
    .command('diff')
    .summary('where the observed behaviour of two runs differs')
    .description(
      'Compares two runs of the bank scenarios step by step: statuses, headers, bodies, lifetimes and redirects. ' +
        'What must differ (ids, tokens, dates, hosts) is left out, and a cause that was seen often is one row.',
    )
    .argument('<dirA>', 'the folder of a run, usually at the mock')
    .argument('<dirB>', 'the folder of another, usually at the bank')
    .option('--accepted <file>', 'YAML list of differences that are known, each with its reason')
    .option('--settings <file>', "where to write the mock's settings that would remove the differences, as JSON")
    .option('--out <file>', 'where the page goes (default: diff.html in the second folder)')
    .addHelpText('after', help)
    .action(async (dirA: string, dirB: string, flags: DiffFlags) => {
      const { compareRuns } = await import('./compare-runs.js');
      process.exitCode = await compareRuns({
        folders: [dirA, dirB],
        accepted: flags.accepted ?? null,
        settings: flags.settings ?? null,
        page: flags.out ?? null,
      });
    });
}
