import { runCucumber } from '@cucumber/cucumber/api';
import * as v from 'valibot';
import { createCheckCollector } from '../reports/check-collector.js';
import { runMessageSchema } from '../reports/run-messages.js';
import { packagePaths } from './package-paths.js';
import { nowhere, quietFormatter, supportCode } from './cucumber-support.js';
import { selectScenarios } from './scenario-selection.js';

/** The ids of all checks, whatever a run selects: of a run in which nothing is done. */
export async function knownChecks(): Promise<ReadonlySet<string>> {
  const { sources } = await selectScenarios({ bank: null, tags: null });
  const collector = createCheckCollector();
  const runtime = { failFast: false, filterStacktraces: true, parallel: 0, retry: 0, retryTagFilter: '', strict: true };
  await runCucumber(
    {
      sources,
      support: await supportCode(sources),
      runtime: { ...runtime, dryRun: true, worldParameters: {} },
      formats: { stdout: quietFormatter, files: {}, publish: false, options: {} },
    },
    { cwd: packagePaths.root, stdout: nowhere() },
    (message) => collector.add(v.parse(runMessageSchema, message)),
  );
  return new Set(collector.judged.map(({ check }) => check.id));
}
