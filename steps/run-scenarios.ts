import * as v from 'valibot';
import type { Check } from '../reports/check.js';
import { createCheckCollector } from '../reports/check-collector.js';
import type { ExpectedFailure } from '../reports/expected-failures.js';
import type { Results } from '../reports/results.js';
import type { RunReport } from '../reports/run-report.js';
import { version } from '../mock-server/version.js';
import { runMessageSchema } from '../reports/run-messages.js';
import { mergeMessages } from './merged-messages.js';
import { playScenarios } from './play-scenarios.js';
import { recordRun } from './run-record.js';
import { playShards } from './scenario-shards.js';
import { stopReason } from './run-stop.js';
import { selectScenarios } from './scenario-selection.js';
import type { ScenarioSelection } from './scenario-selection.js';
import type { Target } from './target.js';
import { waitingTime } from './waiting-time.js';

/** A run of the bank scenarios. */
export interface ScenarioRun extends ScenarioSelection {
  /** `mock`, the absolute path of a target file, or a target that is open already. */
  readonly target: string | Target;
  /** What the reports call the target. */
  readonly targetName: string;
  /** Processes that share the scenarios, this one among them; each opens the target, which must be given by its name. */
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
  const { target, targetName, bank, tags, signal, exchanges = true } = run;
  const others = typeof target === 'string' ? Math.max(0, run.parallel - 1) : 0;
  const collectors = Array.from({ length: others + 1 }, () => createCheckCollector());
  const messages = mergeMessages((message) => recording.message(message));
  const take = (process: number, message: unknown): void => {
    messages.add(process, message);
    const judged = collectors[process]?.add(v.parse(runMessageSchema, message)) ?? null;
    if (judged === null) return;
    recording.check(judged);
    run.onCheck?.(judged.check);
  };
  const [ownFault, otherFaults] = await Promise.all([
    playScenarios({
      sources,
      target,
      targetName,
      exchanges,
      signal,
      shard: others === 0 ? null : { part: 0, of: others + 1 },
      onMessage: (message) => take(0, message),
    }),
    typeof target !== 'string' || others === 0
      ? []
      : playShards(others, { target, bank, tags, exchanges }, { signal, onMessage: take }),
  ]);
  messages.end();
  const startedAtMs = earliest(collectors.map((collector) => collector.startedAtMs));
  const finishedAtMs = latest(collectors.map((collector) => collector.finishedAtMs));
  const { results, report } = await recording.end({
    durationMs: startedAtMs === null || finishedAtMs === null ? null : finishedAtMs - startedAtMs,
    stopped: stopReason(),
    waitedMs: waitingTime(),
    incomplete: collectors.some(({ interrupted }) => interrupted) || signal?.aborted === true,
    faults: [...(ownFault === null ? [] : [ownFault]), ...otherFaults, ...collectors.flatMap(({ faults }) => faults)],
  });
  if (report !== null) run.onReport?.(report);
  return results;
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
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
