import { pathToFileURL } from 'node:url';
import { runCucumber } from '@cucumber/cucumber/api';
import type { IRunConfiguration } from '@cucumber/cucumber/api';
import { nowhere, quietFormatter, supportCode } from './cucumber-support.js';
import { interruption } from './interruption.js';
import { packagePaths } from './package-paths.js';
import { runRedactor } from './run-redactor.js';

/** Features to be played in this process. */
export interface FeaturePlay {
  readonly sources: IRunConfiguration['sources'];
  /** Where the step definitions are. */
  readonly steps: string;
  readonly worldParameters: Readonly<Record<string, string | boolean>>;
  /** One that chooses among the scenarios; null for none. */
  readonly plugin?: {
    readonly path: string;
    readonly options: Readonly<Record<string, Readonly<Record<string, number>>>>;
  } | null;
  /** Stops the play: scenarios that did not begin are left out. */
  readonly signal?: AbortSignal | undefined;
  readonly onMessage: (message: unknown) => void;
}

/**
 * Plays features, and tells of them in cucumber's messages. Whatever a step does is in these.
 *
 * @returns why cucumber gave up, where a hook of the whole run failed; else null
 */
export async function playFeatures(play: FeaturePlay): Promise<string | null> {
  const { sources, signal, plugin = null } = play;
  const support = await supportCode(sources, play.steps);
  const stop = (): void => {
    interruption.abort();
  };
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
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
          worldParameters: { ...play.worldParameters },
        },
        formats: { stdout: quietFormatter, files: {}, publish: false, options: {} },
        ...(plugin === null
          ? {}
          : { plugins: { specifiers: [pathToFileURL(plugin.path).href], options: { ...plugin.options } } }),
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
    signal?.removeEventListener('abort', stop);
  }
}
