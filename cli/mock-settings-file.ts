import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { parseStrictly, sentence } from '../mock-server/control/member-problem.js';
import { settingsPatchSchema } from '../mock-server/control/settings-patch-schema.js';
import type { TenantSettingsPatch } from '../mock-server/tenant-handle.js';
import { UsageError } from './usage-error.js';

/**
 * Settings of the mock from a JSON or YAML file, as `PATCH {t}/settings` takes them.
 *
 * @throws UsageError (`ERR_USAGE`) with a line for each member that is wrong
 */
export async function readMockSettings(file: string): Promise<TenantSettingsPatch> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--settings: expected a JSON or YAML file of the mock's settings, ${file} cannot be read.`, {
      cause,
    });
  });
  let document: unknown;
  try {
    document = parse(text);
  } catch (cause) {
    throw new UsageError(`--settings: ${file} is neither JSON nor YAML.`, { cause });
  }
  const result = parseStrictly(settingsPatchSchema, document);
  if (result.kind === 'valid') return result.value;
  const lines = result.problems.map((problem) => `  ${sentence(problem, 'the document')}`);
  throw new UsageError(`--settings: ${file} is not valid:\n${lines.join('\n')}`);
}
