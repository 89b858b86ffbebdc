import fc from 'fast-check';
import { btgPaths } from './profile.js';
import { describe, expect, it } from 'vitest';
import { btg } from './bank.js';
import { jwks } from './signing-key.js';
import { TestWorld } from './test-world.js';

describe('discovery and JWKS', () => {
  const paths = ['/.well-known/openid-configuration', '/oauth2/jwks'];

  it.each(paths)('%s is not there by default, by no method', async (path) => {
    const world = new TestWorld();
    expect((await world.request('GET', path)).status).toBe(404);
    expect((await world.request('POST', path)).status).toBe(404);
  });

  it('is answered when the setting is on', async () => {
    const links = { publicBase: 'https://banco.exemplo/btg', internalBase: 'http://banco:4010/btg' };
    const world = new TestWorld({ settings: { btg: { discovery: true } }, links });
    expect((await world.request('GET', '/.well-known/openid-configuration')).json()).toMatchObject({
      issuer: 'https://banco.exemplo/btg',
      authorization_endpoint: 'https://banco.exemplo/btg/oauth2/authorize',
      token_endpoint: 'http://banco:4010/btg/oauth2/token',
      revocation_endpoint: 'http://banco:4010/btg/oauth2/revoke',
      jwks_uri: 'http://banco:4010/btg/oauth2/jwks',
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['HS256', 'RS256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
      authorization_response_iss_parameter_supported: true,
    });
    expect((await world.request('GET', '/oauth2/jwks')).json()).toEqual(jwks());
    expect((await world.request('POST', '/oauth2/jwks')).status).toBe(405);
  });
});

describe('the bank', () => {
  it('describes its addresses: pages on the public URL, the rest on the internal one', () => {
    const links = { publicBase: 'https://publico/btg', internalBase: 'http://interno/btg', rootUrl: 'https://raiz' };
    expect(btg.describe(new TestWorld({ links }).tenant)).toEqual({
      baseUrl: 'http://interno/btg',
      rootUrl: 'https://raiz',
      issuer: 'https://raiz',
      authorizationEndpoint: 'https://publico/btg/oauth2/authorize',
      tokenEndpoint: 'http://interno/btg/oauth2/token',
      revocationEndpoint: 'http://interno/btg/oauth2/revoke',
      accountsEndpoint: 'http://interno/btg/30306294000145/banking/accounts',
    });
  });

  it('answers elsewhere and by other methods in its own shape', async () => {
    const world = new TestWorld();
    expect((await world.request('GET', '/nada')).json()).toMatchObject({ error: 'not_found' });
    const wrong = await world.request('GET', '/oauth2/token');
    expect([wrong.status, wrong.header('allow'), wrong.json()['error']]).toEqual([405, 'POST', 'invalid_request']);
  });

  it('tells faults what a request is about', async () => {
    const world = new TestWorld();
    const { access } = await world.tokens();
    const [grant] = await world.tenant.store.grants();
    const exchange = (method: string, query: string, body: string, headers: Record<string, string>) => ({
      tenant: world.tenant,
      bank: 'btg' as const,
      method,
      path: '/',
      query,
      headers: new Headers(headers),
      body,
      peer: { address: null },
      pageBase: world.base,
      facts: {},
    });
    const api = await btg.faultSubject(exchange('GET', '', '', { authorization: `Bearer ${access}` }), 'api');
    expect(api).toMatchObject({ accessToken: access, grant: grant?.id, client: world.client.id });
    const parameters = new URLSearchParams(world.authorizationParameters()).toString();
    for (const authorization of [exchange('GET', parameters, '', {}), exchange('POST', '', parameters, {})]) {
      expect(await btg.faultSubject(authorization, 'authorize')).toMatchObject({
        client: world.client.id,
        state: 'estado',
      });
    }
  });
});

describe('hostile input', () => {
  const paths = [
    '/oauth2/authorize',
    '/oauth2/authorize/login',
    '/oauth2/authorize/scopes',
    '/oauth2/authorize/company',
    '/oauth2/authorize/token',
    '/oauth2/token',
    '/oauth2/revoke',
    '/30306294000145/banking/accounts',
    '/30306294000145/banking/accounts/x/balances',
  ];
  const names = [
    'client_id',
    'response_type',
    'decision',
    'redirect_uri',
    'scope',
    'state',
    'grant_type',
    'code',
    'refresh_token',
    'token',
    'sessionID',
    'csrf',
  ];
  const world = new TestWorld();
  const { id, secret, scope } = world.client;
  const valid = ['authorization_code', 'refresh_token', id, secret ?? '', scope, world.redirectUri, 'code', 'approve'];
  const value = fc.oneof(fc.constantFrom(...valid), fc.string({ unit: 'binary' }));
  const pair = fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), value);
  const encoded = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(pair)
      .map((pairs) =>
        pairs
          .map(([name, value]) => `${name}=${encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, ''))}`)
          .join('&'),
      ),
  );
  const printable = fc.string().map((text) => text.replaceAll(/[^\x20-\x7E]/g, ''));
  const authorization = fc.oneof(
    printable,
    fc.constant(world.basic()['authorization'] ?? ''),
    printable.map((text) => `Bearer ${text}`),
    fc.string({ unit: 'binary' }).map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
    fc
      .array(fc.string(), { minLength: 3, maxLength: 3 })
      .map((parts) => `Bearer ${parts.map((part) => Buffer.from(part).toString('base64url')).join('.')}`),
    fc
      .json()
      .map((json) => `Bearer ${[json, json, 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.')}`),
  );

  it('is answered with a 4xx of the bank or a redirect, and never throws', async () => {
    const requests = fc.record({
      method: fc.constantFrom('GET', 'POST'),
      path: fc.constantFrom(...paths),
      query: encoded,
      body: encoded,
      authorization,
      type: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', ''),
    });
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, path, query, body, authorization: credentials, type }) => {
        const url = `${path}?${query.replaceAll('?', '')}`;
        const reply = await world.request(method, url, { authorization: credentials, 'content-type': type }, body);
        // Of the client itself, the revocation of a token that nobody knows succeeds (RFC 7009 section 2.2).
        const nothingToRevoke = path === btgPaths.revocation && reply.status === 200 && reply.body === '';
        expect(nothingToRevoke || reply.status === 302 || (reply.status >= 400 && reply.status < 500)).toBe(true);
        for (const [name, header] of reply.headers) new Headers([[name, header]]);
      }),
      { numRuns: 500 },
    );
  });
});
