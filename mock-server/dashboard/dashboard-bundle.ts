import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type * as esbuild from 'esbuild';
import { HomologaError } from '../../foundation/homologa-error.js';
import { ownPackage } from '../../foundation/own-package.js';
import { dashboardBundleOptions, dashboardFiles, dashboardSource } from './bundle-options.js';

/** The dashboard's two files as they are served. */
export interface DashboardBundle {
  readonly script: string;
  readonly style: string;
}

/** Thrown where the package's files are not beside the program, as when somebody joined homologa into one of theirs. */
export class DashboardMissingError extends HomologaError {
  constructor(cause: unknown) {
    super(
      'ERR_DASHBOARD_MISSING',
      'The dashboard wants the files of dist/dashboard in the package homologa, which are not where this program runs; ' +
        'the control API has all of it: GET /_mock/openapi.json.',
      { cause },
    );
  }
}

let loading: Promise<DashboardBundle> | null = null;

/**
 * Script and stylesheet: of the build, or, in a checkout, made from the source at the first request. Loaded once, and
 * not before somebody opens the page.
 *
 * @throws DashboardMissingError (`ERR_DASHBOARD_MISSING`)
 */
export function loadDashboardBundle(): Promise<DashboardBundle> {
  const { folder } = ownPackage;
  loading ??= existsSync(join(folder, dashboardSource)) ? bundleSource(folder) : readBuilt(folder);
  return loading;
}

/** Reads what the build left in a package. @throws DashboardMissingError (`ERR_DASHBOARD_MISSING`) */
export async function readBuilt(folder: string): Promise<DashboardBundle> {
  const read = async (name: string): Promise<string> =>
    gunzipSync(await readFile(join(folder, 'dist/dashboard', `${name}.gz`))).toString('utf8');
  try {
    const [script, style] = await Promise.all([read(dashboardFiles.script), read(dashboardFiles.style)]);
    return { script, style };
  } catch (error) {
    throw new DashboardMissingError(error);
  }
}

/** Makes both files from the source, with the esbuild that a checkout has and an installed package has not. */
export async function bundleSource(checkout: string): Promise<DashboardBundle> {
  // By require, and not by import: the package that is published must not name what only a checkout has.
  const requireOfCheckout = createRequire(join(checkout, 'package.json'));
  const { build } = requireOfCheckout('esbuild') as typeof esbuild;
  const notices = await readFile(join(checkout, 'node_modules/preact/LICENSE'), 'utf8');
  const { outputFiles } = await build(dashboardBundleOptions(checkout, `preact\n${notices}`));
  const textOf = (name: string): string => {
    const file = outputFiles.find(({ path }) => path.endsWith(name));
    if (file === undefined) throw new TypeError(`The dashboard's source gave no ${name}.`);
    return file.text;
  };
  return { script: textOf(dashboardFiles.script), style: textOf(dashboardFiles.style) };
}
