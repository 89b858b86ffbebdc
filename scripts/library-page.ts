import { readFile } from 'node:fs/promises';
import { format } from 'prettier';
import * as v from 'valibot';
import { libraryExports } from './library-exports.js';
import type { LibraryExport } from './library-exports.js';

/** Where the page stands, from the package's root. */
export const libraryPath = 'docs/library.md';

/** What may be imported, with its source. */
export const libraryEntries = { 'homologa/mock-server': 'mock-server/index.ts', 'homologa/client': 'client/index.ts' };

const groups: readonly (readonly [LibraryExport['kind'], string])[] = [
  ['function', 'Functions'],
  ['class', 'Classes'],
  ['interface', 'Interfaces'],
  ['type', 'Types'],
  ['constant', 'Constants'],
];

/** The page of all that can be imported from the package, from its TSDoc. */
export async function libraryPage(): Promise<string> {
  const exported = libraryExports(Object.values(libraryEntries));
  const modules = await Promise.all(
    Object.entries(libraryEntries).map(([name, entry]) => moduleSection(name, exported.get(entry) ?? [])),
  );
  return `# Library reference

This page is written by \`npm run docs\` from the TSDoc of what can be imported. How to use it: [recipes](recipes/README.md) for the mock,
[client.md](client.md) for the client.

${modules.join('\n\n')}
`;
}

async function moduleSection(name: string, exported: readonly LibraryExport[]): Promise<string> {
  const sections: string[] = [];
  for (const [kind, title] of groups) {
    const own = exported.filter((candidate) => candidate.kind === kind);
    if (own.length === 0) continue;
    sections.push(`### ${title} of \`${name}\``, ...(await Promise.all(own.map(exportSection))));
  }
  const list = exported.map((one) => `\`${one.name}\``).join(' · ');
  return `## \`${name}\`\n\n${list}\n\n${sections.join('\n\n')}`;
}

async function exportSection(exported: LibraryExport): Promise<string> {
  const { name, summary, parameters, throws, examples } = exported;
  const details = [
    ...parameters.map((parameter) => `- \`${parameter.name}\`: ${inLine(parameter.text)}`),
    ...throws.map((text) => `- throws ${inLine(text)}`),
  ];
  return [
    `#### \`${name}\``,
    ...(summary === '' ? [] : [prose(summary)]),
    `\`\`\`ts\n${await formatted(exported.signature)}\n\`\`\``,
    ...(details.length === 0 ? [] : [details.join('\n')]),
    ...examples.map((example) => (example.includes('```') ? example : `\`\`\`ts\n${example}\n\`\`\``)),
  ].join('\n\n');
}

const style = v.object({
  printWidth: v.number(),
  singleQuote: v.boolean(),
  semi: v.boolean(),
  trailingComma: v.picklist(['all', 'es5', 'none']),
});

/** As the sources are written; what stands behind a link can be searched for by its name. */
async function formatted(signature: string): Promise<string> {
  const options = v.parse(style, JSON.parse(await readFile(new URL('../.prettierrc.json', import.meta.url), 'utf8')));
  const text = await format(signature, { ...options, parser: 'typescript' });
  return text.replaceAll(/\{@link (?:[^}|]*\|)?\s*([^}]+?)\s*\}/g, '`$1`').trim();
}

/** Outside of code, \`<\` would be taken for HTML. */
function prose(text: string): string {
  return text
    .split(/(```[^]*?```|`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;')))
    .join('');
}

function inLine(text: string): string {
  return prose(text.replaceAll(/\s+/g, ' '));
}
