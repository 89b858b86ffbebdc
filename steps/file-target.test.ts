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
    results: v.object({ run: v.object({ exitCode: v.number() }), checks: v.array(check) }),
  }),
);

let outcomes: v.InferOutput<typeof outcomesSchema> = [];
beforeAll(async () => {
  const script = join(packagePaths.root, 'steps/testing/run-file-targets.ts');
  const options = { cwd: packagePaths.root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], options);
  outcomes = v.parse(outcomesSchema, JSON.parse(stdout));
}, 240_000);

function resultsOf(name: string, bank: string) {
  const outcome = outcomes.find((candidate) => candidate.name === name && candidate.bank === bank);
  if (outcome === undefined) throw new Error(`There is no run of ${bank} with a proxy that does ${name}.`);
  return outcome.results;
}

describe('a target that lets nobody control it', () => {
  it.each(['bs2', 'btg'])('is judged through an honest proxy by 40 checks of %s at least, and passes', (bank) => {
    const { run, checks } = resultsOf('nothing', bank);
    expect(run.exitCode).toBe(0);
    const passed = checks.filter(({ verdict }) => verdict === 'passed').map(({ id }) => id);
    expect(passed.length).toBeGreaterThan(40);
    expect(passed).toEqual(expect.arrayContaining([`${bank}-code-reuse`, `${bank}-refresh-reuse`]));
    const others = checks.filter(({ verdict }) => verdict !== 'passed');
    expect(new Set(others.map(({ verdict }) => verdict))).toEqual(new Set(['skipped']));
    expect(others.filter(({ reason }) => reason === null)).toEqual([]);
  });

  it.each([
    { name: 'adds a slash to iss', bank: 'btg', failures: ['btg-consent', 'btg-iss-form', 'btg-denial-iss'] },
    { name: 'answers a used code as before', bank: 'bs2', failures: ['bs2-code-reuse'] },
    { name: 'answers a used refresh token as before', bank: 'btg', failures: ['btg-refresh-reuse'] },
    { name: 'makes expires_in a text', bank: 'btg', failures: ['btg-token-types'] },
    {
      name: 'widens the scope',
      bank: 'bs2',
      failures: ['bs2-refresh', 'bs2-refresh-narrower-scope', 'bs2-refresh-scope-kept'],
    },
  ])('fails only what names it where the proxy $name', ({ name, bank, failures }) => {
    const { run, checks } = resultsOf(name, bank);
    expect(run.exitCode).toBe(1);
    const failed = checks.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'skipped');
    expect(failed.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(failures.map((id) => `${id} failed`));
  });

  it('fails every check of the state, and no other, where the proxy drops it', () => {
    const { run, checks } = resultsOf('drops state', 'bs2');
    expect(run.exitCode).toBe(1);
    const failed = checks.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'skipped').map(({ id }) => id);
    expect(failed).toEqual(expect.arrayContaining(['bs2-state#1', 'bs2-consent', 'bs2-denial']));
    const ofState = /^bs2-(?:state|consent|denial|response-type|scope-|parameter-)/;
    expect(failed.filter((id) => !ofState.test(id))).toEqual([]);
  });
});
