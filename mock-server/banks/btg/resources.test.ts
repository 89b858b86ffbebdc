import { describe, expect, it } from 'vitest';
import { otherClient, TestWorld, textMembers } from './test-world.js';

const company = '30306294000145';
const account = `${company}-208-0050-100001`;

describe('accounts and balances', () => {
  it('answer with the shapes seen', async () => {
    const world = new TestWorld();
    const { access } = await world.tokens();
    const accounts = await world.accounts(access);
    expect(accounts.header('content-type')).toBe('application/json');
    expect(accounts.json()).toEqual({
      data: [
        { accountId: account, branchCode: '0050', number: '100001', companyId: company },
        { accountId: `${company}-208-0050-100002`, branchCode: '0050', number: '100002', companyId: company },
      ],
    });
    const balance = await world.request('GET', `/${company}/banking/accounts/${account}/balances`, {
      authorization: `Bearer ${access}`,
    });
    expect(balance.json()).toEqual({
      accountId: account,
      available: { amount: 50000.25, currency: 'BRL' },
      blocked: {
        amount: 0,
        currency: 'BRL',
        blockedDate: new Date(world.tenant.clock.now()).toISOString().slice(0, 10),
      },
    });
  });

  it('know no other account of the company', async () => {
    const world = new TestWorld();
    const { access } = await world.tokens();
    const headers = { authorization: `Bearer ${access}` };
    const reply = await world.request(
      'GET',
      `/${company}/banking/accounts/${company}-208-0050-999999/balances`,
      headers,
    );
    expect([reply.status, reply.json()['error']]).toEqual([404, 'not_found']);
  });
});

describe('a bearer token', () => {
  it('that is absent gets a challenge without an error', async () => {
    const world = new TestWorld();
    const { access } = await world.tokens();
    const url = `/${company}/banking/accounts`;
    for (const headers of [{}, world.basic()]) {
      const reply = await world.request('GET', `${url}?access_token=${access}`, headers);
      expect(reply.status).toBe(401);
      expect(reply.header('www-authenticate')).toBe('Bearer realm="BTG"');
    }
  });

  it('that does not work gets 401 and invalid_token', async () => {
    const world = new TestWorld();
    const { access, refresh, id } = await world.tokens();
    const [header, claims, signature = ''] = access.split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${claims ?? ''}.e30`;
    const jti = (JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()) as { jti: string }).jti;
    const tampered = `${header ?? ''}.${Buffer.from(`{"jti":"${jti}"}`).toString('base64url')}.${signature}`;
    for (const token of ['x', '', '???', refresh, id, jti, none, tampered, `${access}x`, access.slice(0, -1)]) {
      const reply = await world.accounts(token);
      expect(reply.status).toBe(401);
      expect(reply.header('www-authenticate')).toBe('Bearer realm="BTG", error="invalid_token"');
      expect(reply.json()['error']).toBe('invalid_token');
    }
  });

  it('of another tenant does not work', async () => {
    const { access } = await new TestWorld().tokens();
    expect((await new TestWorld().accounts(access)).status).toBe(401);
  });

  it('without the scope gets 403 and the scopes of which any one suffices', async () => {
    const world = new TestWorld();
    const { access } = await world.tokens({ scope: 'openid email' });
    const reply = await world.accounts(access);
    expect(reply.status).toBe(403);
    expect(reply.header('www-authenticate')).toBe('Bearer realm="BTG", error="insufficient_scope"');
    expect(reply.json()).toEqual({
      error: 'insufficient_scope',
      error_description:
        'Insufficient scope. Required: empresas.btgpactual.com/accounts.readonly, ' +
        'brn:btg:empresas:openfinance:accounts:info.readonly, empresas.btgpactual.com/accounts',
    });
  });

  it.each([
    ['empresas.btgpactual.com/accounts', 200, 200],
    ['empresas.btgpactual.com/accounts.readonly', 200, 200],
    ['brn:btg:empresas:openfinance:accounts:info.readonly', 200, 403],
    ['brn:btg:empresas:openfinance:accounts:balances.readonly', 403, 200],
  ])('with %s reads accounts: %d, balances: %d', async (scope, accounts, balances) => {
    const world = new TestWorld();
    const { access } = await world.tokens({ scope: `openid ${scope}` });
    const authorization = `Bearer ${access}`;
    expect((await world.accounts(access)).status).toBe(accounts);
    const url = `/${company}/banking/accounts/${account}/balances`;
    expect((await world.request('GET', url, { authorization })).status).toBe(balances);
  });

  it('of client_credentials has no access to banking', async () => {
    const world = new TestWorld();
    const form = { grant_type: 'client_credentials', scope: 'empresas.btgpactual.com/accounts.readonly' };
    const { access } = textMembers((await world.post('/oauth2/token', form, world.basic())).json());
    const reply = await world.accounts(access);
    expect([reply.status, reply.json()['error']]).toEqual([403, 'forbidden']);
  });

  it('of an application that is not enabled gets 403', async () => {
    const world = new TestWorld({ clients: [{ ...otherClient, provisioned: false }] });
    const code = await world.code({ client_id: otherClient.id, scope: otherClient.scope });
    const { access } = textMembers((await world.redeem(code, {}, world.basic(otherClient))).json());
    expect((await world.accounts(access)).status).toBe(403);
  });

  it('dies with its grant and with its client', async () => {
    const world = new TestWorld({ clients: [otherClient] });
    const code = await world.code({ client_id: otherClient.id, scope: otherClient.scope });
    const { access } = textMembers((await world.redeem(code, {}, world.basic(otherClient))).json());
    expect((await world.accounts(access)).status).toBe(200);
    world.tenant.clients.remove(otherClient);
    expect((await world.accounts(access)).status).toBe(401);
  });
});

describe('the company in the path', () => {
  it('of the sandbox is the dedicated one; every other is unknown', async () => {
    const world = new TestWorld();
    const { access } = await world.tokens();
    for (const other of ['12ABC34501DE35', '11222333000181', '../..', '%']) {
      expect((await world.accounts(access, encodeURIComponent(other))).status).toBe(404);
    }
  });

  it('of production is the one consented for', async () => {
    const world = new TestWorld({ settings: { btg: { companies: 'linked' } } });
    const { access } = await world.tokens({}, { company: '12ABC34501DE35' });
    expect((await world.accounts(access, '12ABC34501DE35')).json()).toMatchObject({
      data: [{ accountId: '12ABC34501DE35-208-0050-200002' }],
    });
    expect((await world.accounts(access)).status).toBe(403);
    expect((await world.accounts(access, '11222333000181')).status).toBe(403);
  });
});

describe('the developer role', () => {
  it.each([
    [false, 200],
    [true, 403],
  ])('with requireOperator %s gets %d', async (requireOperator, status) => {
    const world = new TestWorld({ settings: { btg: { requireOperator } } });
    const { access } = await world.tokens({}, { username: 'desenvolvedor' });
    expect((await world.accounts(access)).status).toBe(status);
  });
});
