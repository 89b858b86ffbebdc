import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCheckAdvice } from '../reports/check-advice.js';
import { readPartnerTags } from '../reports/partner-tags.js';
import { readRequirementRegister } from '../reports/requirement-register.js';
import { packagePaths } from './package-paths.js';
import { dryRun } from './testing/dry-run.js';

const messageSchema = v.object({
  pickle: v.optional(
    v.object({
      name: v.string(),
      uri: v.string(),
      tags: v.array(v.object({ name: v.string() })),
      steps: v.array(v.object({ id: v.string(), text: v.string() })),
    }),
  ),
  stepDefinition: v.optional(v.object({ id: v.string(), pattern: v.object({ source: v.string() }) })),
  testCase: v.optional(
    v.object({
      testSteps: v.array(
        v.object({ pickleStepId: v.optional(v.string()), stepDefinitionIds: v.optional(v.array(v.string())) }),
      ),
    }),
  ),
});
type Message = v.InferOutput<typeof messageSchema>;
const namesSchema = v.object({ checks: v.record(v.string(), v.string()) });

let messages: Message[] = [];
beforeAll(async () => {
  messages = (await dryRun('partner')).map((message) => v.parse(messageSchema, message));
}, 60_000);

const present = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);
const pickles = () => present(messages.map(({ pickle }) => pickle));
const checks = () => pickles().map(({ tags }) => readPartnerTags(tags.map(({ name }) => name)));

describe('the checks of applications', () => {
  it('have ids of their own', () => {
    const ids = checks().map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('stand in the feature of their family', () => {
    const misplaced = pickles().filter(({ uri, tags }) => {
      const { id } = readPartnerTags(tags.map(({ name }) => name));
      return !uri.endsWith(`/${id.split('.')[1] ?? ''}.feature`);
    });
    expect(misplaced.map(({ name }) => name)).toEqual([]);
  });

  it('cite requirements that the register has', async () => {
    const register = await readRequirementRegister(packagePaths.requirements);
    const cited = checks().flatMap(({ requirements }) => requirements);
    expect(cited.filter((id) => !register.has(id))).toEqual([]);
  });

  it('each say what a failure means and what to change, and nothing else does', async () => {
    const advised = [...(await readCheckAdvice(packagePaths.advice)).keys()].sort();
    expect(advised).toEqual(
      checks()
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('each have a Portuguese name, and nothing else does', async () => {
    const { checks: names } = v.parse(namesSchema, parse(await readFile(packagePaths.portugueseNames, 'utf8')));
    expect(Object.keys(names).sort()).toEqual([...new Set(pickles().map(({ name }) => name))].sort());
  });
});

describe('their steps', () => {
  const bound = () =>
    present(messages.map(({ testCase }) => testCase)).flatMap(({ testSteps }) =>
      testSteps.flatMap(({ pickleStepId, stepDefinitionIds = [] }) =>
        pickleStepId === undefined ? [] : [{ pickleStepId, definitions: stepDefinitionIds }],
      ),
    );

  it('are all defined, each once', () => {
    const texts = new Map(pickles().flatMap(({ steps }) => steps.map(({ id, text }) => [id, text] as const)));
    const wrong = bound().filter(({ definitions }) => definitions.length !== 1);
    expect([...new Set(wrong.map(({ pickleStepId }) => texts.get(pickleStepId)))]).toEqual([]);
  });

  it('are all used', () => {
    const used = new Set(bound().flatMap(({ definitions }) => definitions));
    const unused = present(messages.map(({ stepDefinition }) => stepDefinition)).filter(({ id }) => !used.has(id));
    expect(unused.map(({ pattern }) => pattern.source)).toEqual([]);
  });
});
