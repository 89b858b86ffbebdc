import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Check } from '../reports/check.js';
import { ExpectedFailuresError, readExpectedFailures } from '../reports/expected-failures.js';
import type { ExpectedFailure } from '../reports/expected-failures.js';
import { githubAnnotations } from '../reports/github-annotations.js';
import type { RunExitCode } from '../reports/results.js';
import { rerunCommand } from '../reports/run-report.js';
import { progressMark, terminalSummary } from '../reports/terminal-summary.js';
import type { ScenarioBank } from '../reports/scenario-tags.js';
import { commitOf } from '../steps/commit-of.js';
import { findTarget } from '../steps/find-target.js';
import { knownChecks } from '../steps/known-checks.js';
import { openTarget } from '../steps/open-target.js';
import { packagePaths } from '../steps/package-paths.js';
import { runScenarios } from '../steps/run-scenarios.js';
import type { ScenarioRun } from '../steps/run-scenarios.js';
import { untilStopped } from './stop-signals.js';

/** What `homologa run` was asked for. */
export interface BankScenariosRequest {
  readonly bank: ScenarioBank | null;
  /** `mock`, the path of a target file, or its name. */
  readonly target: string;
  readonly tags: string | null;
  readonly parallel: number;
  readonly strict: boolean;
  /** The list of expected failures; null for none. */
  readonly expected: string | null;
  /** Absolute; null for a new folder under `reports/out/`. */
  readonly folder: string | null;
}

/** Runs the bank scenarios with progress and a closing summary on the terminal, and gives the exit code. */
export async function runBankScenarios(request: BankScenariosRequest): Promise<RunExitCode> {
  const { target: asked, tags, parallel, strict } = request;
  const target = await findTarget(asked, process.cwd());
  const folder = request.folder ?? resolve('reports/out', `${timeOfFolder(new Date())}-${target.name}`);
  const colour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const expectedFailures = request.expected === null ? null : await readList(request.expected);
  const stopped = new AbortController();
  void untilStopped().then(() => {
    stopped.abort();
  });
  const bank = request.bank ?? target.bank;
  // Opened here, so that an environment in which it cannot be is said before anything runs. Workers open their own.
  const opened = await openTarget(target.path ?? 'mock');
  const runner = packagePaths.fromSource ? 'npm run homologa -- run' : 'npx homologa run';
  const command = asked === 'mock' ? runner : `${runner} --target ${asked}`;
  const run: ScenarioRun = {
    bank,
    tags,
    strict,
    folder,
    // A target file is one world, whose clock and limits the scenarios take turns at.
    parallel: target.path === null ? parallel : 0,
    target: target.path === null && parallel > 0 ? 'mock' : opened,
    targetName: target.name,
    signal: stopped.signal,
    facts: { environment: target.environment, commit: await commitOf(process.cwd()), command },
    expectedFailures,
    onCheck: (check: Check) => process.stdout.write(progressMark(check, colour)),
    onReport: (report) => {
      if ((process.env['GITHUB_ACTIONS'] ?? '') !== '') process.stdout.write(`\n${githubAnnotations(report)}`);
    },
  };
  const results = await runScenarios(run).finally(() => opened.close());
  const rerun = (check: Check): string => rerunCommand(command, check);
  const shown = relative(process.cwd(), folder);
  const summary = terminalSummary(results, { colour, rerun, folder: shown === '' ? '.' : shown });
  process.stdout.write(`\n\n${summary}`);
  return results.run.exitCode;
}

/** Sorts by time, and every file system takes it. */
function timeOfFolder(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(':', '-');
}

/** @throws ExpectedFailuresError (`ERR_EXPECTED_FAILURES`) */
async function readList(file: string): Promise<readonly ExpectedFailure[]> {
  const yaml = await readFile(file, 'utf8').catch(() => {
    throw new ExpectedFailuresError(file, 'the file cannot be read');
  });
  return readExpectedFailures(file, yaml, await knownChecks());
}
