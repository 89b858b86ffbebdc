/**
 * Proves that what would be published works outside the checkout: builds, packs, unpacks into an empty folder and uses
 * the command, both entry points and their declarations there. The tarball's dependencies are linked from the checkout;
 * `--install` (or `HOMOLOGA_SMOKE_INSTALL=1`) has npm install them for real, which needs a registry.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installTarball, linkTarball, packTarball } from './package-installation.js';
import { checkQuickStart } from './quick-start-check.js';
import { checkDeclarations, checkEntryPoints, checkRun, checkServe, checkVersion } from './package-checks.js';

const install = process.argv.includes('--install') || process.env['HOMOLOGA_SMOKE_INSTALL'] === '1';
const folder = await mkdtemp(join(tmpdir(), 'homologa-smoke-'));

function say(line: string): void {
  process.stdout.write(`smoke: ${line}\n`);
}

try {
  const { tarball, files, bytes } = await packTarball(folder);
  say(`packed ${String(files)} files, ${String(Math.round(bytes / 1000))} kB when installed`);
  const site = await (install ? installTarball(folder, tarball) : linkTarball(folder, tarball));
  say(install ? 'installed with npm' : 'unpacked beside the dependencies of the checkout');
  const checks = [checkVersion, checkServe, checkEntryPoints, checkDeclarations, checkRun, checkQuickStart];
  for (const check of checks) say(await check(site));
} catch (error) {
  say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
