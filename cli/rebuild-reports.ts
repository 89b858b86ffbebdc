import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readRunEvidence } from '../reports/run-evidence.js';
import { rerunCommand } from '../reports/run-report.js';
import { terminalSummary } from '../reports/terminal-summary.js';
import { writeReports } from '../steps/run-folder.js';
import { UsageError } from './usage-error.js';

/**
 * Rebuilds the reports in a folder, and gives the run's closing summary.
 *
 * @throws UsageError (`ERR_USAGE`) where the folder has no evidence, EvidenceError (`ERR_EVIDENCE`)
 */
export async function rebuildReports(folder: string): Promise<string> {
  const path = resolve(folder);
  const stream = await readFile(join(path, 'evidence.ndjson'), 'utf8').catch((cause: unknown) => {
    throw new UsageError(
      `Expected the folder that a run left, with evidence.ndjson; ${folder} has none. homologa run and homologa verify ` +
        'say at their end where they put it.',
      { cause },
    );
  });
  const report = await writeReports(path, readRunEvidence(stream));
  return terminalSummary(report.results, {
    colour: false,
    folder,
    advice: report.advice,
    rerun: (check) => rerunCommand(report.evidence.run, check),
  });
}
