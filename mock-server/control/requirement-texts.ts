import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ownPackage } from '../../foundation/own-package.js';
import { requirementTextSchema } from './journal-entry-schema.js';
import type { RequirementText } from './journal-entry-schema.js';

let loading: Promise<ReadonlyMap<string, RequirementText>> | null = null;

/** The sentences of these ids, in their order; an id that the register does not have is left out. */
export async function requirementTexts(ids: Iterable<string>): Promise<RequirementText[]> {
  const register = await (loading ??= readRegister(join(ownPackage.folder, 'features/requirements')));
  return [...new Set(ids)].flatMap((id) => register.get(id) ?? []);
}

/** Where homologa was joined into another program its register is not beside it: ids have to do then. */
async function readRegister(folder: string): Promise<ReadonlyMap<string, RequirementText>> {
  const { parse } = await import('yaml');
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.yaml'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const rows = texts.flatMap((text) => v.parse(v.array(requirementTextSchema), parse(text)));
  return new Map(rows.map((row) => [row.id, row]));
}
