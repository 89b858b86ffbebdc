import { existsSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const packageFolder = [resolve(here, '..'), resolve(here, '../..')].find((folder) =>
  existsSync(join(folder, 'package.json')),
);

/** Where this package is, from its sources as from what is built of them. */
export const packagePaths = {
  root: packageFolder ?? resolve(here, '..'),
  /** Whether this runs from the TypeScript sources. */
  fromSource: extname(import.meta.url) === '.ts',
  features: join(packageFolder ?? resolve(here, '..'), 'features'),
  requirements: join(packageFolder ?? resolve(here, '..'), 'features', 'requirements'),
  portugueseNames: join(packageFolder ?? resolve(here, '..'), 'features', 'portuguese-names.yaml'),
  /** The step definitions, in the language that this runs from. */
  steps: join(here, `*.steps${extname(import.meta.url)}`),
} as const;
