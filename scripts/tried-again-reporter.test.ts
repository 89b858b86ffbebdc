import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProcess } from './homologa-process.js';
import { checkout } from './package-installation.js';

const vitest = join(checkout, 'node_modules', 'vitest', 'vitest.mjs');
let folder = '';
beforeAll(async () => {
  // Within the checkout, so that vitest is found by its name.
  const parent = join(checkout, 'reports', 'out');
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'tried-again-'));
  const reporter = JSON.stringify(join(checkout, 'scripts', 'tried-again-reporter.ts'));
  await writeFile(
    join(folder, 'vitest.config.mjs'),
    `import { TriedAgainReporter } from ${reporter};
     export default { test: { retry: 1, reporters: ['default', new TriedAgainReporter()] } };`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function outputOf(name: string, source: string): Promise<{ readonly exitCode: number | null; text: string }> {
  await writeFile(join(folder, name), `import { expect, it } from 'vitest';\nlet tries = 0;\n${source}\n`);
  const end = await startProcess(process.execPath, [vitest, 'run', name], { cwd: folder }).ended;
  return { exitCode: end.exitCode, text: `${end.stdout}${end.stderr}` };
}

it('names a test that passes only at the second try, with what went wrong at the first', async () => {
  const { exitCode, text } = await outputOf('chance.test.js', `it('by chance', () => expect((tries += 1)).toBe(2));`);
  expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
  expect(text).toMatch(/^tried again: chance\.test\.js > by chance\nAssertionError: expected 1 to be 2/m);
});

it('names none that passes at once, and none that fails', async () => {
  const source = `it('good', () => expect(1).toBe(1)); it('bad', () => expect((tries += 1)).toBe(0));`;
  const { exitCode, text } = await outputOf('plain.test.js', source);
  expect({ exitCode, text }).toMatchObject({ exitCode: 1 });
  expect(text).not.toContain('tried again');
});
