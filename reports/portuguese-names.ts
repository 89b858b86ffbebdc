import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { literalPattern } from '../foundation/literal-pattern.js';

const texts = v.record(v.string(), v.pipe(v.string(), v.minLength(1)));
const fileSchema = v.strictObject({ names: texts, values: texts, checks: texts });

/** What a scenario, or a check of an application, is called in Portuguese; null for one that nobody translated. */
export type PortugueseNames = (name: string) => string | null;

/** No scenario has a Portuguese name. */
export const noPortugueseNames: PortugueseNames = () => null;

/**
 * Reads `portuguese-names.yaml`: names as the features have them, with the `<placeholders>` of outlines, the values
 * that stand in their place, and what checks of applications are called.
 */
export async function readPortugueseNames(file: string): Promise<PortugueseNames> {
  const { names, values, checks } = v.parse(fileSchema, parse(await readFile(file, 'utf8')));
  const plain = new Map([...Object.entries(checks), ...Object.entries(names)]);
  const outlines = Object.entries(names)
    .filter(([name]) => placeholder.test(name))
    .map(([name, portuguese]) => ({ pattern: patternOf(name), portuguese }));
  return (name) => {
    const known = plain.get(name);
    if (known !== undefined) return known;
    for (const { pattern, portuguese } of outlines) {
      const value = pattern.exec(name)?.[1];
      const translated = value === undefined ? undefined : values[value];
      if (translated !== undefined) return portuguese.replace(placeholder, () => translated);
    }
    return null;
  };
}

const placeholder = /<[^>]+>/;

/** An outline's name as its rows have it; it has one placeholder. */
function patternOf(name: string): RegExp {
  const parts = name.split(placeholder).map(literalPattern);
  return new RegExp(`^${parts.join('(.+)')}$`);
}
