import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { packagePaths } from './package-paths.js';

const outcomeSchema = v.object({ secrets: v.number(), leaks: v.array(v.string()) });

it('writes no code, token, secret or password of a run into its reports, whatever the bank repeats', async () => {
  const script = join(packagePaths.root, 'steps/testing/run-for-secrets.ts');
  const options = { cwd: packagePaths.root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], options);
  const { secrets, leaks } = v.parse(outcomeSchema, JSON.parse(stdout));
  expect(secrets).toBeGreaterThan(500);
  expect(leaks).toEqual([]);
}, 120_000);
