import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ownPackage } from '../../foundation/own-package.js';

/** One sentence of the register of requirements, as it is shown beside what it stands behind. */
export const requirementTextSchema = v.object({
  id: v.string(),
  statement: v.string(),
  level: v.picklist(['must', 'should', 'may']),
  evidence: v.picklist(['documented', 'observed', 'inferred', 'rfc']),
  source: v.string(),
  consequence: v.string(),
});

export type RequirementText = v.InferOutput<typeof requirementTextSchema>;

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
