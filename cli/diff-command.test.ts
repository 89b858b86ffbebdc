import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { stringify } from 'yaml';
import { settingsPatchSchema } from '../mock-server/control/settings-patch-schema.js';
import { startMockServer } from '../mock-server/mock-server.js';
import type { MockServer } from '../mock-server/mock-server.js';
import type { TenantHandle } from '../mock-server/tenant-handle.js';
import { readRunEvidence } from '../reports/run-evidence.js';
import { runHomologa, stopAll } from '../scripts/homologa-from-source.js';

// Whole processes that load all steps.
vi.setConfig({ testTimeout: 120_000 });

const tags = [
  'code-reuse',
  'code-exchange',
  'refresh',
  'access-token-lifetime',
  'code-wrong-client',
  'token-answer-shape',
]
  .map((id) => `@id:bs2-${id}`)
  .join(' or ');

let mock: MockServer;
let folder: string;
beforeAll(async () => {
  mock = await startMockServer({ controlToken: null });
});
afterAll(() => mock.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-diff-'));
});
afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the scenarios at a tenant over HTTP, with its reports in a folder of that name. */
async function runAt(tenant: TenantHandle, name: string): Promise<string> {
  const { client, baseUrl } = tenant.bs2;
  const { user } = tenant;
  if (client === null || user === null) throw new Error('The tenant has no client or user.');
  const { id, secret, scope } = client;
  const target = join(folder, `${name}.yaml`);
  const redirectUri = 'http://127.0.0.1:8765/callback';
  const { username, password } = user;
  const file = { bank: 'bs2', baseUrl, client: { id, secret, redirectUri, scope }, user: { username, password } };
  await writeFile(target, stringify({ ...file, control: tenant.control, consent: 'http', pace: 'off' }));
  const out = join(folder, name);
  const end = await runHomologa(['run', '--target', target, '--tags', tags, '--out', out]);
  expect(end.stderr).toBe('');
  return out;
}

const diff = (...args: string[]) => runHomologa(['diff', ...args]);

describe('homologa diff', () => {
  test('tells a stand-in with three settings changed apart by these three, and names what removes them', async () => {
    const honest = await mock.createTenant();
    const standIn = await mock.createTenant({
      settings: {
        bs2: {
          accessTokenLifetime: 'PT9M',
          wire: [
            {
              when: { at: 'token', error: 'invalid_grant' },
              body: { error: 'invalid_grant', message: 'Grant desconhecido' },
            },
            { omitHeaders: ['pragma'] },
          ],
        },
      },
    });
    const [a, b] = [await runAt(honest, 'a'), await runAt(standIn, 'b')];
    const settings = join(folder, 'like-b.json');

    const different = await diff(a, b, '--settings', settings);
    expect(different).toMatchObject({ exitCode: 1, stderr: '' });
    const rows = different.stdout.split('\n').slice(2, different.stdout.split('\n').indexOf(''));
    expect(rows.map((row) => row.split(/ {2,}/).filter((_, column) => column === 0 || column === 5))).toEqual([
      ['bs2.header.pragma', 'yes'],
      ['bs2.token.lifetime.access_token', 'yes'],
      ['bs2.token.error-body.invalid_grant', 'yes'],
    ]);
    expect(different.stdout).toContain('3 differences');
    expect(await readFile(join(b, 'diff.html'), 'utf8')).toContain('bs2.token.lifetime.access_token');

    const accepted = join(folder, 'known.yaml');
    const ids = ['bs2.header.pragma', 'bs2.token.lifetime.access_token', 'bs2.token.error-body.invalid_grant'];
    const apart = [...different.stdout.matchAll(/^another verdict {2}(\S+)/gm)].map(([, scenario]) => scenario);
    const entries = [
      ...ids.map((difference) => ({ difference, reason: 'seen at the stand-in' })),
      ...apart.map((scenario) => ({ scenario, reason: 'follows of the lifetime' })),
    ];
    await writeFile(accepted, stringify(entries));
    expect(await diff(a, b, '--accepted', accepted)).toMatchObject({ exitCode: 0 });
    await writeFile(accepted, stringify(entries.slice(1)));
    expect(await diff(a, b, '--accepted', accepted)).toMatchObject({ exitCode: 1 });

    const patch: unknown = JSON.parse(await readFile(settings, 'utf8'));
    await honest.settings.patch(v.parse(settingsPatchSchema, patch));
    const same = await diff(await runAt(honest, 'c'), b, '--out', join(folder, 'page.html'));
    expect(same).toMatchObject({ exitCode: 0, stderr: '' });
    expect(same.stdout).toMatch(/^0 differences, \d+ scenarios and \d+ answers compared\n/);
    expect(await readFile(join(folder, 'page.html'), 'utf8')).toContain('The two runs behave alike');

    const evidence = readRunEvidence(await readFile(join(a, 'evidence.ndjson'), 'utf8'));
    const answers = [...evidence.exchanges.values()].flat().map(({ response }) => response);
    const tokens = answers.find((answer) => answer?.json?.members.some(([path]) => path === 'refresh_token'));
    expect(tokens?.json).toMatchObject({
      whitespace: 'lines-crlf',
      members: [
        ['access_token', 'string'],
        ['token_type', 'string'],
        ['expires_in', 'number'],
        ['refresh_token', 'string'],
        ['scope', 'string'],
      ],
    });
    expect(tokens?.headerNames?.map((name) => name.toLowerCase())).toEqual(
      expect.arrayContaining(['cache-control', 'content-type']),
    );
  });

  test('exits 2 for what cannot be compared', async () => {
    const record = {
      sequence: 0,
      schema: 1,
      kind: 'run',
      startedAt: '2026-11-26T00:00:00Z',
      target: 't',
      environment: 'e',
      bank: null,
      tags: null,
      strict: false,
      homologa: '0',
      node: '20',
      commit: null,
      command: 'run',
      expectedFailures: null,
    };
    const [empty, application, broken] = [join(folder, 'empty'), join(folder, 'application'), join(folder, 'broken')];
    for (const [path, text] of [
      [empty, `${JSON.stringify(record)}\n`],
      [application, `${JSON.stringify({ ...record, role: 'partner' })}\n`],
      [broken, 'no JSON\n'],
    ] as const) {
      await mkdir(path);
      await writeFile(join(path, 'evidence.ndjson'), text);
    }
    for (const [args, said] of [
      [[empty], /missing required argument/],
      [[empty, join(folder, 'nowhere')], /nowhere has none/],
      [[empty, application], /judged an application/],
      [[empty, broken], /line 1: expected JSON/],
      [[empty, empty], /share none/],
      [[empty, empty, '--accepted', join(folder, 'nowhere.yaml')], /nowhere\.yaml: the file cannot be read/],
    ] as const) {
      const end = await diff(...args);
      expect(end).toMatchObject({ exitCode: 2, stdout: '' });
      expect(end.stderr).toMatch(said);
    }
  });

  test('shows how in its help', async () => {
    const { stdout, exitCode } = await diff('--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('homologa diff a b --accepted known-differences.yaml');
  });
});

test('homologa run --settings refuses members that are unknown', async () => {
  const settings = join(folder, 'settings.yaml');
  await writeFile(settings, 'bs2: { acessTokenLifetime: PT5M }');
  expect(await runHomologa(['run', '--settings', settings])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('bs2.acessTokenLifetime: expected no member of this name') as string,
  });
});
