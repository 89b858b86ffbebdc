import { fileURLToPath } from 'node:url';
import { readCheckAdvice } from '../reports/check-advice.js';
import { readPartnerTags } from '../reports/partner-tags.js';
import { featureScenarios } from './feature-scenarios.js';
import type { FeatureScenario } from './feature-scenarios.js';
import { cell } from './markdown-cell.js';

/** Where the page stands, from the package's root. */
export const checkCataloguePath = 'docs/checks.md';

/** The page of all checks of an application, from the features and the advice that failures give. */
export async function checkCataloguePage(): Promise<string> {
  const scenarios = await featureScenarios('partner');
  const advice = await readCheckAdvice(fileURLToPath(new URL('../features/partner/advice', import.meta.url)));
  const features = [...new Set(scenarios.map(({ feature }) => feature))].map((feature) => {
    const own = scenarios.filter((scenario) => scenario.feature === feature);
    const [first] = own;
    if (first === undefined) return '';
    const rows = own.map((scenario) => checkRow(scenario, advice));
    return `## [${feature}](../${first.path})\n\n${rows.join('\n')}`;
  });
  return `# Checks of an application

This page is written by \`npm run docs\` from the features and the advice beside them. \`homologa verify FILE --only ID\` makes one of them; a
beginning of an id makes all that begin so. There are ${String(scenarios.length)}.

${features.join('\n')}`;
}

function checkRow({ name, tags }: FeatureScenario, advice: Awaited<ReturnType<typeof readCheckAdvice>>): string {
  const { id, banks, requirements, needsBothBanks } = readPartnerTags(tags);
  const known = advice.get(id);
  const where = `${banks.join(', ')}${needsBothBanks ? '; clients of both banks' : ''}`;
  const lines = [`### \`${id}\``, '', `${cell(name)}. (${where}; ${requirements.join(', ')})`, ''];
  if (known !== undefined) {
    lines.push(`A failure means: ${cell(known.means.en)}`);
    for (const bank of ['bs2', 'btg'] as const) {
      const own = known[bank];
      if (own !== undefined) lines.push(`At ${bank.toUpperCase()}: ${cell(own.en)}`);
    }
    lines.push('', `What to change: ${cell(known.change.en)}`, '');
  }
  return lines.join('\n');
}
