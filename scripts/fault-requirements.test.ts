import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { alterations } from '../mock-server/faults/catalogue.js';
import { readRequirementRegister } from '../reports/requirement-register.js';

it('every requirement that an alteration is about is a row of the register', async () => {
  const register = await readRequirementRegister(fileURLToPath(new URL('../features/requirements', import.meta.url)));
  const cited = alterations.flatMap(({ id, breaks }) => breaks.map((requirement) => ({ id, requirement })));
  expect(cited.filter(({ requirement }) => !register.has(requirement))).toEqual([]);
});
