import { describe, expect, it } from 'vitest';
import { Bs2World, mockOrigin } from '../testing/bs2-world.js';
import { magicUsers, seedClients, seededScope, seedUsers } from './fixtures.js';
import { SeededRandomSource } from './random-source.js';
import { isCnpj, isCpf } from './taxpayer-number.js';
import { decodeBase32 } from './totp.js';

describe('fixtures', () => {
  const users = seedUsers();

  it('has users with real check digits, and app token keys that can be read', () => {
    for (const user of users) {
      expect(isCpf(user.cpf)).toBe(true);
      expect(decodeBase32(user.totpSecret)).toHaveLength(20);
      expect(user.companies.length).toBeGreaterThan(0);
      for (const { cnpj } of user.companies) expect(isCnpj(cnpj)).toBe(true);
    }
    for (const member of ['username', 'cpf', 'totpSecret'] as const) {
      expect(new Set(users.map((user) => user[member])).size).toBe(users.length);
    }
  });

  it('has a normal user first, a company with letters, and an account of each bank in each company', () => {
    expect(users[0]?.behaviour).toBe('normal');
    const companies = users.flatMap((user) => user.companies);
    expect(companies.some(({ cnpj }) => /[A-Z]/.test(cnpj))).toBe(true);
    for (const company of companies)
      expect(new Set(company.accounts.map(({ bank }) => bank))).toEqual(new Set(['bs2', 'btg']));
  });

  it('explains every user that does something special, and only users that exist', () => {
    const names = magicUsers.map(({ username }) => username);
    expect(users.map(({ username }) => username)).toEqual(expect.arrayContaining(names));
    for (const user of users) if (user.behaviour !== 'normal') expect(names).toContain(user.username);
    expect(names).toEqual(
      expect.arrayContaining([
        'bloqueado',
        'codigo-expirado',
        'codigo-errado',
        'recusa',
        'lento',
        'desenvolvedor',
        'outra-empresa',
      ]),
    );
  });

  it.each([null, new SeededRandomSource('clients')])('has a client of each bank in its bank’s shape', (random) => {
    const [bs2, btg] = seedClients(random);
    expect(bs2).toMatchObject({
      bank: 'bs2',
      redirectUris: ['http://localhost:3000/callback'],
      type: 'confidential',
      provisioned: true,
    });
    expect(bs2?.id).toMatch(/^l7[0-9a-f]{32}$/);
    expect(bs2?.secret).toMatch(/^[0-9a-f]{32}$/);
    expect(btg?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(btg?.secret).toMatch(/^[A-Za-z0-9_-]{86}$/);
    expect(btg?.scope.split(' ')[0]).toBe('openid');
    for (const client of [bs2, btg])
      for (const scope of client?.scope.split(' ') ?? []) expect(client?.registeredScope).toContain(scope);
    expect(seededScope.bs2.split(' ')).toEqual(expect.arrayContaining(['saldo', 'extrato']));
  });
});

describe('TenantRegistry', () => {
  it('gives the default tenant constant credentials, and every other its own', () => {
    const world = new Bs2World();
    expect(world.client.secret).toBe(new Bs2World().client.secret);
    const secrets = [world.client, ...['a', 'b'].map((id) => world.registry.create({ id }).clients.first('bs2'))].map(
      (client) => client?.secret,
    );
    expect(new Set(secrets).size).toBe(3);
  });

  it('finds, lists and deletes tenants, and names those that were not named', () => {
    const { registry } = new Bs2World();
    const made = registry.create({});
    expect(made.id).toMatch(/^t-[A-Za-z0-9_-]{12}$/);
    expect(registry.list().map(({ id }) => id)).toEqual(['default', made.id]);
    expect(registry.delete(made.id)).toBe(true);
    expect(registry.delete(made.id)).toBe(false);
    expect(registry.find(made.id)).toBe(undefined);
  });

  it.each(['', 'a/b', '..', 'a b', 'é', 'x'.repeat(65), '__proto__/'])('refuses the id %j', (id) => {
    expect(() => new Bs2World().registry.create({ id })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_TENANT_ID' }),
    );
  });

  it('refuses an id that is taken, and takes those of prototypes as any other', () => {
    const { registry } = new Bs2World();
    expect(() => registry.create({ id: 'default' })).toThrow(
      expect.objectContaining({ code: 'ERR_TENANT_EXISTS', cause: { id: 'default' } }),
    );
    expect(registry.find('__proto__')).toBe(undefined);
    expect(registry.create({ id: '__proto__' }).id).toBe('__proto__');
  });

  it('addresses the default tenant at the root and others below their id', () => {
    const { registry, tenant } = new Bs2World();
    expect(tenant.links.bs2.publicBase).toBe(`${mockOrigin}/bs2`);
    expect(registry.create({ id: 'ci-1' }).links.btg.internalBase).toBe(`${mockOrigin}/t/ci-1/btg`);
  });
});

describe('a tenant', () => {
  it('replays a seeded run byte for byte, after a reset too', async () => {
    const run = async (world: Bs2World): Promise<string> => {
      world.tenant.clock.freeze();
      const grant = await world.grant();
      return `${grant.text}${(await world.refresh(grant.refreshToken)).text}`;
    };
    const world = new Bs2World({ randomSeed: 'replay' });
    const first = await run(world);
    expect(await run(new Bs2World({ randomSeed: 'replay' }))).toBe(first);
    await world.tenant.reset();
    expect(await run(world)).toBe(first);
    expect(await run(new Bs2World({ randomSeed: 'another' }))).not.toBe(first);
    expect(await run(new Bs2World())).not.toBe(await run(new Bs2World()));
  });

  it('is back at its start after a reset, with its clients and users', async () => {
    const world = new Bs2World({ settings: { journalSize: 50, bs2: { accessTokenLifetime: 'PT1M' } } });
    const { tenant } = world;
    const { accessToken } = await world.grant();
    world.addClient();
    tenant.patchSettings({ environment: 'producao', bs2: { accessTokenLifetime: 'PT2M' } });
    tenant.clock.advance(86_400_000);
    tenant.clock.freeze();
    tenant.faults.add({ at: 'bs2.api', times: 0, effect: { status: 503 } });
    await tenant.reset();
    expect(tenant.clock.mode).toBe('running');
    expect(tenant.settings).toMatchObject({
      environment: 'homologacao',
      journalSize: 50,
      bs2: { accessTokenLifetime: 'PT1M' },
    });
    expect(tenant.faults.isEmpty).toBe(true);
    expect(tenant.journal.entries()).toEqual([]);
    expect(await tenant.store.grants()).toEqual([]);
    expect(tenant.clients.list()).toHaveLength(3);
    expect(await world.statusOf(accessToken)).toBe(401);
    expect((await world.grant()).status).toBe(200);
  });

  it('shares nothing with another tenant: clients, codes, tokens, clock, faults, limits, journal', async () => {
    const world = new Bs2World({ settings: { bs2: { rateLimit: { requests: 10, window: 'PT1M' } } } });
    const other = world.registry.create({
      id: 'other',
      settings: { bs2: { rateLimit: { requests: 1, window: 'PT1M' } } },
    });
    const otherBase = `${mockOrigin}/t/other/bs2`;
    const { accessToken, refreshToken } = await world.grant();
    const client = other.clients.first('bs2');
    if (client === undefined) throw new Error('The other tenant has no client.');
    other.clients.put({ ...world.client });
    const ask = (form: Record<string, string>): Promise<Response> =>
      world.fetch(`${otherBase}/auth/oauth/v2/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          client_id: world.client.id,
          client_secret: world.client.secret ?? '',
          ...form,
        }).toString(),
      });
    expect((await ask({ grant_type: 'refresh_token', scope: 'saldo', refresh_token: refreshToken })).status).toBe(400);
    expect((await ask({ grant_type: 'client_credentials', scope: 'saldo' })).status).toBe(429);
    const balance = await world.fetch(`${otherBase}/pj/apibanking/forintegration/v2/contascorrentes/saldo`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(balance.status).toBe(401);
    other.clock.advance(31 * 86_400_000);
    other.faults.add({ at: 'bs2.token', times: 0, effect: { status: 503 } });
    expect((await world.refresh(refreshToken)).status).toBe(200);
    expect(other.journal.entries()).toHaveLength(3);
    expect(other.journal.entries().every(({ request }) => request.url.startsWith(otherBase))).toBe(true);
  });
});
