import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagePaths } from './package-paths.js';

const outcomesSchema = v.array(
  v.object({
    name: v.string(),
    results: v.object({
      run: v.object({ exitCode: v.number(), faults: v.array(v.string()) }),
      checks: v.array(
        v.object({
          id: v.string(),
          verdict: v.string(),
          expected: v.nullable(v.string()),
          actual: v.nullable(v.string()),
        }),
      ),
    }),
  }),
);

let outcomes: v.InferOutput<typeof outcomesSchema> = [];
beforeAll(async () => {
  const script = join(packagePaths.root, 'steps/testing/run-altered-banks.ts');
  const options = { cwd: packagePaths.root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], options);
  outcomes = v.parse(outcomesSchema, JSON.parse(stdout));
}, 120_000);

function outcomeOf(name: string) {
  const outcome = outcomes.find((candidate) => candidate.name === name);
  if (outcome === undefined) throw new Error(`There is no altered bank "${name}".`);
  return outcome.results;
}

describe('a bank that is broken', () => {
  it.each([
    {
      name: 'a code works twice',
      failures: [['bs2-code-reuse', '400 invalid_grant, the code does not work here', '200 with tokens']],
    },
    {
      name: 'a refresh token works twice',
      failures: [['btg-refresh-reuse', '400 invalid_grant, the refresh token does not work here', '200 with tokens']],
    },
    {
      name: 'a long state is cut',
      failures: [
        [
          'bs2-state#1',
          'the state that was sent, 512 characters',
          'one of 255 characters, different from character 256 on',
        ],
      ],
    },
    {
      name: 'the iss is forgotten',
      failures: [
        ['btg-consent', 'a redirect with code, iss, state', 'a redirect with code, state'],
        [
          'btg-iss-form',
          'an https address (http on a loopback host) without query, fragment and slash at its end',
          'no iss',
        ],
        ['btg-denial-iss', 'the iss of the bank', 'no iss'],
      ],
    },
    {
      name: 'the last form is repeated at the client',
      failures: [
        [
          'bs2-login-redirect-drops-credentials',
          'a redirect by 302 or 303, which browsers follow with a GET',
          'one by 307',
        ],
      ],
    },
    {
      name: 'tokens may be cached',
      failures: [['btg-token-answer-not-cached', 'Cache-Control no-store', 'no Cache-Control']],
    },
    {
      name: 'a refresh token lives a second longer',
      failures: [
        ['bs2-refresh-lifetime#2', '400 invalid_grant, the refresh token does not work here', '200 with tokens'],
        [
          'bs2-refresh-lifetime-restarts#2',
          '400 invalid_grant, the refresh token does not work here',
          '200 with tokens',
        ],
      ],
    },
  ])('fails exactly the scenarios that it breaks: $name', ({ name, failures }) => {
    const { run, checks } = outcomeOf(name);
    expect(run).toEqual({ exitCode: 1, faults: [] });
    const others = checks.filter(({ verdict }) => verdict !== 'passed');
    // The issuer is another in each run, since it holds the tenant's id.
    const said = (text: string | null): string | null =>
      text?.replace(/^the iss http\S+$/, 'the iss of the bank') ?? null;
    expect(others.map(({ verdict, id, expected, actual }) => [verdict, id, said(expected), actual])).toEqual(
      failures.map((failure) => ['failed', ...failure]),
    );
  });

  it('passes nothing where nothing answers, and is not taken for a fault of the harness', () => {
    const { run, checks } = outcomeOf('nothing answers');
    expect(run).toEqual({ exitCode: 1, faults: [] });
    expect(checks.length).toBeGreaterThan(50);
    expect(checks.filter(({ verdict }) => verdict !== 'failed' && verdict !== 'not-testable')).toEqual([]);
  });
});
