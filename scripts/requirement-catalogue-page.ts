import { fileURLToPath } from 'node:url';
import { readPartnerTags } from '../reports/partner-tags.js';
import { readRequirementRegister } from '../reports/requirement-register.js';
import type { Requirement } from '../reports/requirement-register.js';
import { readScenarioTags } from '../reports/scenario-tags.js';
import { featureScenarios } from './feature-scenarios.js';
import { cell } from './markdown-cell.js';

/** Where the page stands, from the package's root. */
export const requirementCataloguePath = 'docs/requirements.md';

/** The page of the register: every sentence, and the scenarios and checks that judge by it. */
export async function requirementCataloguePage(): Promise<string> {
  const register = await readRequirementRegister(fileURLToPath(new URL('../features/requirements', import.meta.url)));
  const citing = await citingIds();
  const rows = [...register.values()];
  const groups = [
    { title: 'BS2', rows: rows.filter(({ id }) => id.startsWith('BS2-')) },
    { title: 'BTG Id', rows: rows.filter(({ id }) => id.startsWith('BTG-')) },
    { title: 'Specifications', rows: rows.filter(({ id }) => !/^(?:BS2|BTG)-/.test(id)) },
  ];
  const sections = groups.map(
    ({ title, rows: own }) =>
      `## ${title}\n\n| id | requirement | who | evidence | judged by |\n| --- | --- | --- | --- | --- |\n${own.map((row) => registerRow(row, citing.get(row.id) ?? [])).join('\n')}\n`,
  );
  return `# Requirements

This page is written by \`npm run docs\` from the register (\`features/requirements/\`), ${String(rows.length)} sentences. *Evidence* says how we know:
documented by the bank, observed at the real server by somebody, inferred by us, or written in a specification.

${sections.join('\n')}`;
}

function registerRow(
  { id, statement, level, role, evidence, source, excluded, deviates }: Requirement,
  judges: readonly string[],
): string {
  const departs = deviates === undefined ? '' : ` *Departs from ${cell(deviates)}.*`;
  const judged =
    excluded === undefined ? judges.map((judge) => `\`${judge}\``).join(', ') : `excluded: ${cell(excluded)}`;
  return `| ${id} | ${cell(statement)}${departs} | ${role}, ${level} | ${evidence}: ${cell(source)} | ${judged} |`;
}

async function citingIds(): Promise<ReadonlyMap<string, readonly string[]>> {
  const citing = new Map<string, string[]>();
  for (const folder of ['bs2', 'btg', 'partner']) {
    for (const { tags } of await featureScenarios(folder)) {
      const { id, requirements } = folder === 'partner' ? readPartnerTags(tags) : readScenarioTags(tags);
      for (const requirement of requirements) citing.set(requirement, [...(citing.get(requirement) ?? []), id]);
    }
  }
  return citing;
}
