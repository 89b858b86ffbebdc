import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findOwnHost, isInBankDomain, ownHosts } from './banks/own-hosts.js';
import { startMockServer } from './index.js';
import type { MockServer, TenantHandle } from './index.js';

const production = { id: 'https://id.btgpactual.com', api: 'https://api.empresas.btgpactual.com' };
const sandbox = { id: 'https://id.sandbox.btgpactual.com', api: 'https://api.sandbox.empresas.btgpactual.com' };
const accounts = '/30306294000145/banking/accounts';

let mock: MockServer;
let tenant: TenantHandle;
beforeEach(async () => {
  mock = await startMockServer({ listen: false });
  tenant = mock.defaultTenant;
});
afterEach(() => mock.close());

function client(bank: 'bs2' | 'btg'): { id: string; secret: string; redirectUri: string; scope: string } {
  const seeded = tenant[bank].client;
  const redirectUri = seeded?.redirectUris[0];
  if (seeded === null || seeded.secret === null || redirectUri === undefined) throw new TypeError('No seeded client.');
  return { id: seeded.id, secret: seeded.secret, redirectUri, scope: seeded.scope };
}

function authorizationUrl(base: string, path = '/oauth2/authorize', bank: 'bs2' | 'btg' = 'btg'): string {
  const { id, redirectUri, scope } = client(bank);
  const query = { response_type: 'code', client_id: id, redirect_uri: redirectUri, scope, state: 'estado' };
  return `${base}${path}?${new URLSearchParams(query).toString()}`;
}

async function consent(base: string): Promise<URLSearchParams> {
  const { redirectTo } = await tenant.consents.create({
    authorizationUrl: authorizationUrl(base),
    decision: 'approve',
  });
  return new URL(redirectTo).searchParams;
}

async function post(url: string, form: Record<string, string>, bank: 'bs2' | 'btg' = 'btg') {
  const { id, secret } = client(bank);
  const answer = await mock.fetch(
    new Request(url, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams(form),
    }),
  );
  const text = await answer.text();
  return { status: answer.status, json: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

async function redeem(base: string, code: string | null) {
  const { redirectUri } = client('btg');
  const form = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: redirectUri };
  return post(`${base}/oauth2/token`, form);
}

async function get(url: string, accessToken: unknown): Promise<number> {
  const headers = { authorization: `Bearer ${String(accessToken)}` };
  return (await mock.fetch(new Request(url, { headers }))).status;
}

function claims(token: unknown): unknown {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
}

describe("a bank's own hosts", () => {
  test.each([
    ['production', production],
    ['sandbox', sandbox],
  ])('of %s name themselves in the redirect and in both tokens, also after a refresh', async (_name, hosts) => {
    const response = await consent(hosts.id);
    expect(response.get('iss')).toBe(hosts.id);
    const { json } = await redeem(hosts.id, response.get('code'));
    expect(claims(json['access_token'])).toMatchObject({ iss: hosts.id });
    expect(claims(json['id_token'])).toMatchObject({ iss: hosts.id });
    expect(await get(hosts.api + accounts, json['access_token'])).toBe(200);
    const form = { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) };
    const refreshed = await post(`${hosts.id}/oauth2/token`, form);
    expect(claims(refreshed.json['id_token'])).toMatchObject({ iss: hosts.id });
    expect(await get(hosts.api + accounts, refreshed.json['access_token'])).toBe(200);
  });

  test('of BTG: tokens at one, resources at the other, and neither at both', async () => {
    const { json } = await redeem(production.id, (await consent(production.id)).get('code'));
    expect(await get(production.id + accounts, json['access_token'])).toBe(404);
    const { status } = await post(`${production.api}/oauth2/token`, { grant_type: 'client_credentials' });
    expect(status).toBe(404);
  });

  test('know nothing of the other environment: no code, no refresh token, no access token', async () => {
    const first = await consent(production.id);
    expect(await redeem(sandbox.id, first.get('code'))).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    });
    const { json } = await redeem(production.id, first.get('code'));
    expect(await get(sandbox.api + accounts, json['access_token'])).toBe(401);
    const form = { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) };
    expect(await post(`${sandbox.id}/oauth2/token`, form)).toMatchObject({ status: 400 });
    // RFC 7009 section 2.2: a token that is not known is answered like one that is revoked.
    const revocation = await post(`${sandbox.id}/oauth2/revoke`, { token: String(json['refresh_token']) });
    expect(revocation.status).toBe(200);
    expect(await get(production.api + accounts, json['access_token'])).toBe(200);
    expect(await post(`${production.id}/oauth2/token`, form)).toMatchObject({ status: 200 });
  });

  test('take a grant that the control API made, and from then on it is theirs', async () => {
    const grant = await tenant.grants.create({ bank: 'btg' });
    expect(await get(production.api + accounts, grant.accessToken)).toBe(200);
    const form = { grant_type: 'refresh_token', refresh_token: grant.refreshToken ?? '' };
    const { json } = await post(`${production.id}/oauth2/token`, form);
    expect(claims(json['id_token'])).toMatchObject({ iss: production.id });
    expect(await get(sandbox.api + accounts, json['access_token'])).toBe(401);
  });

  test('give each environment its own grant for client credentials', async () => {
    const ask = (base: string) => post(`${base}/oauth2/token`, { grant_type: 'client_credentials', scope: 'apps' });
    const issuers = [production.id, sandbox.id, production.id, tenant.btg.issuer];
    const bases = [production.id, sandbox.id, production.id, tenant.btg.baseUrl];
    for (const [index, base] of bases.entries()) {
      expect(claims((await ask(base)).json['access_token'])).toMatchObject({ iss: issuers[index] });
    }
  });

  test('send browsers to pages at the same host, with a cookie of the whole host that only https carries', async () => {
    const page = await mock.fetch(new Request(authorizationUrl(production.id)));
    expect(page.status).toBe(302);
    const location = page.headers.get('location') ?? '';
    expect(location).toMatch(/^https:\/\/id\.btgpactual\.com\/oauth2\/authorize\/login\?/);
    const login = await mock.fetch(new Request(location));
    expect(login.headers.get('set-cookie')).toMatch(/Path=\/;.*Secure/);
    const refused = new URL(authorizationUrl(production.id));
    refused.searchParams.set('scope', 'apps');
    const error = await mock.fetch(new Request(refused));
    const response = new URL(error.headers.get('location') ?? '').searchParams;
    expect(Object.fromEntries(response)).toMatchObject({ error: 'invalid_scope', iss: production.id });
  });

  test.each(['https://api.bs2.com', 'https://api.bs2.com:8443', 'https://apihmz.bancobonsucesso.com.br'])(
    'of BS2 play all of it: %s',
    async (base) => {
      const path = '/api-banking/auth/oauth/v2/authorize';
      const page = await mock.fetch(new Request(authorizationUrl(base, path, 'bs2')));
      expect(page.headers.get('location')).toContain(`${base.replace(':8443', '')}${path}/login?`);
      const form = { grant_type: 'client_credentials', scope: 'saldo' };
      const { json } = await post(`${base}/auth/oauth/v2/token`, form, 'bs2');
      const balance = '/pj/apibanking/forintegration/v2/contascorrentes/saldo';
      expect(await get(`${base}${balance}`, json['access_token'])).not.toBe(401);
    },
  );

  test('have discovery of their own, where the setting has any', async () => {
    await tenant.settings.patch({ btg: { discovery: true } });
    const answer = await mock.fetch(new Request(`${production.id}/.well-known/openid-configuration`));
    expect(await answer.json()).toMatchObject({
      issuer: production.id,
      authorization_endpoint: `${production.id}/oauth2/authorize`,
      jwks_uri: `${production.id}/oauth2/jwks`,
    });
  });

  test('have neither dashboard nor control API, and stand in the journal as they were asked', async () => {
    for (const path of ['/', '/_mock/health', '/_mock/tenants/default']) {
      const answer = await mock.fetch(new Request(`https://ID.BTGPACTUAL.COM.${path}`));
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: 'not_found' });
    }
    const entries = await tenant.journal.list();
    expect(entries.map(({ request }) => request.url)).toContain('https://id.btgpactual.com/_mock/health');
  });

  test('are answered below the path of a bank too, and a host of the other bank changes nothing there', async () => {
    await tenant.settings.patch({ btg: { discovery: true } });
    const path = '/btg/.well-known/openid-configuration';
    const issuerAt = async (base: string) => (await mock.fetch(new Request(base + path))).json();
    expect(await issuerAt('https://mock.example')).toMatchObject({ issuer: tenant.btg.issuer });
    expect(await issuerAt('https://api.bs2.com')).toMatchObject({ issuer: tenant.btg.issuer });
    expect(await issuerAt(production.id)).toMatchObject({ issuer: production.id });
  });

  test('are found by name alone', () => {
    expect(ownHosts.map(({ host }) => findOwnHost(`${host.toUpperCase()}.:443`)?.host)).toEqual(
      ownHosts.map(({ host }) => host),
    );
    expect(findOwnHost('id.btgpactual.com.example')).toBeUndefined();
    expect(['devs.bs2.com', 'bs2.com', 'app.empresashml.bs2.com.'].every(isInBankDomain)).toBe(true);
    expect(['mybs2.com', 'bs2.com.example', 'localhost'].some(isInBankDomain)).toBe(false);
  });
});
