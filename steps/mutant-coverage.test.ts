import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bankMutants } from '../mock-server/mutants/catalogue.js';
import { readRequirementRegister } from '../reports/requirement-register.js';
import type { ScenarioBank } from '../reports/scenario-tags.js';
import { packagePaths } from './package-paths.js';

/** The requirements that scenarios of a bank judge; what is only recorded breaks nothing. */
async function judgedRequirements(bank: ScenarioBank): Promise<ReadonlySet<string>> {
  const folder = join(packagePaths.features, bank);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.feature'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const tagLines = texts.flatMap((text) => text.split('\n').filter((line) => line.includes('@id:')));
  const judging = tagLines.filter((line) => !line.includes('@kind:record'));
  return new Set(judging.flatMap((line) => [...line.matchAll(/@req:(\S+)/g)].map(([, id = '']) => id)));
}

it('has a mutant for every row of the register that scenarios of a bank judge', async () => {
  const register = await readRequirementRegister(packagePaths.requirements);
  const broken = new Set(bankMutants.flatMap(({ breaks }) => breaks));
  const judged = new Set([...(await judgedRequirements('bs2')), ...(await judgedRequirements('btg'))]);
  expect(judged.size).toBeGreaterThan(150);
  expect([...judged].filter((id) => !broken.has(id))).toEqual([]);
  expect([...broken].filter((id) => !register.has(id))).toEqual([]);
});

it.each(['bs2', 'btg'] as const)(
  'declares of a mutant of %s only what a scenario of that bank judges',
  async (bank) => {
    const judged = await judgedRequirements(bank);
    const unjudged = bankMutants
      .filter((mutant) => mutant.bank === bank)
      .flatMap(({ id, breaks }) => breaks.filter((row) => !judged.has(row)).map((row) => `${id}: ${row}`));
    expect(unjudged).toEqual([]);
  },
);
