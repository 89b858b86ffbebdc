import { runCucumber } from '@cucumber/cucumber/api';
import type { IRunConfiguration } from '@cucumber/cucumber/api';
import * as v from 'valibot';
import { createCheckCollector } from '../reports/check-collector.js';
import type { CheckCollector, JudgedScenario, ReadTags } from '../reports/check-collector.js';
import { runMessageSchema } from '../reports/run-messages.js';
import { nowhere, supportCode } from './cucumber-support.js';
import { interruption } from './interruption.js';
import { packagePaths } from './package-paths.js';
import { runRedactor } from './run-redactor.js';

/** Scenarios to be played. */
export interface Play {
  readonly sources: IRunConfiguration['sources'];
  /** Where the step definitions are. */
  readonly steps: string;
  /** Workers; 0 plays all in this process. */
  readonly parallel: number;
  readonly worldParameters: Readonly<Record<string, string | boolean>>;
  readonly readTags?: ReadTags;
  readonly signal?: AbortSignal | undefined;
  readonly onMessage: (message: unknown) => void;
  readonly onJudged: (judged: JudgedScenario) => void;
}

/** What became of the scenarios, and what went wrong outside them. */
export interface Played {
  readonly collector: CheckCollector;
  readonly failures: readonly string[];
}

/** Plays scenarios through cucumber. Whatever a step does ends up in the checks; this throws for no bank. */
export async function playFeatures(play: Play): Promise<Played> {
  const { sources } = play;
  const support = await supportCode(sources, play.steps);
  const collector = createCheckCollector(play.readTags);
  const failures: string[] = [];
  const stop = (): void => {
    interruption.abort();
  };
  if (play.signal?.aborted === true) stop();
  play.signal?.addEventListener('abort', stop, { once: true });
  try {
    await runCucumber(
      {
        sources,
        support,
        runtime: {
          dryRun: false,
          failFast: false,
          filterStacktraces: true,
          parallel: play.parallel,
          retry: 0,
          retryTagFilter: '',
          strict: true,
          worldParameters: { ...play.worldParameters },
        },
        formats: { stdout: 'message', files: {}, publish: false, options: {} },
      },
      { cwd: packagePaths.root, stdout: nowhere() },
      (message) => {
        play.onMessage(message);
        const judged = collector.add(v.parse(runMessageSchema, message));
        if (judged !== null) play.onJudged(judged);
      },
    );
  } catch (error) {
    // A hook of the whole run failed: cucumber gives up, the results say so.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    failures.push(runRedactor().text(cause instanceof Error ? cause.message : String(cause)));
  } finally {
    play.signal?.removeEventListener('abort', stop);
  }
  return { collector, failures: [...failures, ...collector.faults] };
}
