import { useTarget } from './current-target.js';
import { packagePaths } from './package-paths.js';
import { playFeatures } from './play-features.js';
import { selectScenarios } from './scenario-selection.js';
import type { ScenarioSelection } from './scenario-selection.js';
import type { Target } from './target.js';

/** Scenarios to be played in this process. */
export interface ScenarioPlay extends ScenarioSelection {
  /** `mock`, the absolute path of a target file, or a target that is open already. */
  readonly target: string | Target;
  /** What the reports call the target. */
  readonly targetName: string;
  /** False keeps no headers and bodies: for runs of which only the verdicts count. */
  readonly exchanges: boolean;
  /** `2/3`: of the selected scenarios only each third one, from the second on; null plays all. */
  readonly shard: string | null;
  /** Stops the play: scenarios that did not begin are left out. */
  readonly signal?: AbortSignal | undefined;
  readonly onMessage: (message: unknown) => void;
}

/**
 * Plays scenarios, and tells of them in cucumber's messages.
 *
 * @returns why cucumber gave up, where a hook of the whole run failed; else null
 * @throws ScenarioSelectionError when nothing can be selected
 */
export async function playScenarios(play: ScenarioPlay): Promise<string | null> {
  const { sources } = await selectScenarios(play);
  const { target, signal, shard } = play;
  useTarget(typeof target === 'string' ? null : target);
  return playFeatures({
    sources: shard === null ? sources : { ...sources, shard },
    steps: packagePaths.steps,
    worldParameters: { target: typeof target === 'string' ? target : play.targetName, exchanges: play.exchanges },
    signal,
    onMessage: play.onMessage,
  }).finally(() => useTarget(null));
}
