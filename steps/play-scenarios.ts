import { extname } from 'node:path';
import { runCucumber } from '@cucumber/cucumber/api';
import type { IRunConfiguration } from '@cucumber/cucumber/api';
import { nowhere, quietFormatter, supportCode } from './cucumber-support.js';
import { useTarget } from './current-target.js';
import { interruption } from './interruption.js';
import { packagePaths } from './package-paths.js';
import { runRedactor } from './run-redactor.js';
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

const shardPlugin = new URL(`./shard-plugin${extname(import.meta.url)}`, import.meta.url).href;

/**
 * Plays scenarios, and tells of them in cucumber's messages.
 *
 * @returns why cucumber gave up, where a hook of the whole run failed; else null */
export async function playScenarios(play: ScenarioPlay): Promise<string | null> {
  const { sources, target, signal, shard } = play;
  const support = await supportCode(sources);
  const stop = (): void => {
    interruption.abort();
  };
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
  useTarget(typeof target === 'string' ? null : target);
  try {
    await runCucumber(
      {
        sources,
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
        formats: { stdout: quietFormatter, files: {}, publish: false, options: {} },
        ...(shard === null ? {} : { plugins: { specifiers: [shardPlugin], options: { shard } } }),
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
