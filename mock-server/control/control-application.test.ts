import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from './operations.js';
import { containing, createWorld, matching, origin, tenantPath, tokenRequest } from './test-world.js';

const t = tenantPath;

describe('what any call is answered with', () => {
  it('GET health', async () => {
    const got = await createWorld().call('GET', '/_mock/health');
    expect([got.status, got.body]).toEqual([200, { status: 'ok', version: '9.9.9' }]);
    expect(got.headers.get('content-type')).toBe('application/json');
    expect(got.headers.get('cache-control')).toBe('no-store');
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['GET', '/_mock', 404, 'ERR_NO_SUCH_PATH'],
    ['GET', '/_mock/nothing', 404, 'ERR_NO_SUCH_PATH'],
    ['GET', '/_mock/nothing', 404, 'ERR_NO_SUCH_PATH'],
    ['GET', '/_mock/tenants/none', 404, 'ERR_TENANT_NOT_FOUND'],
    ['GET', '/_mock/tenants/none/grants', 404, 'ERR_TENANT_NOT_FOUND'],
    ['GET', '/_mock/tenants/%E0%A4%A', 404, 'ERR_TENANT_NOT_FOUND'],
    ['DELETE', '/_mock/tenants/none', 404, 'ERR_TENANT_NOT_FOUND'],
    ['DELETE', `${t}/clients/none`, 404, 'ERR_CLIENT_NOT_FOUND'],
    ['GET', `${t}/clients/none`, 404, 'ERR_CLIENT_NOT_FOUND'],
    ['POST', `${t}/clients/none/secrets`, 404, 'ERR_CLIENT_NOT_FOUND'],
    ['DELETE', `${t}/users/none`, 404, 'ERR_USER_NOT_FOUND'],
    ['GET', `${t}/second-factor/none`, 404, 'ERR_USER_NOT_FOUND'],
    ['DELETE', `${t}/grants/none`, 404, 'ERR_GRANT_NOT_FOUND'],
    ['DELETE', `${t}/faults/none`, 404, 'ERR_FAULT_NOT_FOUND'],
    ['DELETE', `${t}`, 409, 'ERR_DEFAULT_TENANT'],
    ['GET', `${t}/journal?format=pdf`, 400, 'ERR_INVALID_REQUEST'],
    ['GET', `${t}/journal?since=1`, 400, 'ERR_INVALID_REQUEST'],
  ])('%s %s: %i %s', async (method, path, status, code) => {
    const got = await createWorld().call(method, path);
    expect(got.body).toMatchObject({
      status,
      code,
      type: `urn:homologa:problem:${code.slice(4).toLowerCase().replaceAll('_', '-')}`,
    });
    expect(got.status).toBe(status);
    expect(got.headers.get('content-type')).toBe('application/problem+json');
  });

  it('names the methods that a path takes', async () => {
    const { call } = createWorld();
    const got = await call('POST', `${t}/journal`, {});
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'GET, DELETE']);
    expect((await call('PUT', '/_mock/openapi.json', {})).headers.get('allow')).toBe('GET');
  });

  it('refuses what is not JSON, and says where', async () => {
    const got = await createWorld().call('POST', `${t}/clients`, '{"bank": "bs2",\n "secret": "s3cr3t" "x"}');
    expect(got.status).toBe(400);
    expect(got.body).toMatchObject({ code: 'ERR_INVALID_JSON', detail: containing('line 2, column 21') });
    expect(got.text).not.toContain('s3cr3t');
  });

  it('refuses what is not UTF-8, and what is too large', async () => {
    const { send } = createWorld();
    const post = (body: string | Uint8Array): Request =>
      new Request(`${origin}${t}/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect((await send(post(new Uint8Array([0x22, 0xff, 0x22])))).body).toMatchObject({ code: 'ERR_INVALID_JSON' });
    expect((await send(post(' '.repeat(1_048_577)))).body).toMatchObject({ status: 413, code: 'ERR_BODY_TOO_LARGE' });
  });

  it('names every wrong member, and repeats no secret', async () => {
    const { call } = createWorld();
    const got = await call('POST', `${t}/users`, { username: 'u', password: 7, cpf: '11144477734', kind: 1 });
    expect(got.status).toBe(400);
    expect(got.body).toMatchObject({
      errors: [
        { path: 'password', expected: 'a string', received: 'a value that is not repeated here' },
        { path: 'cpf', expected: containing('check digits'), received: '"11144477734"' },
        { path: 'kind', expected: 'no member of this name', received: '"kind"' },
      ],
      detail: containing('kind: expected no member of this name'),
    });
    expect((await call('POST', `${t}/clients`, {})).body).toMatchObject({
      errors: [{ path: 'bank', received: 'nothing' }],
    });
    expect((await call('POST', `${t}/clock/advance`, '[]')).status).toBe(400);
    expect((await call('POST', `${t}/clock/advance`, 'null')).status).toBe(400);
  });

  it.each(['{"__proto__":{"bank":"bs2"}}', '{"constructor":1}', '{"bs2":{"__proto__":{"requireState":true}}}'])(
    'takes %s for unknown members',
    async (body) => {
      const { call } = createWorld();
      const got = await call('PATCH', `${t}/settings`, body);
      expect([got.status, got.body]).toMatchObject([400, { errors: [{ expected: 'no member of this name' }] }]);
      expect(Object.hasOwn(Object.prototype, 'requireState')).toBe(false);
    },
  );

  it('refuses what is nested beyond reason', async () => {
    const got = await createWorld().call('POST', `${t}/faults`, `${'['.repeat(300_000)}${']'.repeat(300_000)}`);
    expect([got.status, got.body]).toMatchObject([400, { code: 'ERR_INVALID_REQUEST' }]);
  });

  it('never fails, whatever the body', async () => {
    const world = createWorld();
    const writes = operations.filter(({ method }) => method !== 'GET' && method !== 'DELETE');
    const likely = fc.dictionary(
      fc.constantFrom(
        'bank',
        'id',
        'scope',
        'redirectUris',
        'by',
        'to',
        'at',
        'effect',
        'bs2',
        'username',
        'password',
        'settings',
        'age',
      ),
      fc.oneof(fc.jsonValue(), fc.constantFrom('bs2', 'btg', 'P1D', 'bs2.token', 'x', 'P400000D')),
    );
    const property = fc.asyncProperty(
      fc.constantFrom(...writes),
      fc.oneof(fc.jsonValue(), likely, fc.string()),
      async ({ method, path }, body) => {
        const filled = path.replace('{tenant}', 'default').replace(/\{\w+\}/, 'correntista');
        const got = await world.call(method, filled, body);
        expect(got.status).toBeLessThan(500);
        if (got.status >= 400) expect(got.body).toMatchObject({ status: got.status, code: matching(/^ERR_/) });
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });
});

describe('tenants', () => {
  it('are created with secrets of their own, listed, described, deleted', async () => {
    const { call, tenant } = createWorld();
    const made = await call('POST', '/_mock/tenants', { id: 'a', randomSeed: 's' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      id: 'a',
      control: `${origin}/_mock/tenants/a`,
      jwksUri: `${origin}/_mock/tenants/a/jwks`,
      bs2: { baseUrl: `${origin}/t/a/bs2`, rootUrl: null, client: { id: matching(/^l7[0-9a-f]{32}$/) } },
      btg: { issuer: `${origin}/t/a/btg`, client: { secret: matching(/^[\w-]{86}$/) } },
      user: { username: 'correntista', companies: [{ cnpj: '30306294000145' }, { cnpj: '12ABC34501DE35' }] },
    });
    expect(made.text).not.toContain(tenant.bs2.client?.id);
    expect((await call('GET', '/_mock/tenants/a')).body).toEqual(made.body);
    expect((await call('GET', '/_mock/tenants')).body).toEqual({ items: [await tenant.describe(), made.body] });
    expect((await call('POST', '/_mock/tenants', { id: 'a' })).body).toMatchObject({
      status: 409,
      code: 'ERR_TENANT_EXISTS',
    });
    expect((await call('DELETE', '/_mock/tenants/a')).status).toBe(204);
    expect((await call('GET', '/_mock/tenants/a')).status).toBe(404);
  });

  it('are the same for the same seed, made-up clients and users included', async () => {
    const { call } = createWorld();
    const request = {
      id: 'a',
      randomSeed: 's',
      clients: [{ bank: 'btg', redirectUris: [], scope: 'openid' }],
      users: [{ username: 'u', password: 'p' }],
    };
    const first = await call('POST', '/_mock/tenants', request);
    await call('DELETE', '/_mock/tenants/a');
    expect((await call('POST', '/_mock/tenants', request)).text).toBe(first.text);
  });

  it('have null where a bank has no client, and where there is no user', async () => {
    const { call } = createWorld();
    const clients = [{ bank: 'bs2', id: 'k', secret: 's', redirectUris: ['https://a.example/cb'], scope: 'saldo' }];
    const got = await call('POST', '/_mock/tenants', { clients, users: [] });
    expect(got.body).toMatchObject({
      id: matching(/^t-[\w-]{12}$/),
      bs2: { client: { id: 'k', secret: 's', redirectUris: ['https://a.example/cb'], scope: 'saldo' } },
      btg: { client: null },
      user: null,
    });
  });

  it.each([
    [{ id: 'a/b' }, 'id'],
    [{ id: '' }, 'id'],
    [
      {
        clients: [
          { bank: 'bs2', redirectUris: [], scope: 'a' },
          { bank: 'bs2', scope: 'a' },
        ],
      },
      'clients[1].redirectUris',
    ],
    [
      {
        users: [
          { username: 'u', password: 'p' },
          { username: 'u', password: 'p' },
        ],
      },
      'users[1].username',
    ],
    [{ settings: { bs2: { rateLimit: { requests: 0, window: 'PT1M' } } } }, 'settings.bs2.rateLimit.requests'],
  ])('refuses %j at %s', async (request, path) => {
    const got = await createWorld().call('POST', '/_mock/tenants', request);
    expect([got.status, got.body]).toMatchObject([400, { errors: [{ path }] }]);
  });

  it('shows BTG’s public keys', async () => {
    const got = await createWorld().call('GET', `${t}/jwks`);
    expect(got.body).toMatchObject({ keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256' }, { kty: 'RSA' }] });
    expect(got.text).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
  });

  it('go back to their start, with their clients', async () => {
    const { call, tenant } = createWorld();
    await tenant.clock.advance('P30D');
    await tenant.settings.patch({ bs2: { requireState: true } });
    await tenant.grants.create({ bank: 'bs2' });
    await tenant.faults.create({ at: 'bs2.api', effect: { truncate: true } });
    const client = await tenant.clients.create({ bank: 'bs2', redirectUris: [], scope: 'saldo' });
    const got = await call('POST', `${t}/reset`, {});
    expect(got.status).toBe(200);
    expect(await tenant.grants.list()).toEqual([]);
    expect(await tenant.faults.list()).toEqual([]);
    expect((await tenant.settings.get()).bs2.requireState).toBe(false);
    expect(Math.abs(Date.parse((await tenant.clock.show()).now) - Date.now())).toBeLessThan(5000);
    expect(await tenant.clients.get(client.id)).toEqual(client);
  });
});

describe('the clock', () => {
  it('advances and is set, keeping its mode, and never goes back', async () => {
    const { call } = createWorld();
    const frozen = await call('POST', `${t}/clock/freeze`);
    expect(frozen.body).toMatchObject({ mode: 'frozen' });
    expect((await call('POST', `${t}/clock/set`, { to: '2040-01-01T00:00:00Z' })).body).toEqual({
      now: '2040-01-01T00:00:00.000Z',
      mode: 'frozen',
    });
    expect((await call('POST', `${t}/clock/advance`, { by: 'P29DT23H59M59S' })).body).toEqual({
      now: '2040-01-30T23:59:59.000Z',
      mode: 'frozen',
    });
    const back = await call('POST', `${t}/clock/set`, { to: '2040-01-01T00:00:00Z' });
    expect([back.status, back.body]).toMatchObject([409, { code: 'ERR_CLOCK_BACKWARDS' }]);
    expect((await call('POST', `${t}/clock/resume`, '')).body).toMatchObject({ mode: 'running' });
    expect((await call('POST', `${t}/clock/advance`, { by: 'P366000D' })).body).toMatchObject({
      status: 400,
      code: 'ERR_CLOCK_RANGE',
    });
    const reset = await call('POST', `${t}/clock/reset`, {});
    expect(reset.body).toMatchObject({ mode: 'running', now: matching(/^20[23]\d-/) });
  });

  it.each(['P1M', 'P1Y', '-P1D', 'P', 'PT', '1 day', '', 'P1D ', 7])('refuses to advance by %j', async (by) => {
    const got = await createWorld().call('POST', `${t}/clock/advance`, { by });
    expect([got.status, got.body]).toMatchObject([400, { errors: [{ path: 'by' }] }]);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2040-01-01',
    '2040-01-01T00:00:00',
    '2040-01-01T00:00:00-03:00',
    '2040-13-01T00:00:00Z',
    0,
  ])('refuses to be set to %j', async (to) => {
    const got = await createWorld().call('POST', `${t}/clock/set`, { to });
    expect([got.status, got.body]).toMatchObject([400, { errors: [{ path: 'to' }] }]);
  });

  it('takes no members where there are none to take', async () => {
    const got = await createWorld().call('POST', `${t}/clock/freeze`, { now: true });
    expect([got.status, got.body]).toMatchObject([400, { errors: [{ path: 'now' }] }]);
  });

  it('forgets on its reset what was counted in the future', async () => {
    const { tenant, bank } = createWorld();
    await tenant.settings.patch({ bs2: { rateLimit: { requests: 1, window: 'P1D' } } });
    await tenant.clock.advance('P9D');
    const client = tenant.bs2.client;
    const ask = async (): Promise<number> => {
      const request = tokenRequest(client ?? { id: '', secret: '' }, {
        grant_type: 'client_credentials',
        scope: 'saldo',
      });
      return (await bank(tenant.bs2.tokenEndpoint, request)).status;
    };
    expect([await ask(), await ask()]).toEqual([200, 429]);
    await tenant.clock.reset();
    expect(await ask()).toBe(200);
  });
});

describe('clients', () => {
  it('are registered in the bank’s shapes, listed with their secrets, removed', async () => {
    const { call } = createWorld();
    const made = await call('POST', `${t}/clients`, {
      bank: 'bs2',
      redirectUris: ['https://a.example/cb'],
      scope: 'saldo  extrato',
    });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      bank: 'bs2',
      id: matching(/^l7[0-9a-f]{32}$/),
      secret: matching(/^[0-9a-f]{32}$/),
      name: 'Aplicação de Teste',
      type: 'confidential',
      redirectUris: ['https://a.example/cb'],
      scope: 'saldo  extrato',
      provisioned: true,
      settings: {},
    });
    const listed = await call('GET', `${t}/clients`);
    expect(listed.body).toMatchObject({ items: [{ bank: 'bs2' }, { bank: 'btg' }, made.body] });
  });

  it('of the same id live at both banks, told apart by ?bank=', async () => {
    const { call } = createWorld();
    const common = { id: 'same id'.replace(' ', '/'), redirectUris: [], name: 'N', provisioned: false };
    expect((await call('POST', `${t}/clients`, { ...common, bank: 'bs2', scope: 'saldo' })).status).toBe(201);
    expect(
      (await call('POST', `${t}/clients`, { ...common, bank: 'btg', scope: 'openid', type: 'public' })).body,
    ).toMatchObject({
      secret: null,
      type: 'public',
      provisioned: false,
    });
    expect((await call('POST', `${t}/clients`, { ...common, bank: 'btg', scope: 'openid' })).body).toMatchObject({
      status: 409,
      code: 'ERR_CLIENT_EXISTS',
    });
    expect((await call('GET', `${t}/clients/same%2Fid?bank=btg`)).body).toMatchObject({ bank: 'btg' });
    expect((await call('POST', `${t}/clients/same%2Fid/secrets?bank=btg`, {})).body).toMatchObject({
      status: 409,
      code: 'ERR_PUBLIC_CLIENT',
    });
    expect((await call('DELETE', `${t}/clients/same%2Fid?bank=btg`)).status).toBe(204);
    expect((await call('GET', `${t}/clients/same%2Fid`)).body).toMatchObject({ bank: 'bs2' });
    expect((await call('GET', `${t}/clients/same%2Fid?bank=itau`)).status).toBe(400);
  });

  it.each([
    [{ bank: 'itau' }, 'bank'],
    [{ bank: 'bs2', type: 'public' }, 'type'],
    [{ bank: 'btg', type: 'public', secret: 's' }, 'secret'],
    [{ bank: 'bs2', redirectUris: ['/callback'] }, 'redirectUris[0]'],
    [{ bank: 'bs2', redirectUris: ['https://a.example/#x'] }, 'redirectUris[0]'],
    [{ bank: 'bs2', scope: '' }, 'scope'],
    [{ bank: 'bs2', scope: 'a"b' }, 'scope'],
    [{ bank: 'bs2', id: 'two words' }, 'id'],
    [{ bank: 'bs2', settings: { idTokenLifetime: 'PT1H' } }, 'settings.idTokenLifetime'],
    [{ bank: 'btg', settings: { refreshQuota: { requests: 1 } } }, 'settings.refreshQuota.window'],
  ])('refuses %j at %s', async (members, path) => {
    const request = { redirectUris: [], scope: 'saldo', ...members };
    const got = await createWorld().call('POST', `${t}/clients`, request);
    expect([got.status, got.body]).toMatchObject([400, { errors: [{ path }] }]);
  });

  it('get a new secret, and the old one stops working', async () => {
    const { call, tenant, bank } = createWorld();
    const client = tenant.bs2.client ?? { id: '', secret: '' };
    const ask = async (secret: string | null): Promise<number> =>
      (
        await bank(
          tenant.bs2.tokenEndpoint,
          tokenRequest({ id: client.id, secret }, { grant_type: 'client_credentials', scope: 'saldo' }),
        )
      ).status;
    expect(await ask(client.secret)).toBe(200);
    const got = await call('POST', `${t}/clients/${client.id}/secrets`, {});
    expect([got.status, got.body]).toEqual([201, { id: client.id, secret: matching(/^[0-9a-f]{32}$/) }]);
    const { secret } = await tenant.clients.get(client.id);
    expect(await ask(client.secret)).toBe(401);
    expect(await ask(secret)).toBe(200);
  });

  it('have settings of their own', async () => {
    const { tenant, bank } = createWorld();
    const client = await tenant.clients.create({
      bank: 'bs2',
      redirectUris: [],
      scope: 'saldo',
      settings: { accessTokenLifetime: 'PT5M' },
    });
    const response = await bank(
      tenant.bs2.tokenEndpoint,
      tokenRequest(client, { grant_type: 'client_credentials', scope: 'saldo' }),
    );
    expect(await response.json()).toMatchObject({ expires_in: 300 });
  });
});

describe('users', () => {
  it('are registered with what is missing made up, listed, removed', async () => {
    const { call } = createWorld();
    const made = await call('POST', `${t}/users`, { username: 'maria/silva', password: 'p' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      username: 'maria/silva',
      name: 'maria/silva',
      cpf: matching(/^\d{11}$/),
      role: 'operador',
      companies: [{ cnpj: '30306294000145' }, { cnpj: '12ABC34501DE35' }],
      totpSecret: matching(/^[A-Z2-7]{32}$/),
      behaviour: 'normal',
    });
    expect((await call('GET', `${t}/users/maria%2Fsilva`)).body).toEqual(made.body);
    expect((await call('GET', `${t}/users`)).text).toContain(JSON.stringify(made.body));
    expect((await call('POST', `${t}/users`, { username: 'maria/silva', password: 'p' })).body).toMatchObject({
      status: 409,
      code: 'ERR_USER_EXISTS',
    });
    expect((await call('DELETE', `${t}/users/maria%2Fsilva`)).status).toBe(204);
    expect((await call('GET', `${t}/users/maria%2Fsilva`)).status).toBe(404);
  });

  it('have companies with accounts at both banks unless told', async () => {
    const { tenant } = createWorld();
    const user = await tenant.users.create({
      username: 'u',
      password: 'p',
      companies: [
        { cnpj: '11222333000181' },
        { cnpj: '12ABC34501DE35', name: 'N', accounts: [{ bank: 'btg', number: '7', available: 3 }] },
      ],
    });
    expect(user.companies).toMatchObject([
      {
        cnpj: '11222333000181',
        name: 'Empresa de Teste',
        accounts: [{ bank: 'bs2', branch: '0001' }, { bank: 'btg' }],
      },
      { name: 'N', accounts: [{ bank: 'btg', number: '7', available: 3, blocked: 0 }] },
    ]);
  });

  it.each([
    [{ cpf: '11144477734' }, 'cpf'],
    [{ companies: [{ cnpj: '30306294000146' }] }, 'companies[0].cnpj'],
    [{ companies: [{ cnpj: '30306294000145', accounts: [{ bank: 'x' }] }] }, 'companies[0].accounts[0].bank'],
    [{ totpSecret: '1189' }, 'totpSecret'],
    [{ role: 'chefe' }, 'role'],
    [{ behaviour: 'rich' }, 'behaviour'],
    [{ password: '' }, 'password'],
  ])('refuses %j at %s', async (members, path) => {
    const got = await createWorld().call('POST', `${t}/users`, { username: 'u', password: 'p', ...members });
    expect([got.status, got.body]).toMatchObject([400, { errors: [{ path }] }]);
  });
});

describe('faults', () => {
  it('are set, listed, deleted, cleared', async () => {
    const { call } = createWorld();
    const made = await call('POST', `${t}/faults`, {
      at: 'bs2.token',
      when: { grantType: 'refresh_token' },
      effect: { status: 503, body: 'x' },
    });
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: 'fault-1',
        at: 'bs2.token',
        when: { grantType: 'refresh_token' },
        times: 1,
        effect: { status: 503, body: 'x' },
        acted: 0,
      },
    ]);
    await call('POST', `${t}/faults`, { at: 'btg.api', times: 0, effect: { drop: 'after' } });
    expect((await call('GET', `${t}/faults`)).body).toMatchObject({
      items: [made.body, { times: 0, effect: { drop: 'after' } }],
    });
    expect((await call('DELETE', `${t}/faults/fault-1`)).status).toBe(204);
    expect((await call('DELETE', `${t}/faults`)).status).toBe(204);
    expect((await call('GET', `${t}/faults`)).body).toEqual({ items: [] });
  });

  it('act on the bank', async () => {
    const { tenant, bank } = createWorld();
    await tenant.faults.create({ at: 'bs2.token', effect: { status: 503, headers: { 'Retry-After': '7' } } });
    const ask = async (): Promise<Response> =>
      bank(
        tenant.bs2.tokenEndpoint,
        tokenRequest(tenant.bs2.client ?? { id: '', secret: '' }, { grant_type: 'client_credentials', scope: 'saldo' }),
      );
    const first = await ask();
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '7']);
    expect((await ask()).status).toBe(200);
  });

  it.each([
    [{ at: 'bs2.tokens' }, 'at'],
    [{ effect: {} }, 'effect'],
    [{ effect: { status: 503, delay: 'PT1S' } }, 'effect'],
    [{ effect: { delay: 'PT1S', body: 'x' } }, 'effect'],
    [{ effect: { status: 204, body: 'x' } }, 'effect'],
    [{ effect: { status: 101 } }, 'effect.status'],
    [{ effect: { status: 600 } }, 'effect.status'],
    [{ effect: { status: 503.5 } }, 'effect.status'],
    [{ effect: { delay: 'PT5M1S' } }, 'effect.delay'],
    [{ effect: { drop: 'never' } }, 'effect.drop'],
    [{ effect: { truncate: false } }, 'effect.truncate'],
    [{ effect: { barrier: 1 } }, 'effect.barrier'],
    [{ effect: { barrier: 1001 } }, 'effect.barrier'],
    [{ effect: { status: 500, headers: { 'a b': 'c' } } }, 'effect.headers."a b"'],
    [{ effect: { status: 500, headers: { a: 'b\r\nc: d' } } }, 'effect.headers.a'],
    [{ effect: { status: 500, headers: { 'Content-Length': '1' } } }, 'effect.headers.Content-Length'],
    [{ effect: { alter: 'id-token-expired' } }, 'effect.alter'],
    [{ effect: { alter: 'id-token.exp-missing' } }, 'at'],
    [{ times: -1 }, 'times'],
    [{ when: { user: 'x' } }, 'when.user'],
  ])('refuses %j at %s', async (members, path) => {
    const got = await createWorld().call('POST', `${t}/faults`, {
      at: 'bs2.token',
      effect: { truncate: true },
      ...members,
    });
    expect([got.status, got.body]).toMatchObject([400, { errors: [{ path }] }]);
  });

  it('are a thousand at most', async () => {
    const { call } = createWorld();
    const fault = { at: 'bs2.api', effect: { truncate: true } };
    for (let count = 0; count < 1000; count += 1) await call('POST', `${t}/faults`, fault);
    expect((await call('POST', `${t}/faults`, fault)).body).toMatchObject({ status: 409, code: 'ERR_TOO_MANY_FAULTS' });
  });
});

describe('the journal', () => {
  it('lists what happened, redacted, also as HAR, and forgets it', async () => {
    const { call, tenant, bank } = createWorld();
    const client = tenant.bs2.client ?? { id: '', secret: '' };
    await bank(tenant.bs2.tokenEndpoint, tokenRequest(client, { grant_type: 'client_credentials', scope: 'saldo' }));
    const listed = await call('GET', `${t}/journal`);
    expect(listed.body).toMatchObject({
      items: [{ id: 1, bank: 'bs2', endpoint: 'token', clientId: client.id, response: { status: 200 } }],
    });
    expect(listed.text).not.toContain(client.secret);
    expect((await call('GET', `${t}/journal?format=json`)).body).toEqual(listed.body);
    const har = await call('GET', `${t}/journal?format=har`);
    expect(har.body).toMatchObject({
      log: {
        version: '1.2',
        creator: { name: 'homologa', version: '9.9.9' },
        entries: [{ response: { status: 200 } }],
      },
    });
    expect((await call('DELETE', `${t}/journal`)).status).toBe(204);
    expect((await call('GET', `${t}/journal`)).body).toEqual({ items: [] });
  });
});
