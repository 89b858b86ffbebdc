import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { jwks, signingKey } from './signing-key.js';
import { otherClient, publicClient, TestWorld, textMembers } from './test-world.js';

const accountsScope = 'empresas.btgpactual.com/accounts.readonly';
const decode = (jwt: string, part: 0 | 1): string => Buffer.from(jwt.split('.')[part] ?? '', 'base64url').toString();

describe('the token response', () => {
  it('has the documented members in the documented order, compact', async () => {
    const world = new TestWorld();
    const reply = await world.redeem(await world.code());
    expect(reply.status).toBe(200);
    expect(reply.headers).toEqual([
      ['content-type', 'application/json'],
      ['cache-control', 'no-store'],
      ['pragma', 'no-cache'],
    ]);
    const members = reply.json();
    expect(Object.keys(members)).toEqual([
      'access_token',
      'refresh_token',
      'scope',
      'id_token',
      'token_type',
      'expires_in',
    ]);
    expect(members).toMatchObject({
      scope: `email ${accountsScope} openid profile`,
      token_type: 'Bearer',
      expires_in: 86400,
    });
    expect(textMembers(members).refresh).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(reply.body).toBe(JSON.stringify(members));
  });

  it('gives an at+jwt whose members come in the order of the sample, then the company claims', async () => {
    const world = new TestWorld();
    const { access } = await world.tokens();
    const issuedAt = Math.floor(world.tenant.clock.now() / 1000);
    const { kid } = signingKey('first');
    expect(decode(access, 0)).toBe(`{"alg":"RS256","typ":"at+jwt","kid":"${kid}"}`);
    const claims = JSON.parse(decode(access, 1)) as Record<string, unknown>;
    expect(Object.keys(claims)).toEqual(['sub', 'scope', 'iss', 'exp', 'iat', 'client_id', 'jti', accountsScope]);
    expect(claims).toMatchObject({
      sub: '11144477735',
      scope: `email ${accountsScope} openid profile`,
      iss: world.base,
      iat: issuedAt,
      exp: issuedAt + 86400,
      client_id: world.client.id,
      [accountsScope]: '30306294000145',
    });
    expect(claims['jti']).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const currentDate = new Date(world.tenant.clock.now());
    await jwtVerify(access, createLocalJWKSet({ keys: [...jwks().keys] }), {
      issuer: world.base,
      typ: 'at+jwt',
      currentDate,
    });
  });

  it('gives an HS256 id_token keyed with the client secret, with the nonce that was sent', async () => {
    const world = new TestWorld();
    const { id } = await world.tokens({ nonce: 'um-nonce' });
    expect(decode(id, 0)).toBe('{"alg":"HS256"}');
    const now = Math.floor(world.tenant.clock.now() / 1000);
    expect(decode(id, 1)).toBe(
      `{"sub":"11144477735","iss":"${world.base}","aud":"${world.client.id}","exp":${String(now + 86400)},"iat":${String(now)},"auth_time":${String(now)},"nonce":"um-nonce"}`,
    );
    const key = Buffer.from(world.client.secret ?? '', 'utf8');
    const currentDate = new Date(world.tenant.clock.now());
    await jwtVerify(id, key, { issuer: world.base, audience: world.client.id, algorithms: ['HS256'], currentDate });
  });

  it('gives on refresh new tokens and an id_token of the first login, without nonce', async () => {
    const world = new TestWorld();
    const first = await world.tokens({ nonce: 'um-nonce' });
    const loggedInAt = Math.floor(world.tenant.clock.now() / 1000);
    world.tenant.clock.advance(3_600_000);
    const reply = await world.refresh(first.refresh);
    expect(Object.keys(reply.json())).toEqual([
      'access_token',
      'refresh_token',
      'scope',
      'id_token',
      'token_type',
      'expires_in',
    ]);
    const second = textMembers(reply.json());
    expect(second.refresh).not.toBe(first.refresh);
    const claims = JSON.parse(decode(second.id, 1)) as Record<string, unknown>;
    expect(Object.keys(claims)).toEqual(['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time']);
    expect(claims).toMatchObject({ auth_time: loggedInAt, iat: loggedInAt + 3600 });
    expect((await world.refresh(first.refresh)).json()).toMatchObject({ error: 'invalid_grant' });
    expect((await world.accounts(first.access)).status).toBe(200);
    expect((await world.accounts(second.access)).status).toBe(200);
  });

  it('narrows a refresh, and gives no id_token without openid', async () => {
    const world = new TestWorld();
    const { refresh } = await world.tokens();
    const narrowed = await world.refresh(refresh, { scope: accountsScope });
    expect(Object.keys(narrowed.json())).toEqual([
      'access_token',
      'refresh_token',
      'scope',
      'token_type',
      'expires_in',
    ]);
    const beyond = await world.refresh(textMembers(narrowed.json()).refresh, { scope: 'openid webhooks' });
    expect(beyond.json()).toEqual({ error: 'invalid_scope', error_description: 'The scope exceeds what was granted' });
  });

  it('of client_credentials has neither refresh_token nor id_token, and the client as its subject', async () => {
    const world = new TestWorld();
    const reply = await world.post(
      '/oauth2/token',
      { grant_type: 'client_credentials', scope: 'openid apps' },
      world.basic(),
    );
    expect(Object.keys(reply.json())).toEqual(['access_token', 'scope', 'token_type', 'expires_in']);
    expect(JSON.parse(decode(textMembers(reply.json()).access, 1))).toMatchObject({
      sub: world.client.id,
      scope: 'apps openid',
    });
  });

  it('is signed with the key that the setting names; tokens of the other one live on', async () => {
    const world = new TestWorld();
    const before = await world.tokens();
    world.tenant.patchSettings({ btg: { signingKey: 'second' } });
    const after = await world.tokens();
    expect(decodeProtectedHeader(after.access).kid).toBe(signingKey('second').kid);
    expect((await world.accounts(before.access)).status).toBe(200);
    expect((await world.accounts(after.access)).status).toBe(200);
  });
});

describe('refusals of the token endpoint', () => {
  const code = {
    grant_type: 'authorization_code',
    code: 'desconhecido',
    redirect_uri: 'http://localhost:3000/callback',
  };
  const world = new TestWorld({ clients: [publicClient] });
  const { id, secret } = world.client;
  const basic = world.basic();
  const rows: [string, Record<string, string>, Record<string, string>, number, string][] = [
    ['an unknown code', code, basic, 400, 'invalid_grant'],
    ['a missing code', { ...code, code: '' }, basic, 400, 'invalid_request'],
    ['a missing redirect_uri', { ...code, redirect_uri: '' }, basic, 400, 'invalid_request'],
    ['a missing grant_type', {}, basic, 400, 'invalid_request'],
    [
      'the password grant',
      { grant_type: 'password', username: 'a', password: 'b' },
      basic,
      400,
      'unsupported_grant_type',
    ],
    [
      'the device grant',
      { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' },
      basic,
      400,
      'unsupported_grant_type',
    ],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, basic, 400, 'invalid_grant'],
    ['a scope not registered', { grant_type: 'client_credentials', scope: 'inexistente' }, basic, 400, 'invalid_scope'],
    ['no credentials', code, {}, 401, 'invalid_client'],
    ['a wrong secret', code, world.basic({ id, secret: 'errado' }), 401, 'invalid_client'],
    ['an unreadable header', code, { authorization: 'Basic ???' }, 401, 'invalid_client'],
    ['a confidential client without its secret', { ...code, client_id: id }, {}, 401, 'invalid_client'],
    ['credentials in the body', { ...code, client_id: id, client_secret: secret ?? '' }, {}, 401, 'invalid_client'],
    ['two methods at once', { ...code, client_id: id, client_secret: secret ?? '' }, basic, 400, 'invalid_request'],
    [
      'client_credentials of a public client',
      { grant_type: 'client_credentials', client_id: publicClient.id },
      {},
      400,
      'unauthorized_client',
    ],
  ];

  it.each(rows)('%s', async (_name, form, headers, status, error) => {
    const reply = await world.post('/oauth2/token', form, headers);
    expect(reply.status).toBe(status);
    expect(Object.keys(reply.json())).toEqual(['error', 'error_description']);
    expect(reply.json()['error']).toBe(error);
    expect(reply.json()['error_description']).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
    expect(reply.header('www-authenticate')).toBe(status === 401 ? 'Basic realm="BTG Id"' : undefined);
    expect([reply.header('content-type'), reply.header('cache-control'), reply.header('pragma')]).toEqual([
      'application/json',
      'no-store',
      'no-cache',
    ]);
  });

  it('names an unknown client with a brn, and shows hostile ids harmlessly', async () => {
    const reply = await world.post(
      '/oauth2/token',
      code,
      world.basic({ id: `"\\é<x>${'y'.repeat(300)}`, secret: 's' }),
    );
    expect(reply.status).toBe(401);
    expect(reply.json()).toMatchObject({
      error: 'invalid_client',
      brn: expect.stringContaining('app-not-found') as unknown,
    });
    expect(reply.json()['error_description']).toMatch(
      /^App client not found with id [\x20-\x21\x23-\x5B\x5D-\x7E]{1,104}$/,
    );
    expect((await world.post('/oauth2/token', { ...code, client_id: 'nenhum' })).json()).toHaveProperty('brn');
  });

  it('takes credentials from the body where the setting says so', async () => {
    const lenient = new TestWorld({ settings: { btg: { bodyCredentials: true } } });
    const reply = await lenient.redeem(await lenient.code(), { client_id: id, client_secret: secret ?? '' }, {});
    expect(reply.status).toBe(200);
  });

  it('refuses other bodies and repeated parameters', async () => {
    expect(
      (await world.request('POST', '/oauth2/token', { ...basic, 'content-type': 'application/json' }, '{}')).json(),
    ).toMatchObject({ error: 'invalid_request' });
    const form = { ...basic, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await world.request('POST', '/oauth2/token', form, 'grant_type=a&grant_type=b')).json()).toMatchObject({
      error: 'invalid_request',
    });
  });

  it('refuses a code of another client, of another redirect_uri, and one used twice, which kills its tokens', async () => {
    const own = new TestWorld({ clients: [otherClient] });
    expect((await own.redeem(await own.code(), {}, own.basic(otherClient))).json()).toMatchObject({
      error: 'invalid_grant',
    });
    expect((await own.redeem(await own.code(), { redirect_uri: 'http://localhost:3000/outra' })).json()).toMatchObject({
      error: 'invalid_grant',
    });
    const used = await own.code();
    const { access } = textMembers((await own.redeem(used)).json());
    expect((await own.redeem(used)).json()).toMatchObject({ error: 'invalid_grant' });
    expect((await own.accounts(access)).status).toBe(401);
  });
});

describe('the edges of time', () => {
  const day = 86_400_000;
  it.each([
    ['a code', 'PT10M', 10 * 60_000],
    ['a refresh token', 'P10D', 10 * day],
    ['an access token', 'PT24H', day],
  ])('%s works one second before %s and not at it', async (what, _lifetime, lifetimeMs) => {
    for (const [offsetMs, works] of [
      [-1000, true],
      [0, false],
    ] as const) {
      const world = new TestWorld();
      if (what === 'a code') {
        const code = await world.code();
        world.tenant.clock.advance(lifetimeMs + offsetMs);
        expect((await world.redeem(code)).status).toBe(works ? 200 : 400);
        continue;
      }
      const { access, refresh } = await world.tokens();
      world.tenant.clock.advance(lifetimeMs + offsetMs);
      if (what === 'a refresh token') expect((await world.refresh(refresh)).status).toBe(works ? 200 : 400);
      else expect((await world.accounts(access)).status).toBe(works ? 200 : 401);
    }
  });

  it('an access token dies with the second that its exp names', async () => {
    const world = new TestWorld();
    const { access } = await world.tokens();
    const { exp } = JSON.parse(decode(access, 1)) as { exp: number };
    world.tenant.clock.set(exp * 1000 - 1);
    expect((await world.accounts(access)).status).toBe(200);
    world.tenant.clock.set(exp * 1000);
    expect((await world.accounts(access)).status).toBe(401);
  });
});

describe('the refresh quota', () => {
  it('counts refreshes only, and answers 429 with Retry-After over it', async () => {
    const world = new TestWorld({ settings: { btg: { refreshQuota: { requests: 2, window: 'PT1H' } } } });
    let { refresh } = await world.tokens();
    for (let count = 0; count < 2; count += 1) {
      refresh = textMembers((await world.refresh(refresh)).json()).refresh;
      world.tenant.clock.advance(60_000);
    }
    const over = await world.refresh(refresh);
    expect(over.status).toBe(429);
    expect(over.header('retry-after')).toBe(String(3600 - 120));
    expect(over.json()).toHaveProperty('error', 'temporarily_unavailable');
    expect((await world.redeem(await world.code())).status).toBe(200);
    world.tenant.clock.advance((3600 - 120) * 1000);
    expect((await world.refresh(refresh)).status).toBe(200);
  });
});

describe('racing requests', () => {
  it('of twenty refreshes with one token one wins, and its tokens live', async () => {
    const world = new TestWorld();
    const { refresh } = await world.tokens();
    const replies = await Promise.all(Array.from({ length: 20 }, () => world.refresh(refresh)));
    const winners = replies.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    const won = textMembers(winners[0]?.json() ?? {});
    expect((await world.accounts(won.access)).status).toBe(200);
    expect((await world.refresh(won.refresh)).status).toBe(200);
  });

  it('issuing on one grant again and again keeps older tokens alive until their time', async () => {
    const world = new TestWorld({ settings: { btg: { accessTokenLifetime: 'PT1H' } } });
    const first = await world.tokens();
    let last = first;
    for (let count = 0; count < 3; count += 1) {
      world.tenant.clock.advance(25 * 60_000);
      last = textMembers((await world.refresh(last.refresh)).json());
    }
    const [grant] = await world.tenant.store.grants();
    expect(grant?.accessTokens).toHaveLength(3);
    expect((await world.accounts(first.access)).status).toBe(401);
    expect((await world.accounts(last.access)).status).toBe(200);
  });
});
