import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { findMutant, nearestMutantIds } from '../mock-server/mutants/catalogue.js';
import type { Check } from '../reports/check.js';
import { ExpectedFailuresError, readExpectedFailures } from '../reports/expected-failures.js';
import type { ExpectedFailure } from '../reports/expected-failures.js';
import { githubAnnotations } from '../reports/github-annotations.js';
import type { Results, RunExitCode } from '../reports/results.js';
import { rerunCommand } from '../reports/run-report.js';
import { progressMark, terminalSummary } from '../reports/terminal-summary.js';
import type { ScenarioBank } from '../reports/scenario-tags.js';
import { commitOf } from '../steps/commit-of.js';
import type { PersonOptions } from '../steps/consent-ways/open-consent-way.js';
import { findTarget } from '../steps/find-target.js';
import type { FoundTarget } from '../steps/find-target.js';
import { createMockTarget } from '../steps/mock-target.js';
import { knownChecks } from '../steps/known-checks.js';
import { openTarget } from '../steps/open-target.js';
import { packagePaths } from '../steps/package-paths.js';
import { preflight } from '../steps/preflight.js';
import { consentCount, outlineOf, plannedConsents, planRun } from '../steps/run-plan.js';
import { runScenarios } from '../steps/run-scenarios.js';
import type { ScenarioRun } from '../steps/run-scenarios.js';
import type { Target } from '../steps/target.js';
import { environmentOf } from '../steps/target-environment.js';
import { outlineTargetFile } from '../steps/target-file.js';
import { readMockSettings } from './mock-settings-file.js';
import { reportFolder } from './report-folder.js';
import { untilStopped } from './stop-signals.js';
import { isColoured } from './terminal-colour.js';
import { refuseOtherBank, UsageError } from './usage-error.js';

/** What `homologa run` was asked for. */
export interface BankScenariosRequest {
  readonly bank: ScenarioBank | null;
  /** `mock`, the path of a target file, or its name. */
  readonly target: string;
  readonly tags: string | null;
  readonly parallel: number;
  readonly strict: boolean;
  /** A standing bug that the mock is given; null for an honest one. */
  readonly mutant: string | null;
  /** A file with settings of the mock; null for the bank's own. */
  readonly settings: string | null;
  /** The list of expected failures; null for none. */
  readonly expected: string | null;
  /** Whether a person's browser is opened at the bank. */
  readonly opensBrowser: boolean;
  /** Absolute; null for a new folder under `reports/out/`. */
  readonly folder: string | null;
}

/** Runs the bank scenarios with progress and a closing summary on the terminal, and gives the exit code. */
export async function runBankScenarios(request: BankScenariosRequest): Promise<RunExitCode> {
  const { target: asked, tags, parallel, strict } = request;
  const target = await findTarget(asked, process.cwd());
  refuseOtherBank(request.bank, target);
  const folder = request.folder ?? reportFolder(target.name);
  const colour = isColoured(process.stdout, process.env);
  const expectedFailures = request.expected === null ? null : await readList(request.expected);
  const stopped = new AbortController();
  void untilStopped().then(() => {
    stopped.abort();
  });
  const bank = request.bank ?? target.bank;
  // Opened here, so that an environment in which it cannot be is said before anything runs. Workers open their own.
  const { mutant, settings } = request;
  const isChanged = mutant !== null || settings !== null;
  const opened = isChanged
    ? await openChangedMock(request, target.path)
    : await openTarget(target.path ?? 'mock', await personOptions(request, target, bank));
  if (target.path !== null && target.bank !== null) await check(opened, target.bank);
  const runner = packagePaths.fromSource ? 'npm run homologa -- run' : 'npx homologa run';
  const changes = `${mutant === null ? '' : ` --mutant ${mutant}`}${settings === null ? '' : ` --settings ${settings}`}`;
  const command = asked === 'mock' ? `${runner}${changes}` : `${runner} --target ${asked}`;
  const canShare = target.path === null && !isChanged;
  const run: ScenarioRun = {
    bank,
    tags,
    strict,
    folder,
    // A target file is one world, whose clock and limits the scenarios take turns at.
    parallel: canShare ? parallel : 0,
    target: canShare && parallel > 1 ? 'mock' : opened,
    targetName: target.name,
    signal: stopped.signal,
    facts: { environment: target.environment, commit: await commitOf(process.cwd()), command },
    expectedFailures,
    onCheck: (check: Check) => process.stdout.write(progressMark(check, colour)),
    onReport: (report) => {
      if ((process.env['GITHUB_ACTIONS'] ?? '') !== '') process.stdout.write(`\n${githubAnnotations(report)}`);
    },
  };
  const { results, lost } = await runWithGrants(run, opened).finally(() => opened.close());
  const rerun = (check: Check): string => rerunCommand({ command, role: 'bank' }, check);
  const shown = relative(process.cwd(), folder);
  const summary = terminalSummary(results, { colour, rerun, folder: shown === '' ? '.' : shown });
  process.stdout.write(`\n\n${summary}`);
  if (lost !== null) process.stderr.write(`homologa: ${lost}\n`);
  return results.run.exitCode;
}

/** How many consents a person is going to be asked for, said beforehand. */
async function personOptions(
  { tags, opensBrowser }: BankScenariosRequest,
  { path, name }: FoundTarget,
  bank: ScenarioBank | null,
): Promise<PersonOptions> {
  const file = path === null ? null : await outlineTargetFile(path, await environmentOf(process.cwd(), process.env));
  if (file?.consent !== 'person') return { expectedConsents: null, opensBrowser };
  const checks = await planRun({ bank, tags }, outlineOf(name, file));
  const expectedConsents = plannedConsents(checks);
  const runs = checks.filter(({ skipped }) => skipped === null).length;
  process.stderr.write(
    `${String(runs)} ${runs === 1 ? 'check' : 'checks'}; you are asked for ${consentCount(expectedConsents)}, one more where the bank ends a grant that scenarios share.\n`,
  );
  return { expectedConsents, opensBrowser };
}

/** A mock with a standing bug or settings. Workers open their own targets and know of none, so it runs in this process. */
async function openChangedMock(
  { mutant, settings }: Pick<BankScenariosRequest, 'mutant' | 'settings'>,
  targetPath: string | null,
): Promise<Target> {
  if (targetPath !== null) {
    const flag = mutant === null ? '--settings changes the mock' : '--mutant gives the mock a bug';
    throw new UsageError(`${flag}: it goes with --target mock only.`);
  }
  if (mutant !== null && findMutant(mutant) === undefined) {
    throw new UsageError(`--mutant: there is no mutant "${mutant}". Nearest: ${nearestMutantIds(mutant).join(', ')}.`);
  }
  return createMockTarget({
    ...(mutant === null ? {} : { mutants: [mutant] }),
    ...(settings === null ? {} : { settings: await readMockSettings(settings) }),
  });
}

/** Runs, and looks at the kept tokens once more: whether they are lost somebody should know before the next night. */
async function runWithGrants(
  run: ScenarioRun,
  { grants }: Target,
): Promise<{ readonly results: Results; readonly lost: string | null }> {
  const results = await runScenarios(run);
  return { results, lost: (await grants?.verify()) ?? null };
}

/** Finds out whether anything could be judged at all. */
async function check(target: Target, bank: ScenarioBank): Promise<void> {
  try {
    const opened = await target.open(bank, (transport) => transport);
    await preflight(opened)
      .then(() => target.grants?.begin(opened))
      .finally(() => opened.close());
  } catch (error) {
    await target.close();
    throw error;
  }
}

/** @throws ExpectedFailuresError (`ERR_EXPECTED_FAILURES`) */
async function readList(file: string): Promise<readonly ExpectedFailure[]> {
  const yaml = await readFile(file, 'utf8').catch(() => {
    throw new ExpectedFailuresError(file, 'the file cannot be read');
  });
  return readExpectedFailures(file, yaml, await knownChecks());
}
