import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findOwnPackage } from './own-package.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-own-package-'));
  await mkdir(join(folder, 'dist', 'chunks'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

function writeManifest(path: string, manifest: unknown): Promise<void> {
  return writeFile(join(folder, path, 'package.json'), JSON.stringify(manifest));
}

it('finds the package however deep in it a build put the file', async () => {
  await writeManifest('.', { name: 'homologa', version: '1.2.3' });
  for (const path of ['dist/chunks', 'dist', '.']) {
    expect(findOwnPackage(join(folder, path))).toEqual({ folder, version: '1.2.3' });
  }
});

it('passes by a package.json of another name or of none', async () => {
  await writeManifest('.', { name: 'homologa', version: '1.2.3' });
  await writeManifest('dist', { type: 'module' });
  await writeManifest('dist/chunks', { name: 'another', version: '9.9.9' });
  expect(findOwnPackage(join(folder, 'dist', 'chunks'))).toEqual({ folder, version: '1.2.3' });
});

it('does not take the version of the program that homologa was bundled into', async () => {
  await writeManifest('.', { name: 'a-program', version: '9.9.9' });
  const from = join(folder, 'dist');
  expect(findOwnPackage(from)).toEqual({ folder: from, version: '0.0.0' });
});
