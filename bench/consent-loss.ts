/**
 * `npm run lab [-- --seed N]`: counts the consents that ways to keep tokens lose, and writes docs/consent-loss.md and its
 * picture. With another seed than 1, or other numbers, it prints the table alone.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { consentLossPage, consentLossTable, managerRows, reuseColumns } from './consent-loss/consent-loss-page.js';
import { consentLossPicture } from './consent-loss/consent-loss-picture.js';
import { runLab } from './consent-loss/lab-run.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    customers: { type: 'string', default: '1000' },
    days: { type: 'string', default: '90' },
  },
});
const count = (text: string): number => v.parse(v.pipe(v.number(), v.integer(), v.minValue(1)), Number(text));
const conditions = {
  customers: count(values.customers),
  days: count(values.days),
  seed: count(values.seed),
  rates: { lostAnswer: 0.002, unavailable: 0.005, restart: 0.0005 },
  twoWorkers: 0.02,
  seldom: 0.15,
};

const table = [];
for (const row of managerRows) {
  const results = [];
  for (const { reuse } of reuseColumns) results.push(await runLab({ ...conditions, reuse, manager: row.manager }));
  table.push({ row, results });
}
process.stdout.write(consentLossTable(table, conditions.customers));
if (conditions.seed === 1 && conditions.customers === 1000 && conditions.days === 90) {
  const write = (name: string, text: string): Promise<void> =>
    writeFile(new URL(`../docs/${name}`, import.meta.url), text);
  await write('consent-loss.md', consentLossPage(table, conditions));
  await write('consent-loss.svg', consentLossPicture(table, conditions.customers));
}
