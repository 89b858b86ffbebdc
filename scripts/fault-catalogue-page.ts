import { alterations } from '../mock-server/faults/catalogue.js';
import type { Alteration } from '../mock-server/faults/catalogue.js';

/** Where the page stands, from the package's root. */
export const faultCataloguePath = 'docs/faults.md';

const families: readonly { readonly prefix: string; readonly title: string }[] = [
  { prefix: 'authorization-response', title: 'The redirect back to the application' },
  { prefix: 'token-response', title: 'Answers with tokens' },
  { prefix: 'token-error', title: 'Token requests that are refused' },
  { prefix: 'id-token', title: 'id_tokens' },
  { prefix: 'api', title: 'Answers of the APIs' },
];

/** The page of the alterations that a fault can make, from the catalogue that the mock itself uses. */
export function faultCataloguePage(): string {
  const sections = families.map(({ prefix, title }) => {
    const family = alterations.filter((alteration) => nameOf(alteration).startsWith(`${prefix}.`));
    const points = [...new Set(family.map(({ at }) => `\`${at}\``))].join(' and ');
    const head = '| id | bank | what is wrong | requirements |\n| --- | --- | --- | --- |';
    return `## ${title}\n\nAt ${points}.\n\n${head}\n${rowsOf(family).join('\n')}\n`;
  });
  return `# Alterations

This page is written by \`npm run docs\` from the catalogue; \`GET /_mock/faults\` lists the same.

An alteration makes one answer of a bank wrong in one way, to see what an application does with it; everything else of
the answer is right. A fault asks for it:

\`\`\`sh
T=http://127.0.0.1:4010/_mock/tenants/default
curl -s $T/faults -H 'content-type: application/json' -d '{"at":"btg.token","effect":{"alter":"btg.id-token.iss-wrong"}}'
\`\`\`

The bank may be left out of the id, since \`at\` names it. \`when\` and \`times\` are those of any fault: \`{"grantType":"refresh_token"}\`
alters refreshes alone. An alteration counts the answers that it altered: one that finds nothing to alter (no id_token, no nonce,
a request that is refused anyway) waits for the next. Several act on one answer together. Half of a JSON answer is the effect \`{"truncate":true}\`.

${sections.join('\n')}`;
}

function nameOf({ id, bank }: Alteration): string {
  return id.slice(bank.length + 1);
}

/** One row for what both banks do and is about the same; a row for each where it is not. */
function rowsOf(family: readonly Alteration[]): readonly string[] {
  const rows = new Map<
    string,
    { readonly banks: string[]; readonly first: Alteration; readonly breaks: Set<string> }
  >();
  for (const alteration of family) {
    const key = `${nameOf(alteration)} ${alteration.description}`;
    const row = rows.get(key) ?? { banks: [], first: alteration, breaks: new Set<string>() };
    row.banks.push(alteration.bank);
    for (const requirement of alteration.breaks) row.breaks.add(requirement);
    rows.set(key, row);
  }
  return [...rows.values()].map(
    ({ banks, first, breaks }) =>
      `| \`${nameOf(first)}\` | ${banks.join(', ')} | ${first.description} | ${[...breaks].join(', ')} |`,
  );
}
