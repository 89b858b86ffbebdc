import { Writable } from 'node:stream';
import { loadSupport } from '@cucumber/cucumber/api';
import type { IRunConfiguration } from '@cucumber/cucumber/api';
import { packagePaths } from './package-paths.js';

type Support = Awaited<ReturnType<typeof loadSupport>>;
let loaded: Promise<Support> | null = null;

/** Step definitions register themselves when they are imported, which a process does once. */
export function supportCode(sources: IRunConfiguration['sources']): Promise<Support> {
  loaded ??= loadSupport({ sources, support: { importPaths: [packagePaths.steps] } }, { cwd: packagePaths.root });
  return loaded;
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
