import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findChromium } from './find-chromium.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-chromium-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, 0o755);
  return path;
}

// A platform without usual places: what is installed on this machine does not count.
const found = (environment: Record<string, string>) => findChromium(environment, 'aix');

it('takes what CHROMIUM_PATH names, before CHROME_PATH and PATH', async () => {
  const [chosen, other] = [await program('chosen'), await program('other')];
  await program('chromium');
  expect(found({ CHROMIUM_PATH: chosen, CHROME_PATH: other, PATH: folder })).toBe(chosen);
  expect(found({ CHROMIUM_PATH: '', CHROME_PATH: other, PATH: folder })).toBe(other);
});

it('takes no other where the variable names nothing that can be run', async () => {
  await program('chromium');
  const text = join(folder, 'text');
  await writeFile(text, '');
  expect(found({ CHROMIUM_PATH: join(folder, 'absent'), PATH: folder })).toBeNull();
  expect(found({ CHROMIUM_PATH: text, PATH: folder })).toBeNull();
  expect(found({ CHROMIUM_PATH: folder, PATH: folder })).toBeNull();
});

it('finds it on PATH under the names that distributions give it, in the order of the folders', async () => {
  expect(found({ PATH: folder })).toBeNull();
  const chrome = await program('google-chrome-stable');
  expect(found({ PATH: ['', '/nowhere', folder].join(delimiter) })).toBe(chrome);
  const chromium = await program('chromium');
  expect(found({ PATH: folder })).toBe(chromium);
});

it('looks where installers put it on Windows', async () => {
  const chrome = `\\Google\\Chrome\\Application\\chrome.exe`;
  await mkdir(join(folder, 'programs'));
  // On other systems the backslashes are part of the file's name.
  const path = `${join(folder, 'programs')}${chrome}`;
  await writeFile(path, '');
  await chmod(path, 0o755);
  expect(findChromium({ PROGRAMFILES: join(folder, 'programs') }, 'win32')).toBe(path);
});
