import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as v from 'valibot';
import { findingGroups, findingRules } from './catalogue.js';
import { requirementsAt } from './finding.js';

const folder = new URL('../../../features/requirements/', import.meta.url);

async function registeredIds(): Promise<Set<string>> {
  const rows = v.array(v.looseObject({ id: v.string() }));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  return new Set(texts.flatMap((text) => v.parse(rows, parse(text)).map(({ id }) => id)));
}

describe('the catalogue of findings', () => {
  it('gives each rule an id of its own and words for people', () => {
    expect(new Set(findingRules.map(({ id }) => id)).size).toBe(findingRules.length);
    expect(findingRules.length).toBeGreaterThan(45);
    for (const { id, description, advice, endpoints, banks } of findingRules) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(description, id).toMatch(/^[A-Z].{15,}\.$/);
      expect(advice, id).toMatch(/^[A-Z].{10,}\.$/);
      expect(endpoints.length, id).toBeGreaterThan(0);
      expect(banks.length, id).toBeGreaterThan(0);
    }
    expect(findingGroups.flatMap(({ rules }) => rules)).toEqual(findingRules);
  });

  it('cites requirements that the register has, at each bank at least one', async () => {
    const registered = await registeredIds();
    expect(registered.size).toBeGreaterThan(200);
    for (const rule of findingRules) {
      expect(
        rule.requirements.filter((id) => !registered.has(id)),
        rule.id,
      ).toEqual([]);
      for (const bank of rule.banks) expect(requirementsAt(rule, bank), `${rule.id} at ${bank}`).not.toEqual([]);
    }
  });
});
