import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { citedRequirements } from '../mock-server/journal/answer-rules.js';
import { readRequirementRegister } from '../reports/requirement-register.js';

it('every requirement that a rule of an answer rests on is a row of the register', async () => {
  const register = await readRequirementRegister(fileURLToPath(new URL('../features/requirements', import.meta.url)));
  expect([...new Set(citedRequirements())].filter((id) => !register.has(id))).toEqual([]);
});
