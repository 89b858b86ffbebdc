import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { startProcess } from './homologa-process.js';

export const checkout = fileURLToPath(new URL('..', import.meta.url));
/** TypeScript's, as Node's first argument. */
export const compiler = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** A folder in which the package is installed, outside the checkout. */
export interface Site {
  readonly folder: string;
  /** The command line, as Node's first argument. */
  readonly entry: string;
  /** The version that the checkout's package.json names. */
  readonly version: string;
}

const packedSchema = v.object({
  filename: v.string(),
  unpackedSize: v.number(),
  files: v.array(v.object({ path: v.string() })),
});
const packReport = v.pipe(
  v.tuple([packedSchema]),
  v.transform(([packed]) => packed),
);

/** What the package's own files may take once they are installed. */
const mostBytes = 2_000_000;

/** What must be in the tarball, and what must not. */
const needed = [
  'package.json',
  'LICENSE',
  'dist/cli/homologa.js',
  'dist/mock-server/index.js',
  'dist/client/index.js',
  'dist/dashboard/dashboard.js.gz',
  'dist/dashboard/dashboard.css.gz',
];
const unwanted = /\.test\.|\/test-world\.|\/testing\/|(?<!\.d)\.ts$|^(scripts|bench|interop|node_modules|reports)\//;

/** Builds from scratch and packs. @throws Error when something fails, is missing, too big or does not belong */
export async function packTarball(folder: string): Promise<{ tarball: string; files: number; bytes: number }> {
  await run(npm, ['run', 'build'], checkout);
  const report = await run(npm, ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], checkout);
  const { filename, unpackedSize, files } = v.parse(packReport, JSON.parse(report));
  const paths = files.map(({ path }) => path);
  const missing = needed.filter((path) => !paths.includes(path));
  if (missing.length > 0) throw new Error(`The tarball lacks ${missing.join(', ')}.`);
  const surplus = paths.filter((path) => unwanted.test(path));
  if (surplus.length > 0) throw new Error(`The tarball holds what is not for users: ${surplus.join(', ')}.`);
  if (unpackedSize > mostBytes) {
    throw new Error(`The package takes ${String(unpackedSize)} bytes installed, more than ${String(mostBytes)}.`);
  }
  return { tarball: join(folder, filename), files: files.length, bytes: unpackedSize };
}

/** Unpacks the tarball as npm would, and links every other package from the checkout. Needs no network. */
export async function linkTarball(folder: string, tarball: string): Promise<Site> {
  const modules = join(folder, 'site', 'node_modules');
  const unpacked = join(modules, 'homologa');
  await mkdir(unpacked, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'], folder);
  for (const name of await readdir(join(checkout, 'node_modules'))) {
    if (name.startsWith('.') || name === 'homologa') continue;
    await symlink(join(checkout, 'node_modules', name), join(modules, name), 'junction');
  }
  const entry = join(unpacked, 'dist', 'cli', 'homologa.js');
  // npm makes what package.json calls `bin` executable.
  await chmod(entry, 0o755);
  return describeSite(join(folder, 'site'), entry);
}

/** Installs the tarball and its dependencies with npm. */
export async function installTarball(folder: string, tarball: string): Promise<Site> {
  const site = join(folder, 'site');
  await mkdir(site);
  await writeFile(join(site, 'package.json'), '{"private":true}\n');
  await run(npm, ['install', '--no-audit', '--no-fund', '--omit=dev', tarball], site);
  return describeSite(site, join(site, 'node_modules', 'homologa', 'dist', 'cli', 'homologa.js'));
}

async function describeSite(folder: string, entry: string): Promise<Site> {
  const firstLine = (await readFile(entry, 'utf8')).split('\n')[0];
  if (firstLine !== '#!/usr/bin/env node')
    throw new Error(`The command does not start with its shebang: ${firstLine ?? ''}`);
  const manifest: unknown = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
  const { version } = v.parse(v.object({ version: v.string() }), manifest);
  return { folder, entry, version };
}

/** Runs a command to its end. @throws Error with what it said, when it fails */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { exitCode, signal, stdout, stderr } = await startProcess(command, args, { cwd }).ended;
  if (exitCode !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${String(exitCode ?? signal)}:\n${stdout}${stderr}`);
  }
  return stdout;
}
