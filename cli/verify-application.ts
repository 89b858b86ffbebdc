import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Check } from '../reports/check.js';
import { readCheckAdvice } from '../reports/check-advice.js';
import { ExpectedFailuresError, readExpectedFailures } from '../reports/expected-failures.js';
import type { ExpectedFailure } from '../reports/expected-failures.js';
import { githubAnnotations } from '../reports/github-annotations.js';
import type { RunExitCode } from '../reports/results.js';
import { rerunCommand } from '../reports/run-report.js';
import { progressMark, terminalSummary } from '../reports/terminal-summary.js';
import { commitOf } from '../steps/commit-of.js';
import { packagePaths } from '../steps/package-paths.js';
import { runVerify } from '../steps/partner/run-verify.js';
import { partnerChecks } from '../steps/partner/select-checks.js';
import { readVerifyFile } from '../steps/partner/verify-file.js';
import type { VerifyFile } from '../steps/partner/verify-file.js';
import { reportFolder } from './report-folder.js';
import { untilStopped } from './stop-signals.js';
import { isColoured } from './terminal-colour.js';

/** What `homologa verify` was asked for. */
export interface VerifyRequest {
  /** Absolute. */
  readonly file: string;
  /** As it was typed, for the command that repeats a check. */
  readonly asked: string;
  readonly only: readonly string[];
  readonly strict: boolean;
  /** Absolute; null for a new folder under `reports/out/`. */
  readonly folder: string | null;
}

/** Judges an application with progress and a closing summary on the terminal, and gives the exit code. */
export async function verifyApplication(request: VerifyRequest): Promise<RunExitCode> {
  const file = await readVerifyFile(request.file, process.env);
  const expectedFailures = await expectedOf(file);
  const folder = request.folder ?? reportFolder('application');
  const colour = isColoured(process.stdout, process.env);
  const stopped = new AbortController();
  void untilStopped(['SIGHUP']).then(() => {
    stopped.abort();
  });
  const command = `${packagePaths.fromSource ? 'npm run homologa -- verify' : 'npx homologa verify'} ${request.asked}`;
  const results = await runVerify({
    file,
    only: request.only,
    strict: request.strict,
    folder,
    signal: stopped.signal,
    commit: await commitOf(file.folder),
    command,
    expectedFailures,
    onCheck: (check: Check) => process.stdout.write(progressMark(check, colour)),
    onReport: (report) => {
      if ((process.env['GITHUB_ACTIONS'] ?? '') !== '') process.stdout.write(`\n${githubAnnotations(report)}`);
    },
  });
  const shown = relative(process.cwd(), folder);
  const advice = await readCheckAdvice(packagePaths.advice);
  const rerun = (check: Check): string => rerunCommand({ command, role: 'partner' }, check);
  process.stdout.write(
    `\n\n${terminalSummary(results, { colour, rerun, advice, folder: shown === '' ? '.' : shown })}`,
  );
  return results.run.exitCode;
}

/** @throws ExpectedFailuresError (`ERR_EXPECTED_FAILURES`) */
async function expectedOf({ folder, expected }: VerifyFile): Promise<readonly ExpectedFailure[] | null> {
  if (expected === null) return null;
  const path = resolve(folder, expected);
  const yaml = await readFile(path, 'utf8').catch(() => {
    throw new ExpectedFailuresError(path, 'the file cannot be read');
  });
  return readExpectedFailures(path, yaml, new Set((await partnerChecks()).map(({ id }) => id)));
}
