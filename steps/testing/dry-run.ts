import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { packagePaths } from '../package-paths.js';

/** A dry run's messages: which step of which scenario has which definitions. Its exit code says nothing of that. */
export async function dryRun(profile: 'default' | 'partner'): Promise<unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-dry-run-'));
  const file = join(folder, 'messages.ndjson');
  const cucumber = join(
    dirname(createRequire(import.meta.url).resolve('@cucumber/cucumber/package.json')),
    'bin/cucumber.js',
  );
  const options = { cwd: packagePaths.root };
  const format = ['--dry-run', '--format', `message:"${file}"`];
  await promisify(execFile)(process.execPath, [cucumber, '--profile', profile, ...format], options);
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  await rm(folder, { recursive: true });
  return lines.map((line): unknown => JSON.parse(line));
}
