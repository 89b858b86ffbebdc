import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { stringify } from 'yaml';
import { startMockServer } from '../mock-server/mock-server.js';
import type { MockServer } from '../mock-server/mock-server.js';
import { runHomologa, stopAll } from '../scripts/homologa-from-source.js';
import { interferences, startProxy, targetRedirectUri } from '../steps/testing/target-proxies.js';

const results = v.object({
  run: v.object({ exitCode: v.number(), target: v.string(), faults: v.array(v.string()) }),
  checks: v.array(v.object({ id: v.string(), verdict: v.string(), reason: v.nullable(v.string()) })),
});
/** What the target file says besides the bank's address. */
interface Differing {
  readonly secret?: string;
  readonly redirectUri?: string;
  readonly control?: string;
}

// Whole processes that load all steps.
vi.setConfig({ testTimeout: 60_000 });

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ controlToken: null });
});
afterAll(() => mock.close());

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-target-'));
});
afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
});

/** Writes the file of a target behind `origin`; returns its path. */
async function targetFile(bank: 'bs2' | 'btg', origin: string, differing: Differing = {}): Promise<string> {
  const tenant = await mock.createTenant({ settings: { bs2: { secondFactorReplay: 'accept' } } });
  const { client, baseUrl } = tenant[bank];
  const [user] = await tenant.users.list();
  if (client === null || user === undefined) throw new Error('The tenant has no client or user.');
  const { secret = client.secret, redirectUri = targetRedirectUri, ...rest } = differing;
  const path = join(folder, `${bank}-sandbox.yaml`);
  const file = {
    bank,
    baseUrl: baseUrl.replace(mock.listen, origin),
    ...(bank === 'btg' ? { issuer: tenant.btg.issuer } : {}),
    company: '30306294000145',
    client: { id: client.id, secret, redirectUri, scope: client.scope },
    user: {
      username: user.username,
      password: user.password,
      secondFactor: { kind: 'app', totpSecret: user.totpSecret, replay: 'accept' },
    },
    consent: 'http',
    pace: 'off',
    ...rest,
  };
  await writeFile(path, stringify(file));
  return path;
}

const run = (target: string, ...flags: string[]) =>
  runHomologa(['run', '--target', target, '--out', join(folder, 'out'), ...flags]);

async function readResults() {
  const read: unknown = JSON.parse(await readFile(join(folder, 'out', 'results.json'), 'utf8'));
  return v.parse(results, read);
}

describe('homologa run --target FILE', () => {
  test('passes a bank behind an honest proxy, and gives the reason of what cannot be observed there', async () => {
    const proxy = await startProxy(mock.listen, (answer) => answer);
    const target = await targetFile('btg', proxy.url);
    const end = await run(target, '--tags', '@id:btg-refresh-reuse or @id:btg-refresh-lifetime');
    proxy.close();
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    const { run: ran, checks } = await readResults();
    expect(ran).toEqual({ exitCode: 0, target: 'btg-sandbox', faults: [] });
    expect(checks.map(({ id, verdict }) => `${id.replace(/#.*/, '')} ${verdict}`)).toEqual(
      expect.arrayContaining(['btg-refresh-reuse passed', 'btg-refresh-lifetime skipped']),
    );
    expect(checks.flatMap(({ verdict, reason }) => (verdict === 'skipped' ? [reason] : []))).toEqual(
      expect.arrayContaining([expect.stringMatching(/btg-sandbox lacks .*clock/)]),
    );
    expect(end.stdout).toMatch(/skipped.*lacks|lacks/s);
  });

  test('fails where the bank answers a used code, and tells how to run that check again at this target', async () => {
    const proxy = await startProxy(mock.listen, interferences['answers a used code as before']?.make() ?? ((a) => a));
    const target = await targetFile('bs2', proxy.url);
    const end = await run(target, '--tags', '@id:bs2-code-reuse or @id:bs2-code-exchange');
    proxy.close();
    expect(end).toMatchObject({ exitCode: 1, stderr: '' });
    expect(end.stdout).toMatch(/failed bs2-code-reuse/);
    expect(end.stdout).toContain(`run --target ${target} --tags @id:bs2-code-reuse\n`);
    expect((await readResults()).checks).toHaveLength(2);
  });

  test.each([
    { name: 'the client', differing: { secret: 'errado' }, setting: /Check client\.id and client\.secret/ },
    {
      name: 'the redirect URI',
      differing: { redirectUri: 'https://outro.exemplo.invalid/volta' },
      setting: /Check client\.redirectUri and client\.id/,
    },
  ])('judges nothing and exits 2 where the bank does not know $name', async ({ differing, setting }) => {
    const end = await run(await targetFile('bs2', mock.listen, differing));
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(setting);
    expect(await readdir(folder)).toEqual(['bs2-sandbox.yaml']);
  });

  test('judges nothing and exits 2 where nobody answers', async () => {
    const closed = createServer();
    const port = await new Promise<number>((resolve) => {
      closed.listen(0, '127.0.0.1', () => {
        const address = closed.address();
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
    await new Promise((resolve) => closed.close(resolve));
    const end = await run(await targetFile('btg', `http://127.0.0.1:${String(port)}`));
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(/Nothing was judged: .* does not answer \(ECONNREFUSED\)\. Check baseUrl/);
  });

  test('names the member of the file that is wrong, and the environment variable that is missing', async () => {
    const target = await targetFile('btg', mock.listen);
    const good = await readFile(target, 'utf8');
    await writeFile(target, good.replace('company:', 'compny:'));
    const misspelt = await run(target);
    expect(misspelt.exitCode).toBe(2);
    expect(misspelt.stderr).toMatch(/compny/);
    await writeFile(target, good.replace(/secret: .*/, 'secret: ${HOMOLOGA_TEST_ABSENT}'));
    const unset = await run(target);
    expect(unset.exitCode).toBe(2);
    expect(unset.stderr).toMatch(/HOMOLOGA_TEST_ABSENT/);
  });

  test('exits 3 for what is no fault of the bank', async () => {
    // The control that the target file promises goes away after the run began: scenarios cannot be set up.
    const proxy = await startProxy(mock.listen, (answer, { path }) =>
      path.endsWith('/clock/freeze') ? { ...answer, status: 500, body: '{}' } : answer,
    );
    const tenant = await mock.createTenant();
    const control = `${proxy.url}/_mock/tenants/${tenant.id}`;
    const target = await targetFile('btg', mock.listen, { control });
    const end = await run(target, '--tags', '@id:btg-refresh-lifetime');
    proxy.close();
    expect(end).toMatchObject({ exitCode: 3 });
    const { run: ran } = await readResults();
    expect(ran.faults.join()).toMatch(/error of the harness/);
    expect(end.stdout).toMatch(/fault/i);
  });
});
