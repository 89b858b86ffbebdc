import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { stringify } from 'yaml';
import { grantRecordSchema } from '../client/grant-record.js';
import { startMockServer } from '../mock-server/mock-server.js';
import type { MockServer } from '../mock-server/mock-server.js';
import type { TenantHandle } from '../mock-server/tenant-handle.js';
import { runHomologa, stopAll } from '../scripts/homologa-from-source.js';
import { createFileTarget } from '../steps/file-target.js';
import { targetRedirectUri } from '../steps/testing/target-proxies.js';

// Whole processes that load all steps.
vi.setConfig({ testTimeout: 60_000 });

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ controlToken: null });
});
afterAll(() => mock.close());

let folder: string;
let tenant: TenantHandle;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-login-'));
  tenant = await mock.createTenant({ settings: { bs2: { secondFactorReplay: 'accept' } } });
  target = await targetFile();
});
afterEach(async () => {
  await stopAll();
  await tenant.delete();
  await rm(folder, { recursive: true, force: true });
});

async function targetFile(differing: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { client, baseUrl } = tenant.bs2;
  const [user] = await tenant.users.list();
  if (client === null || user === undefined) throw new Error('The tenant has no client or user.');
  const { username, password, totpSecret } = user;
  const file = {
    bank: 'bs2',
    baseUrl,
    client: { id: client.id, secret: client.secret, redirectUri: targetRedirectUri, scope: client.scope },
    user: { username, password, secondFactor: { kind: 'app', totpSecret, replay: 'accept' } },
    consent: 'http',
    pace: 'off',
    ...differing,
  };
  const path = join(folder, 'bs2-stand-in.yaml');
  await writeFile(path, stringify(file));
  return path;
}

const start = (args: readonly string[], state = 'state') =>
  runHomologa([...args, '--target', target], { env: { XDG_STATE_HOME: join(folder, state) } });
const login = (...flags: readonly string[]) => start(['login', ...flags]);
const run = (tags: string, state?: string) => start(['run', '--out', join(folder, 'out'), '--tags', tags], state);
const recordFile = v.object({ value: grantRecordSchema });
const grants = join('state', 'homologa', 'grants');

describe('homologa login', () => {
  test('keeps the tokens of one consent where only this user reads them, and says where and for how long', async () => {
    const end = await login();
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout).toMatch(/The tokens of bs2-stand-in are kept in .*grants\.\nscope: saldo/);
    expect(end.stdout).toMatch(/lives until \d{4}-\d\d-\d\d, as the bank documents it/);
    const [name = '', ...others] = await readdir(join(folder, grants));
    expect(others.filter((other) => !other.endsWith('.json'))).toEqual([]);
    expect((await stat(join(folder, grants, name))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, grants))).mode & 0o777).toBe(0o700);
    const texts = await Promise.all(others.concat(name).map((file) => readFile(join(folder, grants, file), 'utf8')));
    const kept = texts.flatMap((text) => (text === '' ? [] : [v.parse(recordFile, JSON.parse(text)).value.tokens]));
    expect(kept).toHaveLength(1);
    expect(end.stdout).not.toContain(kept[0]?.accessToken);
  });

  test('lets runs do without a consent, one after the other', async () => {
    await login();
    for (const tags of ['@grant:kept', '@id:bs2-refresh or @id:bs2-balance']) {
      expect(await run(tags)).toMatchObject({ exitCode: 0, stderr: '' });
    }
    expect(await tenant.grants.list()).toHaveLength(1);
  });

  test('keeps nothing where the user cannot log in, and says what the bank showed', async () => {
    const [user] = await tenant.users.list();
    target = await targetFile({ user: { username: user?.username, password: 'errada' } });
    const end = await login();
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(/The bank did not accept user name and password\./);
    expect(await readdir(join(folder, grants)).catch(() => [])).toEqual([]);
  });

  test('asks a mock’s control where the target does', async () => {
    target = await targetFile({ consent: 'control', control: tenant.control });
    expect(await login()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await tenant.grants.list()).toHaveLength(1);
  });

  test('refuses the mock in the process, which keeps nothing', async () => {
    expect(await runHomologa(['login', '--target', 'mock'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('forgets with --forget', async () => {
    await login();
    expect((await login('--forget')).stdout).toBe('The tokens of bs2-stand-in are forgotten.\n');
    expect((await login('--forget')).stdout).toBe('No tokens of bs2-stand-in were kept.\n');
    expect(await run('@id:bs2-balance')).toMatchObject({ exitCode: 0 });
    expect(await tenant.grants.list()).toHaveLength(2);
  });
});

describe('a run with kept tokens', () => {
  test('judges nothing and exits 2 while another run has them, and so does a login', async () => {
    await login();
    vi.stubEnv('XDG_STATE_HOME', join(folder, 'state'));
    const other = await createFileTarget(target);
    await other.grants?.hold();
    const end = await run('@id:bs2-balance');
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(
      new RegExp(`in use by process ${String(process.pid)} of .* Let that run end.*\\(ERR_GRANT_IN_USE\\)`),
    );
    expect(await login()).toMatchObject({ exitCode: 2, stdout: '' });
    await other.close();
    vi.unstubAllEnvs();
    expect(await run('@id:bs2-balance')).toMatchObject({ exitCode: 0 });
    expect(await tenant.grants.list()).toHaveLength(1);
  });

  test('that finds them ended fails, and the next one judges nothing and exits 2 until the next login', async () => {
    await login();
    const [grant] = await tenant.grants.list();
    await tenant.grants.delete(grant?.id ?? '');
    const first = await run('@id:bs2-balance');
    expect(first.exitCode).toBe(1);
    expect(first.stdout).toMatch(/they are lost, and a new consent is needed: homologa login --target/);
    const second = await run('@id:bs2-balance');
    expect(second).toMatchObject({ exitCode: 2, stdout: '' });
    expect(second.stderr).toMatch(/are lost: .* a new consent is needed: homologa login --target .*ERR_CONSENT_NEEDED/);
    await login();
    expect(await run('@id:bs2-balance')).toMatchObject({ exitCode: 0 });
  });

  test('on machines that come and go has them from the command of the target file', async () => {
    const store = `node ${join(import.meta.dirname, '../steps/testing/folder-token-command.mjs')} ${join(folder, 'secret.json')}`;
    target = await targetFile({ tokenStore: { command: store } });
    expect((await login()).stdout).toContain('folder-token-command.mjs');
    for (const machine of ['first', 'second']) {
      expect(await run('@id:bs2-refresh', machine)).toMatchObject({ exitCode: 0, stderr: '' });
    }
    expect(await tenant.grants.list()).toHaveLength(1);
    expect((await readdir(folder)).sort()).toEqual(['bs2-stand-in.yaml', 'out', 'secret.json']);
  });
});
