/**
 * Builds `dist/`: the JavaScript joined by esbuild into few files, and the declarations of the entry points by tsc.
 * See docs/decisions/0006-bundled-package.md.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import * as v from 'valibot';
import { dashboardFiles } from '../mock-server/dashboard/bundle-options.js';
import { bundleSource } from '../mock-server/dashboard/dashboard-bundle.js';
import { writeDeclarations } from './declarations.js';
import { checkout } from './package-installation.js';

const outdir = join(checkout, 'dist');

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: checkout,
  entryPoints: [
    'cli/homologa.ts',
    'mock-server/index.ts',
    'client/index.ts',
    'steps/shard-process.ts',
    'steps/shard-plugin.ts',
    ...(await stepDefinitions()),
  ],
  outbase: '.',
  outdir,
  bundle: true,
  // What two entries share is in a file of its own, so that there is one HomologaError, one world and one clock.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  // An error is known by its class's name, which esbuild would change where two files declare the same one.
  keepNames: true,
  // Under two megabytes with everything; functions and classes keep their names, so traces can be read.
  minify: true,
  metafile: true,
  logLevel: 'warning',
});
await refuseUndeclaredPackages(metafile);
refuseSlowHelp(metafile);
await writeDashboard();
await writeDeclarations(outdir, ['mock-server/index.d.ts', 'client/index.d.ts']);

/** The page at `/` asks for two files, which the server reads from here; gzipped, they are a third of the size. */
async function writeDashboard(): Promise<void> {
  const folder = join(outdir, 'dashboard');
  const { script, style } = await bundleSource(checkout);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${dashboardFiles.script}.gz`), gzipSync(script, { level: 9 }));
  await writeFile(join(folder, `${dashboardFiles.style}.gz`), gzipSync(style, { level: 9 }));
}

/** Cucumber imports them by their paths. */
async function stepDefinitions(): Promise<string[]> {
  const paths = await readdir(join(checkout, 'steps'), { recursive: true });
  return paths.filter((path) => path.endsWith('.steps.ts')).map((path) => join('steps', path));
}

/**
 * Help, version and usage errors load what the command line imports outright; all else is loaded by the command that
 * works with it.
 *
 * @throws Error when that is another package than commander, or much of our own
 */
function refuseSlowHelp({ outputs }: Metafile): void {
  const most = 40_000;
  const loaded = new Set(['dist/cli/homologa.js']);
  const packages = new Set<string>();
  for (const path of loaded) {
    for (const imported of outputs[path]?.imports ?? []) {
      if (imported.kind !== 'import-statement') continue;
      if (imported.external !== true) loaded.add(imported.path);
      else if (!imported.path.startsWith('node:') && !builtinModules.includes(imported.path))
        packages.add(imported.path);
    }
  }
  const bytes = [...loaded].reduce((total, path) => total + (outputs[path]?.bytes ?? 0), 0);
  if ([...packages].join() !== 'commander' || bytes > most) {
    throw new Error(
      `homologa --help would load ${[...packages].join(', ')} and ${String(bytes)} bytes of ours; expected commander ` +
        `alone and ${String(most)} at most. Import what a command works with in its action.`,
    );
  }
}

/** @throws Error for what is imported and would not be installed with the package */
async function refuseUndeclaredPackages({ outputs }: Metafile): Promise<void> {
  const manifest: unknown = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
  const named = v.record(v.string(), v.string());
  const declared = v.parse(v.object({ dependencies: named, peerDependencies: v.optional(named, {}) }), manifest);
  // An optional peer is imported where it is used, and its absence said in words.
  const packages = { ...declared.dependencies, ...declared.peerDependencies };
  const imported = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external === true).map(({ path }) => path),
  );
  const undeclared = imported.filter((path) => {
    const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/');
    return !path.startsWith('node:') && !builtinModules.includes(path) && !(name in packages);
  });
  if (undeclared.length > 0) {
    throw new Error(`What is built imports packages that are no dependencies: ${[...new Set(undeclared)].join(', ')}.`);
  }
}
