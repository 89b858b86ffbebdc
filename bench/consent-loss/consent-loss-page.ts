import type { LabConditions, LabResult } from './lab-run.js';

/** A way to keep tokens, as the page names it. */
export interface ManagerRow {
  readonly name: string;
  readonly manager: LabConditions['manager'];
}

/** What the bank does with a rotated refresh token that comes again. */
export interface ReuseColumn {
  readonly name: string;
  readonly reuse: LabConditions['reuse'];
}

export const managerRows: readonly ManagerRow[] = [
  { name: 'the reference client', manager: 'reference' },
  { name: 'no lock between processes', manager: { locks: false, repeats: true, keepsAlive: true } },
  { name: 'any failure ends the consent', manager: { locks: true, repeats: false, keepsAlive: true } },
  { name: 'no refresh ahead of time', manager: { locks: true, repeats: true, keepsAlive: false } },
];

export const reuseColumns: readonly ReuseColumn[] = [
  { name: '`refuse`', reuse: 'refuse' },
  { name: '`revoke-grant`', reuse: 'revoke-grant' },
  { name: '`{grace: PT10S}`', reuse: { grace: 'PT10S' } },
];

/** The results of a row, column by column. */
export type LabTable = readonly { readonly row: ManagerRow; readonly results: readonly LabResult[] }[];

function perThousand({ lost }: LabResult, customers: number): string {
  return String(Math.round((lost * 1000) / customers));
}

/** The table of consents lost for each thousand customers. */
export function consentLossTable(table: LabTable, customers: number): string {
  return [
    `| how tokens are kept | ${reuseColumns.map(({ name }) => name).join(' | ')} |`,
    `| --- | ${reuseColumns.map(() => '---:').join(' | ')} |`,
    ...table.map(
      ({ row, results }) => `| ${row.name} | ${results.map((result) => perThousand(result, customers)).join(' | ')} |`,
    ),
    '',
  ].join('\n');
}

/** `docs/consent-loss.md`. */
export function consentLossPage(table: LabTable, conditions: Omit<LabConditions, 'manager' | 'reuse'>): string {
  const { customers, days, rates, twoWorkers, seldom, seed } = conditions;
  const inThousand = (part: number): string => `${String(Number((part * 1000).toFixed(2)))} in a thousand`;
  const uses = table[0]?.results[0]?.uses ?? 0;
  return `# How many consents a way to keep tokens loses

Written by \`npm run lab\`; do not edit. ${String(customers)} customers of an application at BS2 for ${String(days)} days of virtual time: how often must
one of them log in again and consent anew, for each thousand customers, by what the bank does with a refresh token that was rotated
and comes again (the setting \`refreshTokenReuse\`)?

${consentLossTable(table, customers)}
![Consents lost for each thousand customers](consent-loss.svg)

Nobody knows which of the three BS2 or BTG does; the mock's default, \`refuse\`, is a strict server's.

## What the numbers say

- **An answer that does not arrive costs a consent where the bank refuses reuse, whatever the application does.** The bank has
  rotated, and the only token left is spent. That is what the reference client loses under \`refuse\`; less is not possible there.
- **A grace period gives nearly all of it back, to those who repeat at once.** The reference client and those who repeat do so
  within seconds. What stays lost is restarts: the process that had the answer is gone, and whoever comes next comes too late.
- **Two processes that refresh at once lose a consent each time.** One rotates, the other is refused and takes it for the end. The
  reference client has one of them wait for the other's result ([client.md](client.md)).
- **\`refuse\` and \`revoke-grant\` come to the same here**, since who is refused asks for a new consent in any case. At a bank that revokes,
  the process that did have an answer loses its tokens too.
- **A 503 is no refusal.** Who asks the customer for a new consent at any failure loses those that nothing was wrong with.
- **A refresh token lives 30 days, whether or not the customer comes.** Without a schedule that refreshes at half of its life, all
  who come seldom are lost, in silence, and no kindness of the bank helps.

## What is assumed

| | |
| --- | --- |
| answers of the token endpoint that do not arrive | ${inThousand(rates.lostAnswer)} |
| requests that it answers with 503, undone | ${inThousand(rates.unavailable)} |
| processes that end between the answer and its keeping | ${inThousand(rates.restart)} |
| uses that reach both processes at once | ${inThousand(twoWorkers)} |
| customers who need a token every 30 to 60 days; the others every 3 to 9 | ${inThousand(seldom)} |
| uses in all | ${String(uses)} |
| seed | ${String(seed)} |

Two processes share one store of tokens; one of them ticks the schedule, twice a day. Each wrong way has one fault alone: what
the others do right it does right too. The rates are higher than a good network's, so that ninety days show something; what
is lost grows with them. The same seed gives the same faults and the same table.

The bank is the mock, in the process, with its own rules: rotation, 30 days of life, an access token of seven minutes. Time passes only
while nobody works, so ninety days take seconds.
`;
}
