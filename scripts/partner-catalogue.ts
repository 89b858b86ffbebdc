import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { parse } from 'yaml';

/** The folder of the example partners. */
export const partnersFolder = fileURLToPath(new URL('../examples/partners', import.meta.url));

const name = v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/));
const checkIds = v.optional(v.array(v.pipe(v.string(), v.regex(/^partner\.[a-z-]+\.[a-z0-9-]+$/))), []);

const partnersSchema = v.array(
  v.strictObject({
    partner: name,
    files: v.pipe(v.array(v.string()), v.minLength(1)),
    needs: v.optional(v.string()),
    /** Checks that may warn. */
    warns: checkIds,
  }),
);

const bugsSchema = v.array(
  v.strictObject({
    bug: name,
    description: v.string(),
    banks: v.optional(v.array(v.picklist(['bs2', 'btg', 'both'])), ['bs2', 'btg']),
    fails: checkIds,
    warns: checkIds,
    informs: checkIds,
    /** Checks that may suffer from the bug, and need not. */
    follows: checkIds,
    /** Beginnings of ids of checks that cannot be made with the bug. */
    blocks: v.optional(v.array(v.string()), []),
    env: v.optional(v.record(v.string(), v.string()), {}),
    file: v.optional(v.string()),
    passesNothing: v.optional(v.boolean(), false),
    /** Its trials take longer than most: begun last, they would end alone. */
    slow: v.optional(v.boolean(), false),
  }),
);

/** A correct partner: a folder of examples/partners and its verify files. */
export type CorrectPartner = v.InferOutput<typeof partnersSchema>[number];

/** A bug of examples/partners/broken as it is declared. */
export type DeclaredBug = v.InferOutput<typeof bugsSchema>[number];

/** Where a bug is tried: at one bank, or by a client of both. */
export type BugPlace = DeclaredBug['banks'][number];

/** examples/partners/partners.yaml. @throws ValiError when it is not what it should be */
export async function readCorrectPartners(): Promise<readonly CorrectPartner[]> {
  return v.parse(partnersSchema, parse(await readFile(join(partnersFolder, 'partners.yaml'), 'utf8')));
}

/** examples/partners/broken/bugs.yaml. @throws ValiError when it is not what it should be */
export async function readDeclaredBugs(): Promise<readonly DeclaredBug[]> {
  return v.parse(bugsSchema, parse(await readFile(join(partnersFolder, 'broken', 'bugs.yaml'), 'utf8')));
}
