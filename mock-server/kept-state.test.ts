import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectTenant, startMockServer } from './index.js';
import type { MockServer, MockServerOptions, TenantHandle } from './index.js';

const tokenAnswer = v.looseObject({ access_token: v.string(), refresh_token: v.string() });

let folder = '';
let store = '';
let mock: MockServer;
let tenant: TenantHandle;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-kept-'));
  store = join(folder, 'state');
  await start();
});
afterEach(async () => {
  await mock.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: MockServerOptions = {}): Promise<void> {
  mock = await startMockServer({ listen: false, controlToken: null, store, ...options });
  tenant = mock.defaultTenant;
}

async function restart(options: MockServerOptions = {}): Promise<void> {
  await mock.close();
  await start(options);
}

function tenantOf(id: string): Promise<TenantHandle> {
  return connectTenant(`${mock.control}/tenants/${id}`, { fetch: (request) => mock.fetch(request) });
}

async function token(of: TenantHandle, bank: 'bs2' | 'btg', body: Record<string, string>): Promise<Response> {
  const client = of[bank].client;
  return mock.fetch(
    new Request(of[bank].tokenEndpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client?.id ?? ''}:${client?.secret ?? ''}`)}` },
      body: new URLSearchParams(body),
    }),
  );
}

async function refresh(refreshToken: string | null, bank: 'bs2' | 'btg' = 'bs2', of = tenant): Promise<Response> {
  return token(of, bank, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken ?? '',
    ...(bank === 'bs2' ? { scope: 'saldo' } : {}),
  });
}

async function balance(accessToken: string): Promise<number> {
  const request = new Request(tenant.bs2.balanceEndpoint, { headers: { authorization: `Bearer ${accessToken}` } });
  return (await mock.fetch(request)).status;
}

describe('after a restart', () => {
  it.each(['bs2', 'btg'] as const)('a refresh token of %s works that was the newest, and no other', async (bank) => {
    const { refreshToken: first } = await tenant.grants.create({ bank });
    const { refresh_token: second } = v.parse(tokenAnswer, await (await refresh(first, bank)).json());
    await restart();
    expect((await refresh(first, bank)).status).toBe(400);
    expect((await refresh(second, bank)).status).toBe(200);
    expect((await refresh(second, bank)).status).toBe(400);
  });

  it('an access token works that worked, a revoked grant and a redeemed code do not', async () => {
    const made = await tenant.grants.create({ bank: 'bs2' });
    const older = await tenant.grants.create({ bank: 'bs2' });
    const revoked = await tenant.grants.create({ bank: 'btg' });
    await tenant.grants.delete(revoked.id);
    const url = new URL(tenant.bs2.authorizationEndpoint);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: tenant.bs2.client?.id ?? '',
      redirect_uri: 'http://localhost:3000/callback',
      scope: 'saldo',
      state: 'estado-de-teste',
    }).toString();
    const codeOf = async (): Promise<string> => {
      const { redirectTo } = await tenant.consents.create({ authorizationUrl: url.href, decision: 'approve' });
      return new URL(redirectTo).searchParams.get('code') ?? '';
    };
    const redeem = (code: string): Promise<Response> =>
      token(tenant, 'bs2', {
        grant_type: 'authorization_code',
        code,
        redirect_uri: 'http://localhost:3000/callback',
        scope: 'saldo',
      });
    const [spent, unspent] = [await codeOf(), await codeOf()];
    const { access_token: newest } = v.parse(tokenAnswer, await (await redeem(spent)).json());
    await restart();
    expect(await balance(newest)).toBe(200);
    // A newer access token of the same account killed them, each by an answer of its own.
    for (const dead of [made, older]) expect(await balance(dead.accessToken)).toBe(401);
    expect((await refresh(revoked.refreshToken, 'btg')).status).toBe(400);
    expect((await redeem(spent)).status).toBe(400);
    expect((await redeem(unspent)).status).toBe(200);
  });

  it('the clock shows what it would show, and stands where it was stopped', async () => {
    await tenant.clock.advance('P20D');
    const before = Date.parse((await tenant.clock.show()).now);
    await restart();
    const after = Date.parse((await tenant.clock.show()).now);
    expect(after).toBeGreaterThanOrEqual(before);
    expect(after - before).toBeLessThan(60_000);
    const frozen = await tenant.clock.freeze();
    await restart();
    expect(await tenant.clock.show()).toEqual(frozen);
    await tenant.clock.reset();
    await restart();
    expect(Date.parse((await tenant.clock.show()).now)).toBeLessThan(before);
  });

  it('clients, users and settings are as they were left', async () => {
    const { id } = await tenant.clients.create({ bank: 'bs2', redirectUris: [], scope: 'saldo' });
    const gone = tenant.btg.client?.id ?? '';
    await tenant.clients.delete(gone);
    const { secret } = await tenant.clients.rotateSecret(tenant.bs2.client?.id ?? '');
    await tenant.users.create({ username: 'nova', password: 'senha-de-teste' });
    await tenant.users.delete('outra');
    await tenant.settings.patch({ bs2: { accessTokenLifetime: 'PT3M' }, btg: { discovery: true } });
    const left = [await tenant.clients.list(), await tenant.users.list(), await tenant.settings.get()];
    await restart();
    expect([await tenant.clients.list(), await tenant.users.list(), await tenant.settings.get()]).toEqual(left);
    expect(tenant.bs2.client?.secret).toBe(secret);
    expect((await tenant.clients.list()).map((client) => client.id)).toEqual([tenant.bs2.client?.id, id]);
  });

  it('what flags say is as they say now, under what was changed since', async () => {
    await tenant.settings.patch({ bs2: { accessTokenLifetime: 'PT3M' } });
    await restart({ environment: 'producao', rateLimit: 'on' });
    expect(await tenant.settings.get()).toMatchObject({
      environment: 'producao',
      bs2: { accessTokenLifetime: 'PT3M', rateLimit: { requests: 10 } },
    });
    await tenant.reset();
    await restart();
    const settings = await tenant.settings.get();
    expect(settings).toMatchObject({ environment: 'homologacao', bs2: { rateLimit: 'off' } });
    expect(settings.bs2.accessTokenLifetime).not.toBe('PT3M');
  });

  it('requests that were counted count', async () => {
    await tenant.settings.patch({ bs2: { rateLimit: { requests: 2, window: 'PT1M' } } });
    const ask = (): Promise<Response> => token(tenant, 'bs2', { grant_type: 'client_credentials', scope: 'saldo' });
    await tenant.clock.freeze();
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    await restart();
    expect((await ask()).status).not.toBe(200);
    await tenant.clock.advance('PT1M');
    expect((await ask()).status).toBe(200);
  });

  it('tenants are there that were not deleted, with what they had', async () => {
    const kept = await mock.createTenant({ id: 'kept', settings: { bs2: { accessTokenLifetime: 'PT9M' } } });
    const { refreshToken } = await kept.grants.create({ bank: 'bs2' });
    const deleted = await mock.createTenant({ id: 'deleted' });
    await deleted.grants.create({ bank: 'bs2' });
    await deleted.delete();
    await mock.createTenant({ id: 'a-later-one' });
    const description = await kept.describe();
    await restart();
    const listed = await mock.fetch(new Request(`${mock.control}/tenants`));
    const ids = v.parse(v.object({ items: v.array(v.object({ id: v.string() })) }), await listed.json()).items;
    expect(ids.map(({ id }) => id)).toEqual(['default', 'kept', 'a-later-one']);
    const again = await tenantOf('kept');
    expect(await again.describe()).toEqual(description);
    expect(await again.settings.get()).toMatchObject({ bs2: { accessTokenLifetime: 'PT9M' } });
    expect((await refresh(refreshToken, 'bs2', again)).status).toBe(200);
    const anew = await mock.createTenant({ id: 'deleted' });
    expect(await anew.grants.list()).toEqual([]);
  });

  it('a tenant that was reset remembers nothing of before', async () => {
    const { refreshToken } = await tenant.grants.create({ bank: 'bs2' });
    await tenant.clock.advance('P1D');
    await tenant.reset();
    await restart();
    expect(await tenant.grants.list()).toEqual([]);
    expect((await refresh(refreshToken)).status).toBe(400);
    expect(Date.parse((await tenant.clock.show()).now)).toBeLessThan(Date.now() + 3_600_000);
  });

  it('a seed gives no value twice, until the tenant is reset', async () => {
    const seeded = await mock.createTenant({ id: 'seeded', randomSeed: 'semente' });
    const values = [(await seeded.grants.create({ bank: 'bs2' })).refreshToken];
    for (let round = 0; round < 2; round += 1) {
      await restart();
      values.push((await (await tenantOf('seeded')).grants.create({ bank: 'bs2' })).refreshToken);
    }
    expect(new Set(values).size).toBe(3);
    await (await tenantOf('seeded')).reset();
    expect((await (await tenantOf('seeded')).grants.create({ bank: 'bs2' })).refreshToken).toBe(values[0]);
  });
});

describe('with a configuration', () => {
  const configuration = (secret: string, lifetime = 'PT7M'): string =>
    JSON.stringify({
      settings: { bs2: { accessTokenLifetime: lifetime } },
      clients: [{ bank: 'bs2', id: 'l7configurada', secret, redirectUris: [], scope: 'saldo' }],
      tenants: [{ id: 'beside', settings: { btg: { discovery: true } } }],
    });

  it('its settings hold at each start, its clients where it was changed, and what was made besides stays', async () => {
    await mock.close();
    await rm(store, { recursive: true });
    const config = join(folder, 'mock.json');
    await writeFile(config, configuration('segredo-um'));
    await start({ config });
    await tenant.clients.create({ bank: 'btg', id: 'feita-depois', redirectUris: [], scope: 'openid' });
    const { secret } = await tenant.clients.rotateSecret('l7configurada');
    const { refreshToken } = await tenant.grants.create({ bank: 'bs2' });

    await restart({ config });
    expect(await tenant.clients.get('l7configurada')).toMatchObject({ secret });

    await writeFile(config, configuration('segredo-dois', 'PT5M'));
    await restart({ config });
    expect(await tenant.clients.get('l7configurada')).toMatchObject({ secret: 'segredo-dois' });
    expect((await tenant.clients.list()).map(({ id }) => id)).toEqual(['l7configurada', 'feita-depois']);
    expect(await tenant.settings.get()).toMatchObject({ bs2: { accessTokenLifetime: 'PT5M' } });
    expect((await refresh(refreshToken)).status).toBe(200);
    expect(await (await tenantOf('beside')).settings.get()).toMatchObject({ btg: { discovery: true } });
  });
});

describe('a store', () => {
  it('in use by another mock is refused, and neither port nor file is held afterwards', async () => {
    await expect(startMockServer({ store })).rejects.toMatchObject({ code: 'ERR_STORE_IN_USE' });
    await restart();
  });

  it('may be named as memory, and not as nothing', async () => {
    await (await startMockServer({ store: 'memory', listen: false })).close();
    await expect(startMockServer({ store: '', listen: false })).rejects.toMatchObject({
      code: 'ERR_INVALID_SERVER_OPTION',
    });
  });
});
