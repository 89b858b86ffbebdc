import { knownEnds } from '../../reports/diff/behaviour-settings.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import { knownChecks } from '../known-checks.js';
import { createMockTarget } from '../mock-target.js';
import { runScenarios } from '../run-scenarios.js';

// Run by known-ends.test.ts in a process of its own, since step definitions are TypeScript that cucumber imports.
const checks = await knownChecks();

async function saidAt(bank: ScenarioBank, scenario: string, settings: object): Promise<string> {
  const target = await createMockTarget({ settings: { [bank]: settings } });
  const { checks: judged } = await runScenarios({
    target,
    targetName: 'mock',
    bank,
    tags: `@id:${bank}-${scenario}`,
    parallel: 0,
    strict: false,
    folder: null,
  });
  await target.close();
  const [check] = judged;
  if (check === undefined) return '';
  const what = check.actual ?? check.reason;
  return what === null ? check.verdict : `${check.verdict}: ${what}`;
}

const outcomes: { readonly id: string; readonly patch: object; readonly honest: string; readonly patched: string }[] =
  [];
for (const { scenario, patch, bank: only } of knownEnds) {
  for (const bank of only === undefined ? (['bs2', 'btg'] as const) : [only]) {
    const id = `${bank}-${scenario}`;
    if (!checks.has(id)) continue;
    const [honest, patched] = [await saidAt(bank, scenario, {}), await saidAt(bank, scenario, patch)];
    outcomes.push({ id, patch, honest, patched });
  }
}
process.stdout.write(JSON.stringify(outcomes));
