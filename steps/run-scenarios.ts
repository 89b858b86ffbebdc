import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { loadSupport, runCucumber } from '@cucumber/cucumber/api';
import type { IRunConfiguration } from '@cucumber/cucumber/api';
import * as v from 'valibot';
import type { Check } from '../reports/check.js';
import { createCheckCollector } from '../reports/check-collector.js';
import { resultsOfCollected } from '../reports/results.js';
import type { Results } from '../reports/results.js';
import { runMessageSchema } from '../reports/run-messages.js';
import { useTarget } from './current-target.js';
import { interruption } from './interruption.js';
import { packagePaths } from './package-paths.js';
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
  /** Stops the run: scenarios that did not begin are left out, and the results are incomplete. */
  readonly signal?: AbortSignal;
  readonly onCheck?: (check: Check) => void;
}

type Support = Awaited<ReturnType<typeof loadSupport>>;
let loaded: Promise<Support> | null = null;

/** Step definitions register themselves when they are imported, which a process does once. */
function supportCode(sources: IRunConfiguration['sources']): Promise<Support> {
  loaded ??= loadSupport({ sources, support: { importPaths: [packagePaths.steps] } }, { cwd: packagePaths.root });
  return loaded;
}

/**
 * Runs the bank scenarios against a target, and writes `results.json`, `messages.ndjson`, `index.html` and `junit.xml`.
 *
 * @throws ScenarioSelectionError when nothing can be selected; whatever a bank does ends up in the results.
 */
export async function runScenarios(run: ScenarioRun): Promise<Results> {
  const { sources } = await selectScenarios(run);
  const support = await supportCode(sources);
  if (run.folder !== null) await mkdir(run.folder, { recursive: true });
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
          worldParameters: { target: typeof run.target === 'string' ? run.target : run.targetName },
        },
        formats: { stdout: 'message', files: reportFiles(run.folder), publish: false, options: {} },
      },
      { cwd: packagePaths.root, stdout: nowhere() },
      (message) => {
        const judged = collector.add(v.parse(runMessageSchema, message));
        if (judged !== null) run.onCheck?.(judged.check);
      },
    );
  } catch (error) {
    // A hook of the whole run failed: cucumber gives up, the results say so.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    failures.push(cause instanceof Error ? cause.message : String(cause));
  } finally {
    useTarget(null);
    run.signal?.removeEventListener('abort', stop);
  }
  const { bank, tags, strict, targetName } = run;
  const interrupted = run.signal?.aborted === true;
  const results = resultsOfCollected(collector, {
    target: targetName,
    bank,
    tags,
    strict,
    interrupted,
    faults: failures,
  });
  if (run.folder !== null) {
    await writeFile(join(run.folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  }
  return results;
}

function reportFiles(folder: string | null): Record<string, string> {
  if (folder === null) return {};
  return {
    [join(folder, 'messages.ndjson')]: 'message',
    [join(folder, 'index.html')]: 'html',
    [join(folder, 'junit.xml')]: 'junit',
  };
}

/** Cucumber always has a formatter for the terminal; ours writes there instead. */
function nowhere(): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
}
