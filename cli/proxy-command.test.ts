import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProxyAgent, fetch } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { startMockServer } from '../mock-server/index.js';
import { runHomologa, startHomologa, stopAll } from '../scripts/homologa-from-source.js';
import type { RunningProcess } from '../scripts/homologa-process.js';

const url = v.pipe(v.string(), v.url());
const listening = v.strictObject({
  event: v.literal('listening'),
  version: v.string(),
  proxy: url,
  ca: v.string(),
  url,
  control: url,
  hosts: v.array(
    v.strictObject({
      host: v.string(),
      bank: v.picklist(['bs2', 'btg']),
      environment: v.picklist(['homologacao', 'producao']),
      serves: v.picklist(['authorization', 'resources', 'both']),
    }),
  ),
  tenants: v.record(v.string(), v.looseObject({ id: v.string(), control: url, bs2: v.looseObject({}) })),
});

type Listening = v.InferOutput<typeof listening>;

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-proxy-command-'));
  env = { HOMOLOGA_HOME: join(folder, 'home') };
});
afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
});

async function startProxy(...flags: string[]): Promise<{ proxy: RunningProcess; event: Listening }> {
  const proxy = startHomologa(['proxy', '--port', '0', '--json', ...flags], { env });
  return { proxy, event: v.parse(listening, JSON.parse(await proxy.said(/\n/))) };
}

/** A token request to BS2's own host, with the seeded client of the default tenant. */
async function askToken({ proxy, ca }: Listening): Promise<{ status: number; json: unknown }> {
  const dispatcher = new ProxyAgent({ uri: proxy, requestTls: { ca: await readFile(ca, 'utf8') } });
  const answer = await fetch('https://api.bs2.com/auth/oauth/v2/token', {
    dispatcher,
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`l7${'c0ffee'.padStart(32, '0')}:${'decade00'.repeat(4)}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const text = await answer.text();
  await dispatcher.close();
  return { status: answer.status, json: text === '' ? null : JSON.parse(text) };
}

describe('homologa proxy --json', () => {
  test('prints one line, plays the banks from a mock of its own, and ends at SIGTERM with exit 0', async () => {
    const { proxy, event } = await startProxy();
    expect(event.hosts.map(({ host }) => host)).toContain('id.btgpactual.com');
    expect(event.ca).toBe(join(folder, 'home', 'authorities', 'banks', 'ca.pem'));
    expect(await askToken(event)).toMatchObject({ status: 200, json: { expires_in: 420 } });
    proxy.signal('SIGTERM');
    const end = await proxy.ended;
    expect(end).toMatchObject({ exitCode: 0, signal: null, stderr: '' });
    expect(end.stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  test('gives its own mock what serve would give it', async () => {
    const config = join(folder, 'mock.yaml');
    await writeFile(config, 'settings: {bs2: {userAgentCode: null}}\n');
    const { event } = await startProxy('--environment', 'producao', '--config', config, '--rate-limit', 'off');
    expect(await askToken(event)).toMatchObject({ status: 200, json: { expires_in: 300 } });
    for (let time = 0; time < 12; time += 1) expect((await askToken(event)).status).toBe(200);
  });

  test('plays from a mock that runs already, which goes on', async () => {
    const mock = await startMockServer();
    const { proxy, event } = await startProxy('--url', mock.listen);
    expect(event.url).toBe(mock.listen);
    expect(await askToken(event)).toMatchObject({ status: 200 });
    proxy.signal('SIGINT');
    expect(await proxy.ended).toMatchObject({ exitCode: 0 });
    expect(await mock.defaultTenant.journal.list()).toHaveLength(1);
    await mock.close();
  });

  test('plays from one behind --tls auto and a control token', async () => {
    env = { ...env, HOMOLOGA_CONTROL_TOKEN: 'token-of-a-test' };
    const mock = startHomologa(['serve', '--port', '0', '--tls', 'auto', '--json'], { env });
    const { listen, ca } = v.parse(v.looseObject({ listen: url, ca: v.string() }), JSON.parse(await mock.said(/\n/)));
    const { event } = await startProxy('--url', listen);
    expect(await askToken(event)).toMatchObject({ status: 200 });
    expect(ca).toBe(join(folder, 'home', 'authorities', 'loopback', 'ca.pem'));
    env = { HOMOLOGA_HOME: env['HOMOLOGA_HOME'] };
    const end = await runHomologa(['proxy', '--port', '0', '--url', listen], { env });
    expect(end.stderr).toMatch(/set HOMOLOGA_CONTROL_TOKEN/);
  });

  test('plays another tenant', async () => {
    const config = join(folder, 'mock.yaml');
    await writeFile(config, 'tenants: [{id: outra}]\n');
    const { event } = await startProxy('--config', config, '--tenant', 'outra');
    expect(Object.keys(event.tenants)).toEqual(['outra']);
    // Its credentials are its own.
    expect(await askToken(event)).toMatchObject({ status: 401 });
  });

  test('tells once of what it refused', async () => {
    const { proxy, event } = await startProxy();
    const dispatcher = new ProxyAgent({ uri: event.proxy });
    for (const host of ['example.com', 'example.com', 'devs.bs2.com']) {
      await expect(fetch(`https://${host}/`, { dispatcher })).rejects.toThrow();
    }
    await dispatcher.close();
    await proxy.complained(/devs\.bs2\.com/);
    proxy.signal('SIGTERM');
    const { stderr } = await proxy.ended;
    expect(stderr.match(/^Refused: /gm)).toHaveLength(2);
  });
});

test('homologa proxy prints what each stack needs', async () => {
  const proxy = startHomologa(['proxy', '--port', '0'], { env });
  const banner = await proxy.said(/Ctrl\+C/);
  expect(banner).toMatch(/HTTPS_PROXY=http:\/\/127\.0\.0\.1:\d+/);
  expect(banner).toMatch(/id\.sandbox\.btgpactual\.com +BTG, homologacao: logins and tokens/);
  for (const stack of ['Node.js', 'curl', 'Python', 'Go, Ruby', 'Java', '.NET', 'Chromium', 'Firefox']) {
    expect(banner).toContain(`\n  ${stack} `);
  }
});

describe('homologa proxy refuses', () => {
  test.each([
    ['--port abc', /--port.*'abc'.*Expected a port/],
    ['--url https://id.btgpactual.com', /--url: expected a mock on this machine/],
    ['--url http://127.0.0.1:2', /--url: no mock answers at http:\/\/127\.0\.0\.1:2 \(ECONNREFUSED\)/],
    ['--url http://127.0.0.1:2 --environment producao', /--url.*cannot be used with.*--environment/],
    ['--tenant nenhum', /--tenant: there is no tenant "nenhum"/],
    ['--url https://127.0.0.1:2 --ca /nowhere/ca.pem', /--ca: cannot read \/nowhere\/ca\.pem/],
    ['--prot 1', /unknown option '--prot'[^]*Did you mean --port/],
  ])('%s', async (flags, message) => {
    const end = await runHomologa(['proxy', '--port', '0', ...flags.split(' ')], { env });
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(message);
    expect(end.stderr).not.toMatch(/\n\s+at /);
  });

  test('what answers and is no mock', async () => {
    const server = createServer((_request, response) => response.end('olá')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const end = await runHomologa(['proxy', '--port', '0', '--url', `http://127.0.0.1:${String(port)}`], { env });
    server.close();
    expect(end).toMatchObject({ exitCode: 2 });
    expect(end.stderr).toMatch(/is no mock of homologa/);
  });

  test('an authority that it cannot read, with its folder', async () => {
    const broken = join(folder, 'home', 'authorities', 'banks');
    await mkdir(broken, { recursive: true });
    const end = await runHomologa(['proxy', '--port', '0'], { env });
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toContain(broken);
    expect(end.stderr).toMatch(/ERR_AUTHORITY_UNREADABLE/);
  });

  test('a port that is in use, with advice', async () => {
    const { event } = await startProxy();
    const end = await runHomologa(['proxy', '--port', new URL(event.proxy).port], { env });
    expect(end).toMatchObject({ exitCode: 2 });
    expect(end.stderr).toMatch(/in use; choose another port/);
  });
});
