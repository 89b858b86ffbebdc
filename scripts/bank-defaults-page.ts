import { bs2Profile } from '../mock-server/banks/bs2/profile.js';
import { btgProfile } from '../mock-server/banks/btg/profile.js';

/** Where the page stands, from the package's root. */
export const bankDefaultsPath = 'docs/banks.md';

interface ProfileEntry {
  readonly value: unknown;
  readonly evidence: string;
  readonly source: string;
}

/** The page of the banks' defaults, each with its evidence, from the profiles that the mock itself uses. */
export function bankDefaultsPage(): string {
  return `# What the mock does by default, and what stands behind it

This page is written by \`npm run docs\` from the banks' profiles.

*documented*: the bank's own developer pages say it. *observed*: somebody recorded or described the real server's answer.
*inferred*: our deduction; a strict OAuth server would do so. Every value is a setting of
\`PATCH /_mock/tenants/{id}/settings\` (and of \`serve --config\`), and most can be overridden for one client.

${table('BS2', 'bs2', bs2Profile)}
${table('BTG Id', 'btg', btgProfile)}`;
}

function table(name: string, id: string, profile: { homologacao: object; producao: object }): string {
  const production = new Map<string, ProfileEntry>(Object.entries(profile.producao));
  const rows = Object.entries<ProfileEntry>({ ...profile.homologacao }).map(([setting, entry]) => {
    const other = production.get(setting);
    const changed = other === undefined ? '' : `${show(other.value)} (${other.evidence})`;
    return `| \`${id}.${setting}\` | ${show(entry.value)} | ${changed} | ${entry.evidence} | ${entry.source.replaceAll('|', '\\|')} |`;
  });
  return `## ${name}\n\n| setting | homologacao | producao | evidence | source |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function show(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
