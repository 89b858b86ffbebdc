import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { createHttpUserAgent } from '../client/user-agent/http-user-agent.js';
import { walkConsent } from '../client/user-agent/consent-walk.js';
import { startProcess } from '../scripts/homologa-process.js';
import { openProxiedBanks } from './proxied-banks.js';
import type { ProxiedBanks } from './proxied-banks.js';

let banks: ProxiedBanks;
beforeAll(async () => {
  banks = await openProxiedBanks();
}, 60_000);
afterAll(() => banks.close());

const program = fileURLToPath(new URL('programs/openid-client-at-btg.mjs', import.meta.url));
const asking = v.object({ authorizationUrl: v.string(), redirectUri: v.string() });

function firstClient(bank: 'bs2' | 'btg'): { id: string; secret: string; scope: string } {
  const { client } = banks.tenant[bank];
  if (client === null || client.secret === null) throw new TypeError('The seeded client has no secret.');
  return { id: client.id, secret: client.secret, scope: client.scope };
}

/** Starts the partner's program, logs a customer in, and waits for its end. */
async function runProgram(environment: NodeJS.ProcessEnv) {
  const { id, secret, scope } = firstClient('btg');
  const credentials = { BTG_CLIENT_ID: id, BTG_CLIENT_SECRET: secret, BTG_SCOPE: scope };
  const { PATH } = process.env;
  const partner = startProcess(process.execPath, [program], { env: { PATH, ...environment, ...credentials } });
  const { authorizationUrl, redirectUri } = v.parse(asking, JSON.parse(await partner.said(/\n/)));
  const user = banks.tenant.user;
  if (user === null) throw new TypeError('The tenant has no user.');
  const browser = createHttpUserAgent({ fetch: banks.transport });
  const { username, password } = user;
  const { redirectTo } = await walkConsent(browser, authorizationUrl, {
    redirectUri,
    username,
    password,
    decision: 'approve',
  });
  await (await fetch(redirectTo)).text();
  return { ...(await partner.ended), authorizationUrl, redirectTo };
}

describe('a program on openid-client 6 that names https://id.btgpactual.com', () => {
  it('logs in, gets tokens, refreshes, calls the API and revokes, and no connection leaves this machine', async () => {
    const end = await runProgram(banks.recorded(banks.environment));
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.authorizationUrl).toMatch(/^https:\/\/id\.btgpactual\.com\/oauth2\/authorize\?/);
    expect(new URL(end.redirectTo).searchParams.get('iss')).toBe('https://id.btgpactual.com');
    expect(JSON.parse(end.stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      issuer: 'https://id.btgpactual.com',
      issuerAfterRefresh: 'https://id.btgpactual.com',
      rotated: true,
      api: 200,
      apiAfterRevocation: 401,
    });
    expect(await banks.connections()).toEqual(['connect 127.0.0.1', 'lookup 127.0.0.1']);
    const urls = (await banks.tenant.journal.list()).map(({ request }) => new URL(request.url));
    expect(new Set(urls.map(({ origin }) => origin))).toEqual(
      new Set(['https://id.btgpactual.com', 'https://api.empresas.btgpactual.com']),
    );
  });

  it('stops where it does not trust the test authority', async () => {
    const { NODE_EXTRA_CA_CERTS: _ca, ...environment } = banks.environment;
    const end = await runProgram(environment);
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toMatch(/unable to (get|verify)|self.signed certificate/i);
    await banks.process.complained(/a client left id\.btgpactual\.com.*does it trust the CA\?/);
  });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) console.warn('Skipped: curl at the banks needs curl; install it to run these tests.');

describe.skipIf(!hasCurl)('curl', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homologa-curl-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function curl(ca: string, url: string, ...args: string[]) {
    const flags = ['-sv', '--proxy', banks.event.proxy, '--cacert', ca, ...args, url];
    // Nothing of the caller's own configuration: no .curlrc, no variables.
    return spawnSync('curl', ['-q', ...flags], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
  }

  /** The answer as JSON; every address that curl tried was this machine's. */
  function json(url: string, ...args: string[]): Record<string, unknown> {
    const { stdout, stderr } = curl(banks.event.ca, url, ...args);
    const tried = [...stderr.matchAll(/Trying ([\d.:a-f[\]]+)/gi)].map(([, address]) => address);
    expect(tried.length).toBeGreaterThan(0);
    expect(tried.filter((address) => address?.startsWith('127.0.0.1:') !== true)).toEqual([]);
    return v.parse(v.record(v.string(), v.unknown()), JSON.parse(stdout));
  }

  async function consent(bank: 'bs2' | 'btg', endpoint: string): Promise<string> {
    const { id, scope } = firstClient(bank);
    const redirect_uri = 'http://localhost:3000/callback';
    const query = { response_type: 'code', client_id: id, redirect_uri, scope, state: 'estado' };
    const { redirectTo } = await banks.tenant.consents.create({
      authorizationUrl: `${endpoint}?${new URLSearchParams(query).toString()}`,
      decision: 'approve',
    });
    return new URL(redirectTo).searchParams.get('code') ?? '';
  }

  it.each([
    [
      'btg',
      'https://id.btgpactual.com',
      '/oauth2/authorize',
      '/oauth2/token',
      'https://api.empresas.btgpactual.com/30306294000145/banking/accounts',
    ],
    [
      'btg',
      'https://id.sandbox.btgpactual.com',
      '/oauth2/authorize',
      '/oauth2/token',
      'https://api.sandbox.empresas.btgpactual.com/30306294000145/banking/accounts',
    ],
    [
      'bs2',
      'https://api.bs2.com',
      '/api-banking/auth/oauth/v2/authorize',
      '/auth/oauth/v2/token',
      'https://api.bs2.com/pj/apibanking/forintegration/v2/contascorrentes/saldo',
    ],
    [
      'bs2',
      'https://apihmz.bancobonsucesso.com.br',
      '/api-banking/auth/oauth/v2/authorize',
      '/auth/oauth/v2/token',
      'https://apihmz.bancobonsucesso.com.br/pj/apibanking/forintegration/v2/contascorrentes/saldo',
    ],
  ] as const)(
    'gets tokens of %s at %s, refreshes them and calls the API',
    async (bank, base, authorize, token, api) => {
      const { id, secret, scope } = firstClient(bank);
      const post = (form: Record<string, string>) =>
        json(
          `${base}${token}`,
          '-u',
          `${id}:${secret}`,
          ...Object.entries(form).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]),
        );
      const code = await consent(bank, `${base}${authorize}`);
      const redirect_uri = 'http://localhost:3000/callback';
      const tokens = post({ grant_type: 'authorization_code', code, redirect_uri });
      const refresh_token = String(tokens['refresh_token']);
      const refreshed = post({ grant_type: 'refresh_token', refresh_token, scope });
      expect(refreshed['refresh_token']).not.toBe(refresh_token);
      const authorization = `Authorization: Bearer ${String(refreshed['access_token'])}`;
      const { stdout, stderr } = curl(banks.event.ca, api, '-H', authorization);
      expect(stderr).toMatch(/< HTTP\/1\.1 200/);
      expect(stdout).toMatch(/"valor"|"accountId"/);
    },
  );

  it('refuses a certificate of another authority', async () => {
    const other = join(folder, 'other.pem');
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const { status } = spawnSync('openssl', [
      ...made,
      '-subj',
      '/CN=outra',
      '-keyout',
      join(folder, 'k'),
      '-out',
      other,
    ]);
    if (status !== 0) await writeFile(other, '');
    const { status: ended, stderr } = curl(other, 'https://id.btgpactual.com/oauth2/token');
    expect(ended).toBe(status === 0 ? 60 : 77);
    expect(stderr).toMatch(/certificate/i);
  });

  it('is told why it comes through to no other host', () => {
    const { status, stderr } = curl(banks.event.ca, 'https://example.com/');
    expect(status).toBe(56);
    expect(stderr).toMatch(/403 homologa proxy: example\.com is not a host of the banks/);
    const plain = curl(banks.event.ca, 'http://www.btgpactual.com/');
    expect(plain.stdout).toMatch(/No flag lets anything through to a bank/);
  });
});
