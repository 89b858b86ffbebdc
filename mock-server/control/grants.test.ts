import { describe, expect, it } from 'vitest';
import type { TenantHandle } from '../tenant-handle.js';
import { createWorld, matching, tenantPath, tokenRequest } from './test-world.js';
import type { World } from './test-world.js';

const path = `${tenantPath}/grants`;

async function refresh(
  { bank }: World,
  tenant: TenantHandle,
  id: 'bs2' | 'btg',
  refreshToken: string,
): Promise<number> {
  const scope = id === 'bs2' ? { scope: 'saldo' } : {};
  const request = tokenRequest(tenant[id].client ?? { id: '', secret: '' }, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...scope,
  });
  return (await bank(tenant[id].tokenEndpoint, request)).status;
}

async function readBalance({ bank }: World, tenant: TenantHandle, accessToken: string): Promise<number> {
  return (await bank(tenant.bs2.balanceEndpoint, { headers: { authorization: `Bearer ${accessToken}` } })).status;
}

describe('a grant made without a redirect', () => {
  it('has the tokens of a BS2 token response, and they work', async () => {
    const world = createWorld();
    const got = await world.call('POST', path, { bank: 'bs2' });
    expect(got.status).toBe(201);
    expect(got.body).toMatchObject({
      bank: 'bs2',
      clientId: world.tenant.bs2.client?.id,
      username: 'correntista',
      company: '30306294000145',
      scope: world.tenant.bs2.client?.scope,
      origin: 'control',
      revokedAt: null,
      accessTokens: [{ live: true }],
      refreshTokens: [{ live: true }],
      tokens: { token_type: 'Bearer', expires_in: 420, scope: world.tenant.bs2.client?.scope },
    });
    const { tokens, accessToken, refreshToken } = await world.tenant.grants.create({ bank: 'bs2' });
    expect({ accessToken, refreshToken }).toEqual({
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
    });
    expect(Object.keys(tokens)).not.toContain('id_token');
    expect(await readBalance(world, world.tenant, tokens.access_token)).toBe(200);
    expect(await refresh(world, world.tenant, 'bs2', tokens.refresh_token)).toBe(200);
  });

  it('has BTG’s JWTs, and they work', async () => {
    const world = createWorld();
    const { tenant } = world;
    const { tokens } = await tenant.grants.create({ bank: 'btg' });
    expect([tokens.access_token, tokens.id_token]).toEqual([matching(/^eyJ/), matching(/^eyJ/)]);
    const response = await world.bank(tenant.btg.accountsEndpoint, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(response.status).toBe(200);
    expect(await refresh(world, tenant, 'btg', tokens.refresh_token)).toBe(200);
    expect((await tenant.grants.create({ bank: 'btg', scope: 'email' })).tokens.id_token).toBeUndefined();
  });

  it('is for whom and what is asked', async () => {
    const { tenant } = createWorld();
    const client = await tenant.clients.create({ bank: 'bs2', redirectUris: [], scope: 'saldo boleto' });
    const made = await tenant.grants.create({
      bank: 'bs2',
      client: client.id,
      username: 'outra',
      company: '11222333000181',
      scope: 'boleto',
    });
    expect(made).toMatchObject({
      clientId: client.id,
      username: 'outra',
      company: '11222333000181',
      scope: 'boleto',
      tokens: { scope: 'boleto' },
    });
  });

  it('has the refresh token that was chosen, once', async () => {
    const world = createWorld();
    const made = await world.tenant.grants.create({ bank: 'bs2', refreshToken: 'from-the-platform' });
    expect(made.tokens.refresh_token).toBe('from-the-platform');
    for (const refreshToken of ['from-the-platform', made.tokens.access_token]) {
      const again = await world.call('POST', path, { bank: 'bs2', refreshToken });
      expect([again.status, again.body]).toMatchObject([409, { code: 'ERR_REFRESH_TOKEN_EXISTS' }]);
      expect(again.text).not.toContain(refreshToken);
    }
    expect(await refresh(world, world.tenant, 'bs2', 'from-the-platform')).toBe(200);
  });

  it('is as old as asked, to the second', async () => {
    const world = createWorld();
    const { tenant } = world;
    await tenant.clock.freeze();
    const young = await tenant.grants.create({ bank: 'bs2', age: 'P29DT23H59M59S' });
    const old = await tenant.grants.create({ bank: 'bs2', age: 'P30D' });
    expect(young).toMatchObject({ accessTokens: [{ live: false }], refreshTokens: [{ live: true }] });
    expect(old).toMatchObject({ refreshTokens: [{ live: false }] });
    expect(Date.parse((await tenant.clock.show()).now) - Date.parse(old.createdAt)).toBe(30 * 86_400_000);
    expect(await refresh(world, tenant, 'bs2', old.tokens.refresh_token)).toBe(400);
    expect(await refresh(world, tenant, 'bs2', young.tokens.refresh_token)).toBe(200);
  });

  it('kills older access tokens of the account at BS2, unless it is old itself', async () => {
    const world = createWorld();
    const first = await world.tenant.grants.create({ bank: 'bs2' });
    await world.tenant.grants.create({ bank: 'bs2', age: 'PT1H' });
    expect(await readBalance(world, world.tenant, first.tokens.access_token)).toBe(200);
    await world.tenant.grants.create({ bank: 'bs2' });
    expect(await readBalance(world, world.tenant, first.tokens.access_token)).toBe(401);
  });

  it.each([
    [{}, 400, 'ERR_INVALID_REQUEST'],
    [{ bank: 'bs2', age: 'P1M' }, 400, 'ERR_INVALID_REQUEST'],
    [{ bank: 'bs2', age: 'P90000D' }, 400, 'ERR_INVALID_REQUEST'],
    [{ bank: 'bs2', scope: 'openid' }, 400, 'ERR_INVALID_REQUEST'],
    [{ bank: 'bs2', refreshToken: '' }, 400, 'ERR_INVALID_REQUEST'],
    [{ bank: 'bs2', client: 'x' }, 404, 'ERR_CLIENT_NOT_FOUND'],
    [{ bank: 'bs2', username: 'x' }, 404, 'ERR_USER_NOT_FOUND'],
    [{ bank: 'bs2', company: '11222333000181' }, 422, 'ERR_COMPANY_NOT_OFFERED'],
    [{ bank: 'btg', company: '12ABC34501DE35' }, 422, 'ERR_COMPANY_NOT_OFFERED'],
  ])('%j is refused: %i %s', async (request, status, code) => {
    const world = createWorld();
    const got = await world.call('POST', path, request);
    expect([got.status, got.body]).toMatchObject([status, { code }]);
    expect(await world.tenant.grants.list()).toEqual([]);
  });

  it('needs a client', async () => {
    const { call } = createWorld();
    await call('POST', '/_mock/tenants', { id: 'a', clients: [] });
    expect((await call('POST', '/_mock/tenants/a/grants', { bank: 'bs2' })).body).toMatchObject({
      status: 404,
      code: 'ERR_CLIENT_NOT_FOUND',
    });
  });
});

describe('a grant', () => {
  it('is listed without its tokens’ values', async () => {
    const { call, tenant } = createWorld();
    const { tokens: _tokens, accessToken, refreshToken, ...listed } = await tenant.grants.create({ bank: 'bs2' });
    const got = await call('GET', path);
    expect(got.body).toEqual({ items: [listed] });
    expect(got.text).not.toContain(accessToken);
    expect(got.text).not.toContain(refreshToken);
  });

  it('ages without the clock, and no other with it', async () => {
    const world = createWorld();
    const { tenant } = world;
    await tenant.clock.freeze();
    const made = await tenant.grants.create({ bank: 'btg' });
    const other = await tenant.grants.create({ bank: 'btg' });
    await tenant.grants.age(made.id, 'P9DT23H59M59S');
    expect(await tenant.grants.age(made.id, 'PT0S')).toMatchObject({
      refreshTokens: [{ live: true }],
      accessTokens: [{ live: false }],
    });
    const got = await world.call('POST', `${path}/${made.id}/age`, { by: 'PT1S' });
    expect([got.status, got.body]).toMatchObject([200, { id: made.id, refreshTokens: [{ live: false }] }]);
    expect(await refresh(world, tenant, 'btg', made.tokens.refresh_token)).toBe(400);
    expect(await refresh(world, tenant, 'btg', other.tokens.refresh_token)).toBe(200);
  });

  it('never ages beyond what a date can say', async () => {
    const { call, tenant } = createWorld();
    const { id } = await tenant.grants.create({ bank: 'bs2' });
    for (let count = 0; count < 3; count += 1) {
      const got = await call('POST', `${path}/${id}/age`, { by: 'P365000D' });
      expect([got.status, got.body]).toMatchObject([400, { errors: [{ path: 'by' }] }]);
    }
  });

  it('is revoked, with its tokens', async () => {
    const world = createWorld();
    const { tenant } = world;
    const made = await tenant.grants.create({ bank: 'bs2' });
    expect((await world.call('DELETE', `${path}/${made.id}`)).status).toBe(204);
    expect((await world.call('DELETE', `${path}/${made.id}`)).status).toBe(204);
    expect(await tenant.grants.list()).toMatchObject([
      {
        id: made.id,
        revokedBecause: 'revoked-by-user',
        revokedAt: matching(/Z$/),
        refreshTokens: [{ live: false }],
      },
    ]);
    expect(await readBalance(world, tenant, made.tokens.access_token)).toBe(401);
    expect(await refresh(world, tenant, 'bs2', made.tokens.refresh_token)).toBe(400);
  });
});
