import type { IRunConfiguration } from '@cucumber/cucumber/api';
import { useTarget } from './current-target.js';
import { packagePaths } from './package-paths.js';
import { playFeatures } from './play-features.js';
import type { Shard } from './shard-plugin.js';
import type { Target } from './target.js';

/** Scenarios to be played in this process. */
export interface ScenarioPlay {
  readonly sources: IRunConfiguration['sources'];
  /** `mock`, the absolute path of a target file, or a target that is open already. */
  readonly target: string | Target;
  /** What the reports call the target. */
  readonly targetName: string;
  /** False keeps no headers and bodies: for runs of which only the verdicts count. */
  readonly exchanges: boolean;
  /** The part of the selected scenarios that this process plays; null plays all. */
  readonly shard: Shard | null;
  /** Stops the play: scenarios that did not begin are left out. */
  readonly signal?: AbortSignal | undefined;
  readonly onMessage: (message: unknown) => void;
}

/**
 * Plays scenarios, and tells of them in cucumber's messages.
 *
 * @returns why cucumber gave up, where a hook of the whole run failed; else null */
export async function playScenarios(play: ScenarioPlay): Promise<string | null> {
  const { sources, target, signal, shard } = play;
  useTarget(typeof target === 'string' ? null : target);
  return playFeatures({
    sources,
    steps: packagePaths.steps,
    worldParameters: { target: typeof target === 'string' ? target : play.targetName, exchanges: play.exchanges },
    plugin: shard === null ? null : { path: packagePaths.shardPlugin, options: { shard } },
    signal,
    onMessage: play.onMessage,
  }).finally(() => useTarget(null));
}
