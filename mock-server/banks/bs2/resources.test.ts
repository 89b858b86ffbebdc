import { beforeEach, describe, expect, it } from 'vitest';
import { basicOf, Bs2World } from '../../testing/bs2-world.js';
import { bs2Paths } from './profile.js';

const week = 'movimentoInicial=2026-11-01&movimentoFinal=2026-11-08';
let world = new Bs2World();
beforeEach(() => {
  world = new Bs2World();
  world.tenant.clock.freeze();
});
const get = async (
  path: string,
  authorization: string | null,
): Promise<{ status: number; headers: Headers; text: string }> => {
  const response = await world.fetch(path, authorization === null ? {} : { headers: { authorization } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe.each([
  ['balance', bs2Paths.balance],
  ['balance, first version', bs2Paths.balanceV1],
  ['statement', `${bs2Paths.statement}?${week}`],
  ['statement, first version', `${bs2Paths.statementV1}?${week}`],
])('the %s', (_name, path) => {
  it('is given to a live token', async () => {
    const { accessToken } = await world.grant();
    const answer = await get(path, `Bearer ${accessToken}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json;charset=utf-8']);
    expect((await get(path, `bearer ${accessToken}`)).status).toBe(200);
  });

  it.each([
    ['an unknown token', 'Bearer unknown'],
    ['a token of a prototype', 'Bearer __proto__'],
    ['no token', 'Bearer '],
    ['two tokens', 'Bearer a b'],
    ['Basic', 'Basic bDc6eA=='],
  ])('answers %s with the plain text that clients compare', async (_case, authorization) => {
    const answer = await get(path, authorization);
    expect([answer.status, answer.text]).toEqual([401, 'Invalid token']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(answer.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
  });

  it('answers no credentials at all with the gateway’s JSON and a bare challenge', async () => {
    const answer = await get(path, null);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(answer.text).toBe('{\r\n  "error":"invalid_request",\r\n  "error_description":"Validation error"\r\n}');
  });

  it('answers a client that is not provisioned with an empty 403', async () => {
    const { accessToken } = await world.grant();
    world.tenant.clients.put({ ...world.client, provisioned: false });
    const answer = await get(path, `Bearer ${accessToken}`);
    expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([403, '', null]);
  });

  it('answers a scope that does not open it with an empty 403', async () => {
    const { accessToken } = await world.grant({ scope: 'pagamento' });
    const answer = await get(path, `Bearer ${accessToken}`);
    expect([answer.status, answer.text]).toEqual([403, '']);
  });

  it('takes no token in the query or the body', async () => {
    const { accessToken } = await world.grant();
    const separator = path.includes('?') ? '&' : '?';
    expect((await get(`${path}${separator}access_token=${accessToken}`, null)).status).toBe(401);
    expect(
      (await world.fetch(path, { method: 'POST', body: new URLSearchParams({ access_token: accessToken }) })).status,
    ).toBe(405);
  });

  it('answers a token whose client was removed as unknown', async () => {
    const { accessToken } = await world.grant();
    world.tenant.clients.remove(world.client);
    expect((await get(path, `Bearer ${accessToken}`)).text).toBe('Invalid token');
  });
});

describe('the balance', () => {
  it('has the documented members, of the account of the company that was consented for', async () => {
    const { accessToken } = await world.grant();
    expect((await get(bs2Paths.balance, `Bearer ${accessToken}`)).text).toBe(
      '{"valor":12345.67,"valorBloqueado":100.5}',
    );
    const other = await world.grant({ username: 'outra' });
    expect((await get(bs2Paths.balance, `Bearer ${other.accessToken}`)).text).toBe('{"valor":10,"valorBloqueado":0}');
  });

  it('is that of the application’s own account for client_credentials', async () => {
    const { accessToken } = await world.clientCredentials();
    expect((await get(bs2Paths.balance, `Bearer ${accessToken}`)).text).toBe(
      '{"valor":12345.67,"valorBloqueado":100.5}',
    );
  });

  it.each(['forintegration', 'pix.cambio.collection.order', 'pix.cambio.payment.order'])(
    'is opened by the scope %s too',
    async (scope) => {
      world.tenant.clients.put({ ...world.client, registeredScope: [scope] });
      const { accessToken } = await world.clientCredentials(world.client, scope);
      expect(await world.statusOf(accessToken)).toBe(200);
    },
  );

  it('answers a date that is none with a business error, the fourth shape', async () => {
    const { accessToken } = await world.grant();
    const answer = await get(`${bs2Paths.balance}?dataReferencia=ontem`, `Bearer ${accessToken}`);
    expect([answer.status, answer.text]).toEqual([
      400,
      '[{"tag":"dataReferencia","descricao":"A data de referência é inválida."}]',
    ]);
    expect((await get(`${bs2Paths.balance}?dataReferencia=2026-11-01T00:00:00Z`, `Bearer ${accessToken}`)).status).toBe(
      200,
    );
  });

  it('is not given where the company has no account at this bank', async () => {
    const { accessToken } = await world.grant();
    const user = world.user('correntista');
    world.tenant.users.put({ ...user, companies: user.companies.map((company) => ({ ...company, accounts: [] })) });
    expect(await world.statusOf(accessToken)).toBe(403);
  });
});

describe('the statement', () => {
  const ask = async (query: string): Promise<{ status: number; text: string }> => {
    const { accessToken } = await world.grant();
    return get(`${bs2Paths.statement}?${query}`, `Bearer ${accessToken}`);
  };

  it('has the recorded members in their order, and says nothing of before the movements', async () => {
    const { text } = await ask(week);
    const members = (value: unknown): string[] =>
      typeof value === 'object' && value !== null ? Object.keys(value) : [];
    const statement: unknown = JSON.parse(text);
    expect(members(statement)).toEqual(['saldo', 'chequeEspecial', 'movimentacoes', 'inicio', 'limite', 'total']);
    expect(statement).toMatchObject({
      saldo: { final: 12345.67, bloqueado: { judicial: 100.5 } },
      chequeEspecial: null,
      inicio: 0,
      limite: 100,
      total: 2,
    });
  });

  it('goes on from where it is asked to', async () => {
    expect(JSON.parse((await ask(`${week}&inicio=1`)).text)).toMatchObject({
      inicio: 1,
      total: 2,
      movimentacoes: [{ protocolo: 'TESTE0002' }],
    });
    expect(JSON.parse((await ask(`${week}&inicio=9`)).text)).toMatchObject({ movimentacoes: [] });
  });

  it.each([
    ['', 'movimentoInicial'],
    ['movimentoInicial=2026-11-01', 'movimentoFinal'],
    ['movimentoInicial=x&movimentoFinal=2026-11-01', 'movimentoInicial'],
    ['movimentoInicial=2026-11-02&movimentoFinal=2026-11-01', 'movimentoInicial'],
    [`${week}&inicio=-1`, 'inicio'],
    [`${week}&inicio=1e9`, 'inicio'],
    [`${week}&inicio=99999999999999999999`, 'inicio'],
  ])('answers the query %j with a business error about %s', async (query, tag) => {
    const { status, text } = await ask(query);
    expect([status, JSON.parse(text)]).toMatchObject([400, [{ tag }]]);
  });

  it.each([
    'movimentoInicial=-271821-04-20&movimentoFinal=%2B275760-09-13',
    'movimentoInicial=0000-01-01&movimentoFinal=9999-12-31',
  ])('survives the furthest dates: %s', async (query) => {
    expect((await ask(query)).status).toBeLessThan(500);
  });
});

describe('paths', () => {
  it.each([
    '/',
    '',
    '/auth/oauth/v2/token/',
    '/auth/oauth/v2/revoke',
    '/openid/connect/v1/userinfo',
    '/.well-known/openid-configuration',
    '/auth/oauth/v2/%74oken',
    '/__proto__',
  ])('that BS2 does not have are an empty 404: %j', async (path) => {
    const response = await world.fetch(path, { headers: { authorization: basicOf(world.client) } });
    expect([response.status, await response.text()]).toEqual([404, '']);
  });
});
