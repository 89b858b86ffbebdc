import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPortugueseNames } from './portuguese-names.js';

async function read(yaml: string) {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-names-'));
  await writeFile(join(folder, 'names.yaml'), yaml);
  return readPortugueseNames(join(folder, 'names.yaml')).finally(() => rm(folder, { recursive: true }));
}

it('knows names as they are, and those of outlines with their values in both languages', async () => {
  const nameOf = await read(
    [
      'names:',
      '  The code lives (10 minutes): O código vive',
      "  'The code lives: <moment>': 'O código vive: <moment>'",
      'values:',
      '  one second before: um segundo antes $1',
      'checks:',
      '  The state is missing: Falta o state',
    ].join('\n'),
  );
  expect(nameOf('The code lives (10 minutes)')).toBe('O código vive');
  expect(nameOf('The code lives: one second before')).toBe('O código vive: um segundo antes $1');
  expect(nameOf('The code lives: another time')).toBeNull();
  expect(nameOf('The state is missing')).toBe('Falta o state');
  expect(nameOf('Another name')).toBeNull();
});

it.each([
  ['names: {a: b}', /values/],
  ['{ names: {}, values: {} }', /checks/],
])('refuses a file that is not of names, values and checks: %s', async (yaml, missing) => {
  await expect(read(yaml)).rejects.toThrow(missing);
});
