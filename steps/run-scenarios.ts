import { mkdir } from 'node:fs/promises';
import { runCucumber } from '@cucumber/cucumber/api';
import * as v from 'valibot';
import type { Check } from '../reports/check.js';
import { createCheckCollector } from '../reports/check-collector.js';
import { recordEvidence } from '../reports/evidence-recorder.js';
import type { ExpectedFailure } from '../reports/expected-failures.js';
import { resultsOf } from '../reports/results.js';
import type { Results } from '../reports/results.js';
import { evidenceLine, readRunEvidence } from '../reports/run-evidence.js';
import type { RunReport } from '../reports/run-report.js';
import { version } from '../mock-server/version.js';
import { runMessageSchema } from '../reports/run-messages.js';
import { nowhere, supportCode } from './cucumber-support.js';
import { useTarget } from './current-target.js';
import { interruption } from './interruption.js';
import { openRunFolder } from './run-folder.js';
import { packagePaths } from './package-paths.js';
import { runRedactor } from './run-redactor.js';
import { selectScenarios } from './scenario-selection.js';
import type { ScenarioSelection } from './scenario-selection.js';
import type { Target } from './target.js';

/** A run of the bank scenarios. */
export interface ScenarioRun extends ScenarioSelection {
  /** `mock`, the absolute path of a target file, or a target that is open already. */
  readonly target: string | Target;
  /** What the reports call the target. */
  readonly targetName: string;
  /** Workers; 0 runs all in this process. */
  readonly parallel: number;
  /** Warnings count as failures. */
  readonly strict: boolean;
  /** Where the reports go; null writes none. */
  readonly folder: string | null;
  /** False keeps no headers and bodies: for runs of which only the verdicts count. */
  readonly exchanges?: boolean;
  /** Stops the run: scenarios that did not begin are left out, and the results are incomplete. */
  readonly signal?: AbortSignal;
  /** What the reports say of the run besides. */
  readonly facts?: {
    /** Where the bank was. */
    readonly environment: string;
    readonly commit: string | null;
    /** The command that runs a check again, without its `--tags`. */
    readonly command: string;
  };
  /** Null where no list was given. */
  readonly expectedFailures?: readonly ExpectedFailure[] | null;
  readonly onCheck?: (check: Check) => void;
  /** Called with what the reports hold once they are written. */
  readonly onReport?: (report: RunReport) => void;
}

/**
 * Runs the bank scenarios against a target. The folder gets the evidence while they run, and every report at the end,
 * also when the run was interrupted.
 *
 * @throws ScenarioSelectionError when nothing can be selected; whatever a bank does ends up in the results.
 */
export async function runScenarios(run: ScenarioRun): Promise<Results> {
  const { sources } = await selectScenarios(run);
  const support = await supportCode(sources);
  if (run.folder !== null) await mkdir(run.folder, { recursive: true });
  const folder = run.folder === null ? null : openRunFolder(run.folder);
  const lines: string[] = [];
  const recorder = recordEvidence(factsOf(run), (record) => {
    const line = evidenceLine(record);
    lines.push(line);
    folder?.evidence(line);
  });
  const collector = createCheckCollector();
  const failures: string[] = [];
  const given = typeof run.target === 'string' ? null : run.target;
  const stop = (): void => {
    interruption.abort();
  };
  if (run.signal?.aborted === true) stop();
  run.signal?.addEventListener('abort', stop, { once: true });
  useTarget(given);
  try {
    await runCucumber(
      {
        sources,
        support,
        runtime: {
          dryRun: false,
          failFast: false,
          filterStacktraces: true,
          parallel: given === null ? run.parallel : 0,
          retry: 0,
          retryTagFilter: '',
          strict: true,
          worldParameters: {
            target: typeof run.target === 'string' ? run.target : run.targetName,
            exchanges: run.exchanges ?? true,
          },
        },
        formats: { stdout: 'message', files: {}, publish: false, options: {} },
      },
      { cwd: packagePaths.root, stdout: nowhere() },
      (message) => {
        folder?.message(message);
        const judged = collector.add(v.parse(runMessageSchema, message));
        if (judged === null) return;
        recorder.check(judged);
        run.onCheck?.(judged.check);
      },
    );
  } catch (error) {
    // A hook of the whole run failed: cucumber gives up, the results say so.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    failures.push(runRedactor().text(cause instanceof Error ? cause.message : String(cause)));
  } finally {
    useTarget(null);
    run.signal?.removeEventListener('abort', stop);
  }
  const { startedAtMs, finishedAtMs, interrupted, faults } = collector;
  recorder.end({
    durationMs: startedAtMs === null || finishedAtMs === null ? null : finishedAtMs - startedAtMs,
    incomplete: interrupted || run.signal?.aborted === true,
    faults: [...failures, ...faults],
  });
  const evidence = readRunEvidence(lines.join(''));
  if (folder !== null) {
    const report = await folder.close(evidence);
    run.onReport?.(report);
  }
  return resultsOf(evidence);
}

function factsOf({ targetName, bank, tags, strict, facts, expectedFailures }: ScenarioRun) {
  return {
    startedAt: new Date().toISOString(),
    target: targetName,
    environment: facts?.environment ?? targetName,
    bank,
    tags,
    strict,
    homologa: version,
    node: process.version,
    commit: facts?.commit ?? null,
    command: facts?.command ?? 'homologa run',
    expectedFailures: expectedFailures === undefined || expectedFailures === null ? null : [...expectedFailures],
  };
}
