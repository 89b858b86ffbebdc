import { mkdir } from 'node:fs/promises';
import type { JudgedScenario } from '../reports/check-collector.js';
import { recordEvidence } from '../reports/evidence-recorder.js';
import { resultsOf } from '../reports/results.js';
import type { Results } from '../reports/results.js';
import { evidenceLine, readRunEvidence } from '../reports/run-evidence.js';
import type { RunReport } from '../reports/run-report.js';
import { ReportFolderError } from './report-folder-error.js';
import { openRunFolder } from './run-folder.js';
import type { RunFolder } from './run-folder.js';

/** What a run leaves: evidence while it runs, every report at its end. */
export interface RunRecording {
  check(judged: JudgedScenario): void;
  /** A cucumber message. */
  message(message: unknown): void;
  end(
    ending: Parameters<ReturnType<typeof recordEvidence>['end']>[0],
  ): Promise<{ readonly results: Results; readonly report: RunReport | null }>;
}

/**
 * Begins the record of a run. `folder` gets the reports; null writes none.
 *
 * @throws ReportFolderError (`ERR_REPORT_FOLDER`)
 */
export async function recordRun(
  facts: Parameters<typeof recordEvidence>[0],
  folder: string | null,
): Promise<RunRecording> {
  const output = folder === null ? null : await makeFolder(folder);
  const lines: string[] = [];
  const recorder = recordEvidence(facts, (record) => {
    const line = evidenceLine(record);
    lines.push(line);
    output?.evidence(line);
  });
  return {
    check: (judged) => recorder.check(judged),
    message: (message) => output?.message(message),
    end: async (ending) => {
      recorder.end(ending);
      const evidence = readRunEvidence(lines.join(''));
      const report = output === null ? null : await output.close(evidence);
      return { results: resultsOf(evidence), report };
    },
  };
}

async function makeFolder(folder: string): Promise<RunFolder> {
  try {
    await mkdir(folder, { recursive: true });
    return openRunFolder(folder);
  } catch (error) {
    throw new ReportFolderError(folder, error);
  }
}
