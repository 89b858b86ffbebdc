import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPortugueseNames } from '../reports/portuguese-names.js';
import { readRequirementRegister } from '../reports/requirement-register.js';
import { readScenarioTags } from '../reports/scenario-tags.js';
import { packagePaths } from './package-paths.js';
import { dryRun } from './testing/dry-run.js';
import { bs2Sentences, btgSentences } from './testing/obliging-sentences.js';

const messageSchema = v.object({
  pickle: v.optional(
    v.object({
      id: v.string(),
      name: v.string(),
      uri: v.string(),
      astNodeIds: v.array(v.string()),
      tags: v.array(v.object({ name: v.string() })),
      steps: v.array(v.object({ id: v.string(), text: v.string() })),
    }),
  ),
  stepDefinition: v.optional(v.object({ id: v.string(), pattern: v.object({ source: v.string() }) })),
  testCase: v.optional(
    v.object({
      pickleId: v.string(),
      testSteps: v.array(
        v.object({ pickleStepId: v.optional(v.string()), stepDefinitionIds: v.optional(v.array(v.string())) }),
      ),
    }),
  ),
});
type Message = v.InferOutput<typeof messageSchema>;

let messages: Message[] = [];
beforeAll(async () => {
  messages = (await dryRun('default')).map((message) => v.parse(messageSchema, message));
}, 60_000);

const present = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);
const pickles = () => present(messages.map(({ pickle }) => pickle));
const definitions = () => present(messages.map(({ stepDefinition }) => stepDefinition));
const boundSteps = () =>
  present(messages.map(({ testCase }) => testCase)).flatMap(({ testSteps }) =>
    testSteps.flatMap(({ pickleStepId, stepDefinitionIds }) =>
      pickleStepId === undefined ? [] : [{ pickleStepId, definitions: stepDefinitionIds ?? [] }],
    ),
  );

function stepTexts(ids: readonly string[]): string[] {
  const texts = new Map(pickles().flatMap(({ steps }) => steps.map(({ id, text }) => [id, text] as const)));
  return [...new Set(ids.map((id) => texts.get(id) ?? id))];
}

describe('the features', () => {
  it('have scenarios for both banks', () => {
    const banks = pickles().map(({ tags }) => readScenarioTags(tags.map(({ name }) => name)).bank);
    expect(new Set(banks)).toEqual(new Set(['bs2', 'btg']));
  });

  it('carry an id that no other scenario has', () => {
    const scenarios = new Map<string, Set<string>>();
    for (const { tags, astNodeIds } of pickles()) {
      const { id } = readScenarioTags(tags.map(({ name }) => name));
      scenarios.set(id, (scenarios.get(id) ?? new Set()).add(astNodeIds[0] ?? ''));
    }
    const shared = [...scenarios].filter(([, nodes]) => nodes.size > 1).map(([id]) => id);
    expect(shared).toEqual([]);
  });

  it('stand in the folder of their bank', () => {
    const misplaced = pickles().filter(
      ({ uri, tags }) => !uri.includes(`${readScenarioTags(tags.map(({ name }) => name)).bank}/`),
    );
    expect(misplaced.map(({ uri }) => uri)).toEqual([]);
  });

  it('say what an edge is with a clock', () => {
    const clockless = pickles()
      .map(({ tags }) => readScenarioTags(tags.map(({ name }) => name)))
      .filter(({ kind, needs }) => kind === 'edge' && !needs.includes('clock'));
    expect(clockless.map(({ id }) => id)).toEqual([]);
  });

  it('share a grant only where they are safe at a sandbox and need nothing that a grant does not survive', () => {
    const careless = pickles()
      .map(({ tags }) => readScenarioTags(tags.map(({ name }) => name)))
      .filter(({ grant }) => grant !== 'own')
      .filter(({ sandboxSafe, needs }) => !sandboxSafe || needs.some((need) => need !== 'second-client'));
    expect(careless.map(({ id }) => id)).toEqual([]);
  });

  it('cite requirements that the register has', async () => {
    const register = await readRequirementRegister(packagePaths.requirements);
    expect([...citedRequirements()].filter((id) => !register.has(id))).toEqual([]);
  });
});

const namesSchema = v.object({ names: v.record(v.string(), v.string()) });

/** Names as the features have them, outlines with their placeholders. */
async function scenarioNames(): Promise<ReadonlySet<string>> {
  const files = [...new Set(pickles().map(({ uri }) => uri))];
  const texts = await Promise.all(files.map((uri) => readFile(join(packagePaths.root, uri), 'utf8')));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/Scenario(?: Outline)?: (.+)/g)].map(([, name = '']) => name)),
  );
}

function citedRequirements(): ReadonlySet<string> {
  return new Set(pickles().flatMap(({ tags }) => readScenarioTags(tags.map(({ name }) => name)).requirements));
}

describe('the Portuguese names', () => {
  it('are there for every scenario, and for no other', async () => {
    const nameOf = await readPortugueseNames(packagePaths.portugueseNames);
    const names = new Set(pickles().map(({ name }) => name));
    expect([...names].filter((name) => nameOf(name) === null)).toEqual([]);
    const scenarios = await scenarioNames();
    const translated = Object.keys(
      v.parse(namesSchema, parse(await readFile(packagePaths.portugueseNames, 'utf8'))).names,
    );
    expect(translated.filter((name) => !scenarios.has(name))).toEqual([]);
  });
});

describe('the register', () => {
  it('has a scenario for every row of a bank that is not excluded, and none for one that is', async () => {
    const register = await readRequirementRegister(packagePaths.requirements);
    const cited = citedRequirements();
    const rows = [...register.values()].filter(({ role }) => role === 'bank');
    const open = rows.filter(({ id, excluded }) => excluded === undefined && !cited.has(id));
    const both = rows.filter(({ id, excluded }) => excluded !== undefined && cited.has(id));
    expect({ open: open.map(({ id }) => id), both: both.map(({ id }) => id) }).toEqual({ open: [], both: [] });
  });

  it('leaves what partners owe to the checks of their applications', async () => {
    const register = await readRequirementRegister(packagePaths.requirements);
    const cited = citedRequirements();
    const judged = [...register.values()].filter(({ id, role }) => role === 'partner' && cited.has(id));
    expect(judged.map(({ id }) => id)).toEqual([]);
  });

  it.each([...bs2Sentences, ...btgSentences])('has rows for "$sentence"', async ({ sentence, rows }) => {
    const register = await readRequirementRegister(packagePaths.requirements);
    const found = rows.map((id) => register.get(id));
    expect(found.map((row) => row?.id)).toEqual(rows);
    expect(found.map((row) => row?.sentence)).toContain(sentence);
  });

  it('quotes no sentence that the list does not have', async () => {
    const register = await readRequirementRegister(packagePaths.requirements);
    const known = new Set([...bs2Sentences, ...btgSentences].map(({ sentence }) => sentence));
    const unknown = [...register.values()].filter(({ sentence }) => sentence !== undefined && !known.has(sentence));
    expect(unknown.map(({ id }) => id)).toEqual([]);
  });
});

describe('the steps', () => {
  it('are all defined, each once', () => {
    const undefinedSteps = boundSteps().filter(({ definitions: found }) => found.length === 0);
    const ambiguousSteps = boundSteps().filter(({ definitions: found }) => found.length > 1);
    expect(stepTexts(undefinedSteps.map(({ pickleStepId }) => pickleStepId))).toEqual([]);
    expect(stepTexts(ambiguousSteps.map(({ pickleStepId }) => pickleStepId))).toEqual([]);
  });

  it('are all used', () => {
    const used = new Set(boundSteps().flatMap(({ definitions: found }) => found));
    const unused = definitions().filter(({ id }) => !used.has(id));
    expect(unused.map(({ pattern }) => pattern.source)).toEqual([]);
  });
});
