import { runCucumber } from '@cucumber/cucumber/api';
import { nowhere, supportCode } from './cucumber-support.js';
import { useTarget } from './current-target.js';
import { interruption } from './interruption.js';
import { packagePaths } from './package-paths.js';
import { runRedactor } from './run-redactor.js';
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
  const support = await supportCode(sources);
  const { target, signal, shard } = play;
  const stop = (): void => {
    interruption.abort();
  };
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
  useTarget(typeof target === 'string' ? null : target);
  try {
    await runCucumber(
      {
        sources: shard === null ? sources : { ...sources, shard },
        support,
        runtime: {
          dryRun: false,
          failFast: false,
          filterStacktraces: true,
          parallel: 0,
          retry: 0,
          retryTagFilter: '',
          strict: true,
          worldParameters: {
            target: typeof target === 'string' ? target : play.targetName,
            exchanges: play.exchanges,
          },
        },
        formats: { stdout: 'message', files: {}, publish: false, options: {} },
      },
      { cwd: packagePaths.root, stdout: nowhere() },
      play.onMessage,
    );
    return null;
  } catch (error) {
    // A hook of the whole run failed: cucumber gives up, the results say so.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return runRedactor().text(cause instanceof Error ? cause.message : String(cause));
  } finally {
    useTarget(null);
    signal?.removeEventListener('abort', stop);
  }
}
