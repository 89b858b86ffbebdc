import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterEach, describe, expect, it } from 'vitest';
import { containing, createWorld, matching, origin } from './control/test-world.js';
import type { World } from './control/test-world.js';
import { connectTenant, ControlApiError } from './tenant-handle.js';
import type { TenantHandle } from './tenant-handle.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function overSocket(world: World): Promise<string> {
  const answer = getRequestListener((request) =>
    world.control.fetch(request, { kind: 'socket', address: '127.0.0.1' }),
  );
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const address: AddressInfo | string | null = server.address();
  return `http://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}`;
}

const ways: readonly [string, (world: World) => Promise<TenantHandle>][] = [
  ['in the process', async (world) => world.tenant],
  ['over HTTP', async (world) => connectTenant(await overSocket(world))],
];

describe.each(ways)('a tenant %s', (_name, connect) => {
  it('has its description’s members', async () => {
    const world = createWorld();
    const tenant = await connect(world);
    expect(tenant).toMatchObject({ ...(await tenant.describe()) });
    expect([tenant.id, tenant.jwksUri]).toEqual(['default', `${origin}/_mock/tenants/default/jwks`]);
  });

  it('has every call of the control API', async () => {
    const tenant = await connect(createWorld());
    const { clock, settings, clients, users, grants, faults, mutants, journal, secondFactor, consents } = tenant;
    const [mutant] = await mutants.catalogue();
    expect(await mutants.set(mutant === undefined ? [] : [mutant.id])).toEqual([mutant]);
    expect(await mutants.list()).toEqual([mutant]);
    expect(await mutants.set([])).toEqual([]);
    expect(await clock.freeze()).toMatchObject({ mode: 'frozen' });
    const instant = new Date(Date.UTC(2040, 0, 1));
    expect(await clock.set(instant)).toEqual({ now: instant.toISOString(), mode: 'frozen' });
    expect(await clock.set('2040-01-01T00:00:00Z')).toEqual({ now: instant.toISOString(), mode: 'frozen' });
    expect(await clock.advance('P1D')).toEqual({ now: '2040-01-02T00:00:00.000Z', mode: 'frozen' });
    expect(await clock.resume()).toMatchObject({ mode: 'running' });
    expect(await clock.reset()).toMatchObject({ mode: 'running' });
    expect((await clock.show()).now).not.toMatch(/^2040/);

    expect((await settings.patch({ btg: { discovery: true }, journalSize: undefined })).btg.discovery).toBe(true);
    expect(await settings.get()).toMatchObject({ journalSize: 500, btg: { discovery: true } });

    const client = await clients.create({ bank: 'btg', redirectUris: [], scope: 'openid' });
    expect(await clients.list()).toHaveLength(3);
    expect(await clients.get(client.id)).toEqual(client);
    const rotated = await clients.rotateSecret(client.id, 'btg');
    expect(rotated.secret).not.toBe(client.secret);
    await clients.delete(client.id, 'btg');
    expect(await clients.list()).toHaveLength(2);

    const user = await users.create({ username: 'a b/ç', password: 'p' });
    expect(await users.get('a b/ç')).toEqual(user);
    expect(await secondFactor.get('a b/ç')).toEqual({ app: matching(/^\d{6}$/), sms: null });
    await users.delete('a b/ç');
    expect((await users.list()).map(({ username }) => username)).not.toContain('a b/ç');

    const query = new URLSearchParams({
      response_type: 'code',
      client_id: tenant.bs2.client?.id ?? '',
      scope: 'saldo',
      redirect_uri: 'http://127.0.0.1:8080/callback',
    });
    const { redirectTo } = await consents.create({
      authorizationUrl: `${tenant.bs2.authorizationEndpoint}?${query.toString()}`,
      decision: 'approve',
    });
    expect(redirectTo).toMatch(/^http:\/\/127\.0\.0\.1:8080\/callback\?code=[0-9a-f-]{36}$/);

    const grant = await grants.create({ bank: 'bs2' });
    expect((await grants.age(grant.id, 'P31D')).refreshTokens).toMatchObject([{ live: false }]);
    expect(await grants.life(grant.id)).toMatchObject({
      tokens: [
        { kind: 'access-token', endedBecause: 'Expired' },
        { kind: 'refresh-token', endedBecause: 'Expired' },
      ],
    });
    await grants.delete(grant.id);
    expect(await grants.list()).toMatchObject([
      { origin: 'consent' },
      { id: grant.id, revokedBecause: 'revoked-by-user' },
    ]);

    const [alteration] = await faults.catalogue();
    expect(alteration).toMatchObject({ bank: 'bs2', at: 'bs2.redirect' });
    const fault = await faults.create({ at: 'bs2.token', effect: { delay: 'PT1S' } });
    expect(await faults.list()).toEqual([fault]);
    await faults.delete(fault.id);
    await faults.create({ at: 'bs2.token', effect: { barrier: 2 } });
    await faults.clear();
    expect(await faults.list()).toEqual([]);

    expect(await journal.list()).toMatchObject([{ endpoint: 'authorize', played: true, findings: ['state-missing'] }]);
    expect(await journal.get(1)).toMatchObject({
      entry: { id: 1 },
      findings: [{ id: 'state-missing', advice: expect.stringMatching(/./) as string }],
      answeredBy: { text: expect.stringContaining('consented') as string },
    });
    expect((await journal.har()).log.entries).toHaveLength(1);
    expect(await tenant.findings.list()).toMatchObject([{ id: 'state-missing', severity: 'failed', entry: 1 }]);
    expect(await tenant.explain(new URL(redirectTo).searchParams.get('code') ?? '')).toMatchObject({
      kind: 'authorization-code',
      bank: 'bs2',
      issued: { entry: 1 },
    });
    for await (const entry of journal.stream({ after: 0 })) {
      expect(entry).toMatchObject({ id: 1, findings: ['state-missing'] });
      break;
    }
    await journal.clear();
    expect(await journal.list()).toEqual([]);
    expect(await tenant.findings.list()).toEqual([]);
    await tenant.reset();
    expect(await grants.list()).toEqual([]);
    await expect(tenant.delete()).rejects.toMatchObject({ code: 'ERR_DEFAULT_TENANT', status: 409 });
  });

  it('throws what the control API says', async () => {
    const tenant = await connect(createWorld());
    const refusal = tenant.settings.patch({ bs2: { accessTokenLifetime: 'soon' } });
    await expect(refusal).rejects.toBeInstanceOf(ControlApiError);
    await expect(refusal).rejects.toMatchObject({
      name: 'ControlApiError',
      code: 'ERR_INVALID_REQUEST',
      status: 400,
      detail: containing('bs2.accessTokenLifetime'),
      cause: { errors: [{ path: 'bs2.accessTokenLifetime' }] },
    });
  });
});

describe('connectTenant', () => {
  it('takes a tenant’s control address, the server’s or its origin', async () => {
    const world = createWorld();
    const created = await world.control.createTenant({ id: 'other' });
    const base = await overSocket(world);
    for (const [url, id] of [
      [base, 'default'],
      [`${base}/`, 'default'],
      [`${base}/_mock`, 'default'],
      [`${base}/_mock/tenants/other`, 'other'],
      [`${base}/_mock/tenants/other/`, 'other'],
    ] as const) {
      expect((await connectTenant(url)).id).toBe(id);
    }
    const other = await connectTenant(`${base}/_mock/tenants/other`);
    expect(other.bs2).toEqual(created.bs2);
    await other.delete();
    await expect(other.clock.show()).rejects.toMatchObject({ code: 'ERR_TENANT_NOT_FOUND', status: 404 });
  });

  it('shows its token, in this and later calls', async () => {
    const base = await overSocket(createWorld({ controlToken: 't0ken' }));
    await expect(connectTenant(base)).rejects.toMatchObject({ code: 'ERR_CONTROL_TOKEN', status: 401 });
    const tenant = await connectTenant(base, { token: 't0ken' });
    expect(await tenant.clock.advance('P1D')).toMatchObject({ mode: 'running' });
  });

  it.each([
    '',
    'localhost:4010',
    'ftp://127.0.0.1/',
    'http://127.0.0.1:4010/bs2',
    'http://127.0.0.1/_mock/tenants/a/clock',
  ])('refuses %j', async (url) => {
    await expect(connectTenant(url)).rejects.toMatchObject({ code: 'ERR_INVALID_CONTROL_URL', status: null });
  });

  it('says that nobody answers', async () => {
    const refusal = connectTenant('http://127.0.0.1:1');
    await expect(refusal).rejects.toMatchObject({ code: 'ERR_CONTROL_UNREACHABLE', status: null });
    await expect(refusal).rejects.toThrow(
      /^No control API answers at http:\/\/127\.0\.0\.1:1\/_mock\/tenants\/default: /,
    );
  });

  it('says that somebody else answers', async () => {
    const answer = (response: Response): Promise<TenantHandle> =>
      connectTenant(origin, { fetch: async () => response });
    await expect(answer(new Response('<html>', { status: 502 }))).rejects.toMatchObject({
      code: 'ERR_CONTROL_ANSWER',
      status: 502,
    });
    await expect(answer(Response.json({ id: 7 }))).rejects.toMatchObject({ code: 'ERR_CONTROL_ANSWER', status: 200 });
  });
});

describe('control.createTenant', () => {
  it('creates what the control API would', async () => {
    const { control, registry } = createWorld();
    const created = await control.createTenant({ randomSeed: 'x', users: [] });
    expect(registry.find(created.id)).toBeDefined();
    await expect(control.createTenant({ id: 'default' })).rejects.toMatchObject({ code: 'ERR_TENANT_EXISTS' });
    await expect(control.createTenant({ seed: 'x' })).rejects.toMatchObject({
      code: 'ERR_INVALID_REQUEST',
      message: 'seed: expected no member of this name, got "seed".',
    });
  });
});
