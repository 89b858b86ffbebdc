import { Writable } from 'node:stream';
import { loadSupport } from '@cucumber/cucumber/api';
import type { IRunConfiguration } from '@cucumber/cucumber/api';
import { packagePaths } from './package-paths.js';

type Support = Awaited<ReturnType<typeof loadSupport>>;
const loaded = new Map<string, Promise<Support>>();

/** Step definitions register themselves when they are imported, which a process does once for each set of them. */
export function supportCode(
  sources: IRunConfiguration['sources'],
  steps: string = packagePaths.steps,
): Promise<Support> {
  const known =
    loaded.get(steps) ?? loadSupport({ sources, support: { importPaths: [steps] } }, { cwd: packagePaths.root });
  loaded.set(steps, known);
  return known;
}

/** The formatter that does least: it writes at the end, and only of steps that nobody defined. */
export const quietFormatter = 'snippets';

/** Cucumber always has a formatter for the terminal; ours writes there instead. */
export function nowhere(): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
}
