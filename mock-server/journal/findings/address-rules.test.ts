import { describe, expect, it } from 'vitest';
import { Partner } from './testing/partner.js';

describe('client-secret-in-url', () => {
  it('is said of the parameter, of the secret under another name, and of credentials before the host', async () => {
    const partner = await Partner.open();
    const { secret } = partner.client('bs2');
    await partner.authorize('bs2', { client_secret: secret });
    await partner.token('bs2', { grant_type: 'client_credentials', scope: 'saldo' }, { query: '?client_secret=x' });
    expect(await partner.severities('client-secret-in-url')).toEqual(['failed', 'failed']);
    await partner.authorize('bs2', { chave: secret });
    expect(await partner.found('client-secret-in-url')).toMatchObject([{ entry: 1 }, { entry: 2 }, { entry: 3 }]);
    expect(JSON.stringify(await partner.tenant.findings.list())).not.toContain(secret);
  });

  it('is not said of a secret in its header', async () => {
    const partner = await Partner.open();
    await partner.connect('bs2');
    await partner.connect('btg');
    expect(await partner.accused()).toEqual([]);
  });
});

describe('token-parameters-in-query', () => {
  it('is failed where they are secret, a warning where they are not', async () => {
    const partner = await Partner.open();
    const code = await partner.code('bs2');
    await partner.redeem('bs2', 'x', {}, {});
    await partner.token('bs2', 'grant_type=authorization_code', { query: `?code=${code}` });
    await partner.token('btg', { grant_type: 'client_credentials', scope: 'apps' }, { query: '?scope=apps' });
    expect(await partner.severities('token-parameters-in-query')).toEqual(['failed', 'warning']);
    expect(await partner.said('token-parameters-in-query')).toMatch(/ignores what stands in the query.*: scope\.$/);
  });

  it('is not said of a query that has nothing of it', async () => {
    const partner = await Partner.open();
    await partner.token('btg', { grant_type: 'client_credentials', scope: 'apps' }, { query: '?trace=1' });
    expect(await partner.found('token-parameters-in-query')).toEqual([]);
  });
});

it('token-request-not-post is said of a GET, and not of a POST', async () => {
  const partner = await Partner.open();
  await partner.token('bs2', '', { method: 'GET' });
  await partner.token('bs2', { grant_type: 'client_credentials', scope: 'saldo' });
  expect(await partner.found('token-request-not-post')).toMatchObject([{ severity: 'failed', entry: 1 }]);
});

describe('token-in-url', () => {
  it('is said of an access token in the query of a call, and of any token in an address', async () => {
    const partner = await Partner.open();
    const { accessToken, refreshToken } = await partner.connect('bs2');
    await partner.call('bs2', null, { query: `?access_token=${accessToken}` });
    await partner.call('bs2', accessToken, { query: `?t=${accessToken}` });
    await partner.authorize('bs2', { hint: refreshToken });
    expect(await partner.severities('token-in-url')).toEqual(['failed', 'failed', 'failed']);
    const findings = await partner.found('token-in-url');
    expect(findings[0]?.message).toContain('the bank does not read it there');
    expect(findings[1]?.message).toContain('besides the Authorization header');
    expect(findings[2]?.message).toMatch(/^A refresh token/);
  });

  it('is not said of other parameters', async () => {
    const partner = await Partner.open();
    const { accessToken } = await partner.connect('bs2');
    expect(await partner.call('bs2', accessToken, { query: '?dataReferencia=2026-11-01' })).toBe(200);
    expect(await partner.accused()).toEqual([]);
  });
});

describe('unknown-address', () => {
  it.each([
    ['bs2', '/api-banking/auth/oauth/v2/token', 'no /api-banking'],
    ['bs2', '/auth/oauth/v2/authorize', '/api-banking/auth/oauth/v2/authorize'],
    ['btg', '/oauth2/token/', 'no slash'],
    ['btg', '/oauth/token', 'other paths'],
    ['btg', '/v1/accounts', '/{companyId}/banking/accounts'],
    ['bs2', '/pj/forintegration/saldo', 'another path'],
  ] as const)('is told of %s %s', async (bank, path, hint) => {
    const partner = await Partner.open();
    await partner.send(`${partner.tenant[bank].baseUrl}${path}`, { method: 'POST' });
    expect(await partner.severities('unknown-address')).toEqual(['info']);
    expect(await partner.said('unknown-address')).toContain(hint);
  });

  it.each(['/favicon.ico', '/robots.txt', '/.well-known/openid-configuration'])('is not told of %s', async (path) => {
    const partner = await Partner.open();
    await partner.send(`${partner.tenant.btg.baseUrl}${path}`);
    expect(await partner.tenant.findings.list()).toEqual([]);
  });
});
