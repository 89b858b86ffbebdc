import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { AcceptedDifferencesError, judgeDiff, readAcceptedDifferences } from '../reports/diff/accepted-differences.js';
import { diffPage } from '../reports/diff/diff-page.js';
import { diffTable, joinedPatch } from '../reports/diff/diff-table.js';
import { diffRuns } from '../reports/diff/run-diff.js';
import { readRunEvidence } from '../reports/run-evidence.js';
import type { RunEvidence } from '../reports/run-evidence.js';
import { exitCodes } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { UsageError } from './usage-error.js';

/** What `homologa diff` was asked for. */
export interface ComparisonRequest {
  readonly folders: readonly [string, string];
  /** The list of accepted differences; null for none. */
  readonly accepted: string | null;
  /** Where the settings go; null for nowhere. */
  readonly settings: string | null;
  /** Null for `diff.html` in the second folder. */
  readonly page: string | null;
}

/**
 * Compares two runs, prints the table, writes the page, and gives the exit code.
 *
 * @throws UsageError (`ERR_USAGE`), EvidenceError (`ERR_EVIDENCE`), AcceptedDifferencesError (`ERR_ACCEPTED_DIFFERENCES`)
 */
export async function compareRuns({ folders, accepted, settings, page }: ComparisonRequest): Promise<ExitCode> {
  const [a, b] = [await readRun(folders[0]), await readRun(folders[1])];
  const entries = accepted === null ? [] : readAcceptedDifferences(accepted, await readList(accepted));
  const diff = diffRuns(a, b);
  if (diff.scenarios === 0) {
    throw new UsageError(
      `Expected two runs that judged some of the same scenarios; ${folders.join(' and ')} share none.`,
    );
  }
  const judged = judgeDiff(diff, entries, new Date().toISOString().slice(0, 10));
  const path = resolve(page ?? join(folders[1], 'diff.html'));
  await write(path, diffPage(judged));
  if (settings !== null) await write(resolve(settings), `${JSON.stringify(joinedPatch(judged), null, 2)}\n`);
  process.stdout.write(diffTable(judged, relative(process.cwd(), path)));
  return judged.isDifferent ? exitCodes.unexpected : exitCodes.ok;
}

async function readRun(folder: string): Promise<RunEvidence> {
  const stream = await readFile(join(resolve(folder), 'evidence.ndjson'), 'utf8').catch((cause: unknown) => {
    throw new UsageError(`Expected a folder of a run, with evidence.ndjson; ${folder} has none.`, { cause });
  });
  const evidence = readRunEvidence(stream);
  if (evidence.run.role === 'partner') {
    throw new UsageError(`Expected a run that judged a bank; ${folder} judged an application.`);
  }
  return evidence;
}

async function readList(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new AcceptedDifferencesError(file, 'the file cannot be read');
  });
}

async function write(path: string, content: string): Promise<void> {
  await writeFile(path, content).catch((cause: unknown) => {
    throw new UsageError(`Expected a file that can be written, ${path} cannot.`, { cause });
  });
}
