import { readScenarioTags } from '../reports/scenario-tags.js';
import { featureScenarios } from './feature-scenarios.js';
import type { FeatureScenario } from './feature-scenarios.js';
import { cell } from './markdown-cell.js';

/** Where the page stands, from the package's root. */
export const scenarioCataloguePath = 'docs/scenario-catalogue.md';

/** The page of all bank scenarios, from the features. */
export async function scenarioCataloguePage(): Promise<string> {
  const banks = [
    { folder: 'bs2', title: 'BS2' },
    { folder: 'btg', title: 'BTG Id' },
  ];
  const sections = await Promise.all(
    banks.map(async ({ folder, title }) => {
      const scenarios = await featureScenarios(folder);
      const checks = scenarios.reduce((count, { rows }) => count + (rows ?? 1), 0);
      const features = [...new Set(scenarios.map(({ feature }) => feature))].map((feature) =>
        featureSection(scenarios.filter((scenario) => scenario.feature === feature)),
      );
      return `## ${title}\n\n${String(scenarios.length)} scenarios, ${String(checks)} checks.\n\n${features.join('\n')}`;
    }),
  );
  return `# Scenarios

This page is written by \`npm run docs\` from the features. A scenario is one check, a row of an outline too; *needs* is what the target
must let us do, and * marks scenarios that burn nothing but what they obtained themselves.

${sections.join('\n')}`;
}

function featureSection(scenarios: readonly FeatureScenario[]): string {
  const [first] = scenarios;
  if (first === undefined) return '';
  const rows = scenarios.map(({ name, rule, tags, rows: count }) => {
    const { id, kind, needs, requirements, sandboxSafe } = readScenarioTags(tags);
    const outline = count === null ? '' : ` (${String(count)} rows)`;
    return `| \`${id}\`${sandboxSafe ? ' *' : ''} | ${cell(name)}${outline} | ${cell(rule)} | ${kind} | ${needs.join(', ')} | ${requirements.join(', ')} |`;
  });
  return `### [${first.feature}](../${first.path})

| id | scenario | rule | kind | needs | requirements |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
