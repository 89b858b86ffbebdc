import { bankMutants } from '../mock-server/mutants/catalogue.js';
import { cell } from './markdown-cell.js';

/** Where the page stands, from the package's root. */
export const mutantCataloguePath = 'docs/mutants.md';

/** The page of all bugs that a bank of the mock can be given, from the catalogue that the mock itself uses. */
export function mutantCataloguePage(): string {
  const sections = [
    { bank: 'bs2', title: 'BS2' },
    { bank: 'btg', title: 'BTG Id' },
  ].map(({ bank, title }) => {
    const own = bankMutants.filter((mutant) => mutant.bank === bank);
    const rows = own.map(
      ({ id, description, breaks }) => `| \`${id}\` | ${cell(description)} | ${breaks.join(', ')} |`,
    );
    return `## ${title}\n\n${String(own.length)} mutants.\n\n| id | the bug | requirements that it breaks |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Mutants

This page is written by \`npm run docs\` from the catalogue; \`GET /_mock/mutants\` lists the same.

A mutant is a bank with one standing bug, to prove that the scenarios notice it: \`npm run mutants\` gives the mock each of them and
expects the scenarios of the requirements that it breaks to fail, and others not to. \`homologa run --mutant ID\` shows one.

${sections.join('\n')}`;
}
