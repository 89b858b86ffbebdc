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
curl -s $T/findings           # of the entries that are kept
curl -sN $T/journal/stream    # entries and findings as they come, server-sent events
\`\`\`

\`\`\`text
{"items":[{"id":"code-sent-again","severity":"failed","requirements":["RFC6749-4.1.2-b"],"entry":3,"at":"2026-11-26T12:00:00.275Z","bank":"bs2","message":"The authorization code was sent a second time (first by request 2, … ago): the bank refuses it, and may revoke what it gave."}]}
: entries of the journal, and their findings

id: 4
event: entry
data: {"id":4,…}

event: finding
data: {"id":"state-reused",…}
\`\`\`

What became of a token, code, state or redirect (\`-\` reads it from standard input):

\`\`\`sh
npx homologa explain 'VALUE'
\`\`\`

\`\`\`text
A refresh token of BS2, given to l700000000000000000000000000c0ffee for correntista; it is refused now: its authorization code was sent a second time, which revoked the grant.

  given to  l700000000000000000000000000c0ffee (Aplicação de Teste), user correntista, company 30306294000145
  scope     saldo
  grant     f0b1a6d2-5a37-4f1e-9c55-0d6a2f3b4c5d
  expires   2026-12-26T12:00:00.000Z

  2026-11-26T12:00:00.242Z  request 2     Given in exchange for an authorization code.
  2026-11-26T12:00:00.275Z                The grant: revoked, because the authorization code was sent a second time.

What to do: Send the customer through a new authorization request.
\`\`\`

The same rules, on traffic that was recorded elsewhere:

\`\`\`sh
npx homologa findings traffic.har --bank bs2
\`\`\`

\`\`\`text
failed  request 3  code-sent-again
        The authorization code was sent a second time (first by request 2, … ago): the bank refuses it, and may revoke what it gave.
        Never repeat a code exchange, not even after a timeout: start a new authorization request.
        RFC6749-4.1.2-b

3 requests to BS2: 1 failed, 0 warning, 0 info.
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
