import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** The two files that the dashboard's page asks for; below `dist/dashboard` of the package they are gzipped, as `.gz`. */
export const dashboardFiles = { script: 'dashboard.js', style: 'dashboard.css' } as const;

/** Where a checkout has the dashboard's source, and a published package has not. */
export const dashboardSource = 'mock-server/dashboard/browser/main.tsx';

/**
 * How esbuild makes the dashboard's script and stylesheet, in the build of the package and in a checkout alike.
 * `notices` stands at the head of the script: the licence of what is joined into it wants to be kept.
 */
export function dashboardBundleOptions(checkout: string, notices: string): BuildOptions & { write: false } {
  return {
    absWorkingDir: checkout,
    entryPoints: [join(checkout, dashboardSource)],
    outdir: join(checkout, 'dist/dashboard'),
    entryNames: 'dashboard',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    // Browsers of the last two years: nobody's older one opens a developer's tool.
    target: ['chrome115', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    banner: { js: `/*! ${notices.trim().replaceAll('*/', '')} */` },
    logLevel: 'warning',
    write: false,
  };
}
