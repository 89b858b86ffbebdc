import { relative, resolve } from 'node:path';
import type { Check } from '../reports/check.js';
import type { RunExitCode } from '../reports/results.js';
import { progressMark, terminalSummary } from '../reports/terminal-summary.js';
import type { ScenarioBank } from '../reports/scenario-tags.js';
import { findTarget } from '../steps/find-target.js';
import { openTarget } from '../steps/open-target.js';
import { packagePaths } from '../steps/package-paths.js';
import { preflight } from '../steps/preflight.js';
import { runScenarios } from '../steps/run-scenarios.js';
import type { Target } from '../steps/target.js';
import { untilStopped } from './stop-signals.js';

/** What `homologa run` was asked for. */
export interface BankScenariosRequest {
  readonly bank: ScenarioBank | null;
  /** `mock`, the path of a target file, or its name. */
  readonly target: string;
  readonly tags: string | null;
  readonly parallel: number;
  readonly strict: boolean;
  /** Absolute; null for a new folder under `reports/out/`. */
  readonly folder: string | null;
}

/** Runs the bank scenarios with progress and a closing summary on the terminal, and gives the exit code. */
export async function runBankScenarios(request: BankScenariosRequest): Promise<RunExitCode> {
  const { target: asked, tags, parallel, strict } = request;
  const target = await findTarget(asked, process.cwd());
  const folder = request.folder ?? resolve('reports/out', `${timeOfFolder(new Date())}-${target.name}`);
  const colour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const stopped = new AbortController();
  void untilStopped().then(() => {
    stopped.abort();
  });
  const bank = request.bank ?? target.bank;
  // Opened here, so that an environment in which it cannot be is said before anything runs. Workers open their own.
  const opened = await openTarget(target.path ?? 'mock');
  if (target.path !== null && target.bank !== null) await check(opened, target.bank);
  const run = {
    bank,
    tags,
    strict,
    folder,
    // A target file is one world, whose clock and limits the scenarios take turns at.
    parallel: target.path === null ? parallel : 0,
    target: target.path === null && parallel > 0 ? 'mock' : opened,
    targetName: target.name,
    signal: stopped.signal,
    onCheck: (check: Check) => process.stdout.write(progressMark(check, colour)),
  };
  const results = await runScenarios(run).finally(() => opened.close());
  const command = packagePaths.fromSource ? 'npm run homologa -- run' : 'npx homologa run';
  const rerun = (check: Check): string =>
    `${command} ${asked === 'mock' ? '' : `--target ${asked} `}--tags @id:${check.id.replace(/#.*$/, '')}`;
  const shown = relative(process.cwd(), folder);
  const summary = terminalSummary(results, { colour, rerun, folder: shown === '' ? '.' : shown });
  process.stdout.write(`\n\n${summary}`);
  return results.run.exitCode;
}

/** Finds out whether anything could be judged at all. */
async function check(target: Target, bank: ScenarioBank): Promise<void> {
  try {
    const opened = await target.open(bank, (transport) => transport);
    await preflight(opened).finally(() => opened.close());
  } catch (error) {
    await target.close();
    throw error;
  }
}

/** Sorts by time, and every file system takes it. */
function timeOfFolder(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(':', '-');
}
