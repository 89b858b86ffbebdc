import type { Check } from '../reports/check.js';
import type { ExpectedFailure } from '../reports/expected-failures.js';
import type { Results } from '../reports/results.js';
import type { RunReport } from '../reports/run-report.js';
import { version } from '../mock-server/version.js';
import { useTarget } from './current-target.js';
import { packagePaths } from './package-paths.js';
import { playFeatures } from './play-features.js';
import { recordRun } from './run-record.js';
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
  const recording = await recordRun(factsOf(run), run.folder);
  const given = typeof run.target === 'string' ? null : run.target;
  useTarget(given);
  const { collector, failures } = await playFeatures({
    sources,
    steps: packagePaths.steps,
    parallel: given === null ? run.parallel : 0,
    worldParameters: {
      target: typeof run.target === 'string' ? run.target : run.targetName,
      exchanges: run.exchanges ?? true,
    },
    signal: run.signal,
    onMessage: (message) => recording.message(message),
    onJudged: (judged) => {
      recording.check(judged);
      run.onCheck?.(judged.check);
    },
  }).finally(() => useTarget(null));
  const { startedAtMs, finishedAtMs, interrupted } = collector;
  const { results, report } = await recording.end({
    durationMs: startedAtMs === null || finishedAtMs === null ? null : finishedAtMs - startedAtMs,
    incomplete: interrupted || run.signal?.aborted === true,
    faults: failures,
  });
  if (report !== null) run.onReport?.(report);
  return results;
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
