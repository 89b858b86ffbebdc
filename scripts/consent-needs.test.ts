import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { packagePaths } from '../steps/package-paths.js';

// In a process of its own, since step definitions are TypeScript that cucumber imports.
it('knows what each scenario asks of a user (npm run consent-needs writes it)', { timeout: 120_000 }, async () => {
  const words = ['--import', 'tsx', 'scripts/write-consent-needs.ts', '--print'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: packagePaths.root });
  expect(await readFile(packagePaths.consentNeeds, 'utf8')).toBe(stdout);
});
