import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { HomologaError } from '../foundation/homologa-error.js';

const sentence = v.pipe(v.string(), v.minLength(1));

/** One checkable sentence with a source. */
export const requirementSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9]+(?:-[A-Za-z0-9.]+)+$/)),
  statement: sentence,
  /** The bank's own words, where the row is one of its sentences. */
  sentence: v.optional(sentence),
  level: v.picklist(['must', 'should', 'may']),
  role: v.picklist(['bank', 'partner']),
  evidence: v.picklist(['documented', 'observed', 'inferred', 'rfc']),
  source: sentence,
  /** What happens at this bank to who breaks it. */
  consequence: sentence,
  /** The requirement of a specification that this one departs from. */
  deviates: v.optional(sentence),
  /** Why no scenario can show it. */
  excluded: v.optional(sentence),
});

export type Requirement = v.InferOutput<typeof requirementSchema>;

/** Thrown for a register that cannot be read; `cause` is `{ file }`. */
export class RequirementRegisterError extends HomologaError {
  constructor(file: string, problem: string) {
    super('ERR_REQUIREMENT_REGISTER', `${file}: ${problem}`, { cause: { file } });
  }
}

/**
 * Reads every `*.yaml` of a folder as rows of the register.
 *
 * @throws RequirementRegisterError (`ERR_REQUIREMENT_REGISTER`) for a row that is not one, or an id that comes twice.
 */
export async function readRequirementRegister(folder: string): Promise<ReadonlyMap<string, Requirement>> {
  const register = new Map<string, Requirement>();
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  for (const file of files) {
    const yaml: unknown = parse(await readFile(join(folder, file), 'utf8'));
    const rows = v.safeParse(v.array(requirementSchema), yaml);
    if (!rows.success) {
      const [issue] = rows.issues;
      throw new RequirementRegisterError(file, `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
    }
    for (const row of rows.output) {
      if (register.has(row.id)) throw new RequirementRegisterError(file, `${row.id} is there twice`);
      register.set(row.id, row);
    }
  }
  return register;
}
