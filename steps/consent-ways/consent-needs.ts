import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { packagePaths } from '../package-paths.js';

/** What a scenario asks of the user of a target. */
export interface ConsentNeeds {
  readonly approvals: number;
  readonly denials: number;
  /** It types into the bank's pages itself: a wrong password, a form sent twice. */
  readonly typesIntoPages: boolean;
  /** It judges the answer by which the bank sends the user back. */
  readonly seesRedirect: boolean;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const tableSchema = v.record(
  v.string(),
  v.strictObject({
    approvals: v.optional(count, 0),
    denials: v.optional(count, 0),
    typesIntoPages: v.optional(v.boolean(), false),
    seesRedirect: v.optional(v.boolean(), false),
  }),
);

const none: ConsentNeeds = { approvals: 0, denials: 0, typesIntoPages: false, seesRedirect: false };

/**
 * What each bank scenario asks of a user, by its `@id`, as it was counted on the mock (`npm run consent-needs`); rows of an
 * outline share the most that one of them asks.
 */
export async function readConsentNeeds(): Promise<(id: string) => ConsentNeeds> {
  const table = v.parse(tableSchema, parse(await readFile(packagePaths.consentNeeds, 'utf8')) ?? {});
  return (id) => table[id] ?? none;
}
