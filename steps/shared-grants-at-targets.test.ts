import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagePaths } from './package-paths.js';

const check = v.object({ id: v.string(), verdict: v.string(), reason: v.nullable(v.string()) });
const outcomesSchema = v.array(
  v.object({
    name: v.string(),
    bank: v.string(),
    isMutant: v.boolean(),
    results: v.object({ run: v.object({ faults: v.array(v.string()) }), checks: v.array(check) }),
    /** The same with a bank and a grant for each scenario. */
    alone: v.object({ checks: v.array(check) }),
    notice: v.nullable(v.string()),
    /** How many grants the bank gave: one by the login, the others by scenarios. */
    grants: v.number(),
    /** What the next run finds. */
    next: v.string(),
  }),
);

let outcomes: v.InferOutput<typeof outcomesSchema> = [];
beforeAll(async () => {
  const script = join(packagePaths.root, 'steps/testing/run-shared-grants.ts');
  const options = { cwd: packagePaths.root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], options);
  outcomes = v.parse(outcomesSchema, JSON.parse(stdout));
}, 240_000);

function outcomeOf(name: string, bank: string) {
  const outcome = outcomes.find((candidate) => candidate.name === name && candidate.bank === bank);
  if (outcome === undefined) throw new Error(`There is no run of ${bank} that is ${name}.`);
  return outcome;
}

describe.each([
  { bank: 'bs2', harmless: 8, rough: 10 },
  { bank: 'btg', harmless: 15, rough: 10 },
])('the scenarios of $bank that share a grant', ({ bank, harmless, rough }) => {
  it('all pass with the one of the login, which lives at the end', () => {
    const { results, grants, notice, next } = outcomeOf('honest', bank);
    expect(results.checks).toHaveLength(harmless);
    expect(results.checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect({ grants, notice, next }).toEqual({ grants: 1, notice: null, next: 'usable' });
  });

  it('take one consent more where some are rough with theirs, and the kept one lives at the end', () => {
    const { results, grants, next } = outcomeOf('honest to all', bank);
    expect(results.checks).toHaveLength(harmless + rough);
    expect(results.checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect({ grants, next }).toEqual({ grants: 2, next: 'usable' });
  });

  it('say who had it last where the bank ends it, and so does the next run', () => {
    const { results, next } = outcomeOf('quick to end grants', bank);
    const told = results.checks.filter(({ reason }) => /after \S+ used them: they are lost/.test(reason ?? ''));
    expect(told.map(({ verdict }) => verdict)).toEqual(['not-testable']);
    expect(next).toMatch(/are lost: .* a new consent is needed: homologa login --target/);
  });
});

describe('a bank with a bug', () => {
  it('leaves the kept grant usable, or its loss is said by this run and the next', () => {
    const ofMutants = outcomes.filter(({ isMutant }) => isMutant);
    expect(ofMutants.length).toBeGreaterThan(12);
    const unsaid = ofMutants.filter(({ next, notice, results }) => {
      const said = [notice ?? '', ...results.checks.map(({ reason }) => reason ?? '')].join(' ');
      return next !== 'usable' && !(/a new consent is needed/.test(next) && /they are lost|are lost:/.test(said));
    });
    expect(unsaid.map(({ name, next }) => `${name}: ${next}`)).toEqual([]);
    expect(ofMutants.flatMap(({ results }) => results.run.faults)).toEqual([]);
  });

  it('fails the same scenarios with shared grants as each in a bank of its own, and no other', () => {
    const failed = ({ checks }: { readonly checks: readonly v.InferOutput<typeof check>[] }) =>
      checks.flatMap(({ id, verdict }) => (verdict === 'failed' ? [id] : []));
    const ofMutants = outcomes.filter(({ isMutant }) => isMutant);
    const differing = ofMutants.filter(({ results, alone }) => failed(results).join() !== failed(alone).join());
    expect(
      differing.map(({ name, results, alone }) => ({ name, shared: failed(results), alone: failed(alone) })),
    ).toEqual([]);
    expect(ofMutants.filter(({ results }) => failed(results).length > 0).length).toBeGreaterThan(8);
  });
});
