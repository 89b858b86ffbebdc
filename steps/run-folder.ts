import { closeSync, createWriteStream, openSync, writeSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { exchangesMediaType } from '../reports/exchange.js';
import { readCheckAdvice } from '../reports/check-advice.js';
import { readPortugueseNames } from '../reports/portuguese-names.js';
import { reportFiles } from '../reports/report-files.js';
import { readRequirementRegister } from '../reports/requirement-register.js';
import type { RunEvidence } from '../reports/run-evidence.js';
import { runReport } from '../reports/run-report.js';
import type { RunReport } from '../reports/run-report.js';
import { packagePaths } from './package-paths.js';
import { ReportFolderError } from './report-folder-error.js';
import { runRedactor } from './run-redactor.js';

/** The output folder of a run. What a killed run wrote so far is there. */
export interface RunFolder {
  evidence(line: string): void;
  /** A cucumber message; what evidence.ndjson holds is left out. */
  message(message: unknown): void;
  /** Ends both files and writes every report. */
  close(evidence: RunEvidence): Promise<RunReport>;
}

const exchangesMessage = v.object({ attachment: v.object({ mediaType: v.literal(exchangesMediaType) }) });
const freeTexts = new Set(['message', 'stackTrace', 'body']);

/** Opens an existing folder for a run's output. */
export function openRunFolder(path: string): RunFolder {
  // Written at once, so that a run that is killed leaves all that it had judged.
  const evidence = openSync(join(path, 'evidence.ndjson'), 'w');
  const messages = createWriteStream(join(path, 'messages.ndjson'));
  return {
    evidence: (line) => {
      writeSync(evidence, line);
    },
    message: (message) => {
      if (v.is(exchangesMessage, message)) return;
      const line = JSON.stringify(message);
      // Few messages have any of these, and a look at each member of all of them takes its time.
      const isFree = /"(?:message|stackTrace|body)":/.test(line);
      messages.write(`${isFree ? JSON.stringify(message, (key, value: unknown) => safeMember(key, value)) : line}\n`);
    },
    close: async (run) => {
      closeSync(evidence);
      await ended(messages);
      return writeReports(path, run);
    },
  };
}

/**
 * Writes every report that is made of a run's evidence, and gives what they share.
 *
 * @throws ReportFolderError (`ERR_REPORT_FOLDER`)
 */
export async function writeReports(path: string, evidence: RunEvidence): Promise<RunReport> {
  const [register, advice, portugueseName] = await Promise.all([
    readRequirementRegister(packagePaths.requirements),
    readCheckAdvice(packagePaths.advice),
    readPortugueseNames(packagePaths.portugueseNames),
  ]);
  const report = runReport(evidence, register, advice, portugueseName);
  await Promise.all([...reportFiles(report)].map(([name, text]) => writeFile(join(path, name), text))).catch(
    (error: unknown) => {
      throw new ReportFolderError(path, error);
    },
  );
  return report;
}

async function ended(stream: WriteStream): Promise<void> {
  stream.end();
  await finished(stream);
}

/** Traces name files of this machine: they are told from the package's folder on. */
function safeMember(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !freeTexts.has(key)) return value;
  const root = `${pathToFileURL(packagePaths.root).href}/`;
  return runRedactor().text(value.replaceAll(root, '').replaceAll(`${packagePaths.root}/`, ''));
}
