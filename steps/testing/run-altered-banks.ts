import type { Results } from '../../reports/results.js';
import { createMockTarget } from '../mock-target.js';
import { runScenarios } from '../run-scenarios.js';
import { alteredBanks } from './altered-banks.js';

// Run by broken-bank.test.ts in a process of its own, since step definitions are TypeScript that cucumber imports.
const outcomes: { readonly name: string; readonly results: Results }[] = [];
for (const { name, bank, ...options } of alteredBanks) {
  const target = await createMockTarget(options);
  const results = await runScenarios({
    target,
    targetName: 'mock',
    bank,
    tags: null,
    parallel: 0,
    strict: false,
    folder: null,
  });
  await target.close();
  outcomes.push({ name, results });
}
process.stdout.write(JSON.stringify(outcomes));
