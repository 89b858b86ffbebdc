import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { runHomologa, startHomologa, stopAll } from '../scripts/homologa-from-source.js';
import type { RunningProcess } from '../scripts/homologa-process.js';

const url = v.pipe(v.string(), v.url());
const client = v.looseObject({ id: v.string(), secret: v.string(), redirectUris: v.array(url), scope: v.string() });
const bank = { baseUrl: url, rootUrl: v.nullable(url), authorizationEndpoint: url, tokenEndpoint: url, client };
/** DESIGN 4.2, member by member. */
const listening = v.strictObject({
  event: v.literal('listening'),
  version: v.string(),
  url,
  listen: url,
  control: url,
  tenants: v.objectWithRest(
    {
      default: v.looseObject({
        id: v.literal('default'),
        control: url,
        jwksUri: url,
        bs2: v.looseObject({ ...bank, balanceEndpoint: url }),
        btg: v.looseObject({ ...bank, issuer: url, revocationEndpoint: url, accountsEndpoint: url }),
        user: v.looseObject({
          username: v.string(),
          password: v.string(),
          cpf: v.string(),
          companies: v.array(v.looseObject({ cnpj: v.string(), accounts: v.array(v.unknown()) })),
        }),
      }),
    },
    v.looseObject({ id: v.string() }),
  ),
});

type Listening = v.InferOutput<typeof listening>;

async function serve(...flags: string[]): Promise<{ mock: RunningProcess; event: Listening }> {
  const mock = startHomologa(['serve', '--port', '0', '--json', ...flags]);
  return { mock, event: v.parse(listening, JSON.parse(await mock.said(/\n/))) };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-cli-'));
});
afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
});

describe('homologa serve --json', () => {
  test('prints the listening event and nothing else, answers, and ends at SIGTERM with exit 0', async () => {
    const { mock, event } = await serve();
    expect(event.url).toBe(event.listen);
    expect(event.tenants.default.bs2.client.redirectUris[0]).toBe('http://localhost:3000/callback');
    const health: unknown = await (await fetch(`${event.control}/health`)).json();
    expect(health).toEqual({ status: 'ok', version: event.version });
    mock.signal('SIGTERM');
    const end = await mock.ended;
    expect(end).toMatchObject({ exitCode: 0, signal: null, stderr: '' });
    expect(end.stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  test('shows a bank at the root of a port of its own', async () => {
    const { event } = await serve('--bs2-port', '0', '--btg-port', '0');
    const { bs2, btg } = event.tenants.default;
    expect(btg.issuer).toBe(btg.rootUrl);
    const answer = await fetch(`${bs2.rootUrl ?? ''}/auth/oauth/v2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${bs2.client.id}:${bs2.client.secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(answer.status).toBe(200);
  });

  test('serves twice at once; the port of one is refused to a third, with advice', async () => {
    const [first, second] = await Promise.all([serve(), serve()]);
    expect(first.event.url).not.toBe(second.event.url);
    const third = await runHomologa(['serve', '--json', '--port', new URL(first.event.url).port]);
    expect(third).toMatchObject({ exitCode: 2, stdout: '' });
    expect(third.stderr).toMatch(/in use; choose another port.*ERR_LISTEN/);
  });

  test('ends at SIGINT while a connection is open and a fault holds an answer back', async () => {
    const { mock, event } = await serve();
    const { control, bs2 } = event.tenants.default;
    const fault = { at: 'bs2.token', effect: { delay: 'PT30S' } };
    await fetch(`${control}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    const { hostname, port, pathname } = new URL(bs2.tokenEndpoint);
    const idle = connect(Number(port), hostname);
    const waiting = connect(Number(port), hostname);
    const closed = [idle, waiting].map(
      (socket) => new Promise((resolve) => socket.on('error', resolve).once('close', resolve)),
    );
    waiting.write(`POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 0\r\n\r\n`);
    const faults = v.object({ items: v.array(v.unknown()) });
    const scripted = async (): Promise<unknown[]> =>
      v.parse(faults, await (await fetch(`${control}/faults`)).json()).items;
    while ((await scripted()).length > 0);
    mock.signal('SIGINT');
    expect(await mock.ended).toMatchObject({ exitCode: 0, signal: null });
    await Promise.all(closed);
  });

  test('starts with the tenants of a configuration file', async () => {
    const config = join(folder, 'mock.yaml');
    await writeFile(config, 'settings: {environment: producao}\ntenants: [{id: other}]\n');
    const { event } = await serve('--config', config);
    expect(Object.keys(event.tenants).sort()).toEqual(['default', 'other']);
  });

  test.each([
    [[], { requests: 10, window: 'PT1M' }],
    [['--rate-limit', 'off'], 'off'],
  ])("with %j has BS2's rate limit %j", async (flags, rateLimit) => {
    const { event } = await serve(...flags);
    const settings: unknown = await (await fetch(`${event.tenants.default.control}/settings`)).json();
    expect(settings).toMatchObject({ bs2: { rateLimit } });
  });

  test('keeps public, internal and socket origins apart', async () => {
    const { event } = await serve('--public-url', 'https://bank.example', '--internal-url', 'http://mock:4010/');
    const { bs2 } = event.tenants.default;
    expect(event).toMatchObject({ url: 'https://bank.example' });
    expect(bs2.authorizationEndpoint).toMatch(/^https:\/\/bank\.example\/bs2\//);
    expect(bs2.tokenEndpoint).toMatch(/^http:\/\/mock:4010\/bs2\//);
    expect(event.control).toBe(`${event.listen}/_mock`);
  });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0 && spawnSync('bash', ['--version']).status === 0;
if (!hasCurl) console.warn("Skipped: the banner's lines need curl and bash; install them to run these tests.");

describe.skipIf(!hasCurl)("the banner's first request", () => {
  test.each([
    ['at homologation', [], {}],
    ['in production', ['--environment', 'producao'], {}],
    ['with a control token', [], { HOMOLOGA_CONTROL_TOKEN: 'token-of-a-test' }],
    ['behind other origins', ['--public-url', 'https://bank.example', '--internal-url', 'http://mock:1'], {}],
  ])('gives a token when pasted: %s', async (_name, flags, env) => {
    const mock = startHomologa(['serve', '--port', '0', ...flags], { env });
    const banner = await mock.said(/Ctrl\+C/);
    const script = /from another shell:\n\n([^]*?)\n\n/.exec(banner)?.[1] ?? '';
    const bash = spawnSync('bash', ['-euc', script], { encoding: 'utf8', env: { ...process.env, ...env } });
    expect(bash.stdout).toMatch(/^HTTP\/1\.1 200 [^]*"access_token"/);
    expect(banner).not.toContain('token-of-a-test');
    expect(banner.split('\n').filter((line) => line.length > 100 && !line.includes('http'))).toEqual([]);
  });
});

test('--open opens the dashboard, and only notes that it could not', async () => {
  const opened = join(folder, 'opened');
  await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > '${opened}'\nexit 3\n`, { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  const mock = startHomologa(['serve', '--port', '0', '--open', '--json'], { env });
  const event = v.parse(listening, JSON.parse(await mock.said(/\n/)));
  await mock.complained(/Note: no browser could be opened/);
  expect((await readFile(opened, 'utf8')).trim()).toBe(`${event.listen}/`);
});

describe('homologa serve refuses', () => {
  test.each([
    ['--port abc', /--port.*'abc'.*Expected a port/],
    ['--port 70000', /--port.*'70000'.*Expected a port/],
    ['--bs2-port -1', /--bs2-port.*Expected a port/],
    ['--environment sandbox', /--environment.*'sandbox'.*homologacao, producao/],
    ['--public-url https://bank.example/path', /--public-url.*Expected an origin/],
    ['--tls-cert cert.pem', /--tls-cert.*both a certificate and its key/],
    [
      '--tls-cert /nowhere/cert.pem --tls-key /nowhere/key.pem',
      /certificate in PEM, \/nowhere\/cert\.pem cannot be read \(ENOENT\)/,
    ],
    ['--host 0.0.0.0', /HOMOLOGA_CONTROL_TOKEN/],
    ['--prot 4010', /unknown option '--prot'[^]*Did you mean --port/],
    ['--config /nowhere/mock.yaml', /\/nowhere\/mock\.yaml/],
  ])('%s', async (flags, message) => {
    const end = await runHomologa(['serve', ...flags.split(' ')]);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(message);
    expect(end.stderr).not.toMatch(/\n\s+at /);
  });

  test('a configuration file, with the path of the member', async () => {
    const config = join(folder, 'mock.yaml');
    await writeFile(config, 'settings:\n  bs2:\n    accessTokenLifetme: PT7M\n');
    const end = await runHomologa(['serve', '--port', '0', '--config', config]);
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain(config);
    expect(end.stderr).toContain('settings.bs2.accessTokenLifetme');
  });
});
