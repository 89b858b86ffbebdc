import { findingGroups, findingRules } from '../mock-server/journal/findings/catalogue.js';
import { severities } from '../mock-server/journal/findings/finding.js';
import type { FindingRule } from '../mock-server/journal/findings/finding.js';

/** Where the page stands, from the package's root. */
export const findingsPath = 'docs/findings.md';

/** The catalogue of findings, from the rules themselves. */
export function findingsPage(): string {
  const counts = severities.map((severity) => {
    const count = findingRules.filter((rule) => rule.severity === severity).length;
    return `${String(count)} ${severity}`;
  });
  return `# Findings

This page is written by \`npm run docs\` from the rules (\`mock-server/journal/findings/\`).

While your application talks to the mock, the mock looks at how it does so. No scenario is needed and no request waits
for it: findings are worked out from the journal when they are read. They are hints for the one who develops; \`verify\`
judges.

\`\`\`sh
T=http://127.0.0.1:4010/_mock/tenants/default
curl -s $T/findings                            # {"items":[{"id","severity","requirements","entry","at","bank","message"}]}
curl -sN $T/journal/stream                     # entries and findings as they come, server-sent events
npx homologa explain 'VALUE'                   # the life of a token, code, state or redirect; - reads standard input
npx homologa findings traffic.har --bank bs2   # the same rules, on traffic that was recorded elsewhere
\`\`\`

In a test: \`await tenant.findings.list()\`, \`await tenant.explain(value)\`, \`for await (const entry of tenant.journal.stream())\`.

| severity | means |
| --- | --- |
| failed | it breaks, loses data or is exploitable at this bank |
| warning | a specification says otherwise, without such a consequence here |
| info | worth knowing, and may be right: correct clients have these too |

A rule gives the severity of its row or a lesser one, by what it knows: a refresh token that is sent again because the
answer with the newer one was lost is no fault of the client. Where the journal has forgotten what came before
(\`journalSize\`, 500 entries), a rule says less or nothing. A consent that the control API plays is judged by its
authorization request.

In a recording from elsewhere only the traffic speaks: whether a redirect URI is registered or a secret is right, the
bank alone knows. Masked values (\`«refresh_token#3»\`) are compared by their tags.

${String(findingRules.length)} rules: ${counts.join(', ')} at the most.
${findingGroups.map(({ heading, rules }) => section(heading, rules)).join('')}`;
}

function section(heading: string, rules: readonly FindingRule[]): string {
  const rows = rules.map(({ id, severity, banks, description, advice, requirements }) => {
    const bank = banks.length === 1 ? ` (${banks[0] === 'bs2' ? 'BS2' : 'BTG'})` : '';
    return `| \`${id}\`${bank} | ${severity} | ${description} | ${advice} | ${requirements.join(' ')} |`;
  });
  return `
## ${heading}

| finding | at most | what was done | what to do | requirements |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
