import { describe, expect, it } from 'vitest';
import type { NewConsent, TenantHandle } from '../tenant-handle.js';
import { containing, createWorld, matching, origin, tenantPath, tokenRequest } from './test-world.js';

const redirectUri = 'http://localhost:3000/callback';

function bs2Url(tenant: TenantHandle, members: Record<string, string | undefined> = {}): string {
  return url(tenant.bs2.authorizationEndpoint, {
    client_id: tenant.bs2.client?.id,
    scope: 'saldo extrato',
    ...members,
  });
}

function btgUrl(tenant: TenantHandle, members: Record<string, string | undefined> = {}): string {
  return url(tenant.btg.authorizationEndpoint, { client_id: tenant.btg.client?.id, scope: 'openid email', ...members });
}

function url(endpoint: string, members: Record<string, string | undefined>): string {
  const all = { response_type: 'code', redirect_uri: redirectUri, state: 's-1', ...members };
  const given = Object.entries(all).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return `${endpoint}?${new URLSearchParams(given).toString()}`;
}

async function parametersOf(tenant: TenantHandle, consent: NewConsent): Promise<Record<string, string>> {
  const { redirectTo } = await tenant.consents.create(consent);
  expect(redirectTo.startsWith(`${redirectUri}?`)).toBe(true);
  return Object.fromEntries(new URL(redirectTo).searchParams);
}

describe('a consent at BS2', () => {
  it.each(['sms', 'app'] as const)('by %s gives a code that works', async (secondFactor) => {
    const { tenant, bank } = createWorld();
    const { code, state, ...rest } = await parametersOf(tenant, {
      authorizationUrl: bs2Url(tenant),
      decision: 'approve',
      secondFactor,
    });
    expect([state, rest]).toEqual(['s-1', {}]);
    const request = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: redirectUri };
    const response = await bank(
      tenant.bs2.tokenEndpoint,
      tokenRequest(tenant.bs2.client ?? { id: '', secret: '' }, request),
    );
    expect(await response.json()).toMatchObject({ scope: 'saldo extrato', expires_in: 420 });
    expect(await tenant.grants.list()).toMatchObject([
      {
        bank: 'bs2',
        username: 'correntista',
        company: '30306294000145',
        origin: 'consent',
        accessTokens: [{ live: true }],
      },
    ]);
    expect((await tenant.secondFactor.get('correntista')).sms).toEqual(
      secondFactor === 'sms' ? matching(/^\d{6}$/) : null,
    );
  });

  it('for a company, and of a part of the scope', async () => {
    const { tenant } = createWorld();
    const consent = {
      authorizationUrl: bs2Url(tenant),
      decision: 'approve',
      company: '12ABC34501DE35',
      scope: 'extrato',
      username: '111.444.777-35',
    } as const;
    await tenant.consents.create(consent);
    expect(await tenant.grants.list()).toMatchObject([
      { username: 'correntista', company: '12ABC34501DE35', scope: 'extrato' },
    ]);
  });

  it('is denied, by the user or by who always denies', async () => {
    const { tenant } = createWorld();
    const denied = { error: 'access_denied', state: 's-1' };
    expect(await parametersOf(tenant, { authorizationUrl: bs2Url(tenant), decision: 'deny' })).toMatchObject(denied);
    expect(
      await parametersOf(tenant, { authorizationUrl: bs2Url(tenant), decision: 'approve', username: 'recusa' }),
    ).toMatchObject(denied);
    expect(await tenant.grants.list()).toEqual([]);
  });

  it.each(['codigo-errado', 'codigo-expirado'])('of %s is denied after the allowed attempts', async (username) => {
    const { tenant } = createWorld();
    for (const secondFactor of ['sms', 'app'] as const) {
      const parameters = await parametersOf(tenant, {
        authorizationUrl: bs2Url(tenant),
        decision: 'approve',
        username,
        secondFactor,
      });
      expect(parameters).toMatchObject({ error: 'access_denied' });
    }
    await tenant.settings.patch({ bs2: { secondFactorAttempts: 100 } });
    expect(
      await parametersOf(tenant, { authorizationUrl: bs2Url(tenant), decision: 'approve', username }),
    ).toMatchObject({ error: 'access_denied' });
  });

  it('redirects with the request’s own error', async () => {
    const { tenant } = createWorld();
    const authorizationUrl = bs2Url(tenant, { scope: 'unknown' });
    expect(await parametersOf(tenant, { authorizationUrl, decision: 'approve' })).toMatchObject({
      error: 'invalid_scope',
      state: 's-1',
    });
  });

  it('takes Basic in place of client_id', async () => {
    const { tenant } = createWorld();
    const { id = '', secret } = tenant.bs2.client ?? {};
    const authorizationUrl = bs2Url(tenant, { client_id: undefined });
    await parametersOf(tenant, { authorizationUrl, decision: 'approve', basic: { id, secret: secret ?? '' } });
    await expect(
      tenant.consents.create({ authorizationUrl, decision: 'approve', basic: { id, secret: 'wr:ong%' } }),
    ).rejects.toMatchObject({
      status: 422,
      code: 'ERR_NO_REDIRECT',
      cause: { shown: { status: 401, code: '3000201', text: containing('invalid_client') } },
    });
  });

  it('goes on from the login page that a backend was sent to', async () => {
    const { tenant, bank } = createWorld();
    const basic = Buffer.from(`${tenant.bs2.client?.id ?? ''}:${tenant.bs2.client?.secret ?? ''}`).toString('base64');
    const response = await bank(bs2Url(tenant, { client_id: undefined }), {
      headers: { authorization: `Basic ${basic}` },
    });
    const authorizationUrl = response.headers.get('location') ?? '';
    expect(authorizationUrl).toContain('sessionID=');
    expect(await parametersOf(tenant, { authorizationUrl, decision: 'approve' })).toMatchObject({
      code: matching(/./),
      state: 's-1',
    });
    await expect(tenant.consents.create({ authorizationUrl, decision: 'approve' })).rejects.toMatchObject({
      code: 'ERR_NO_REDIRECT',
      cause: { shown: { status: 400, code: '3002110' } },
    });
  });

  it.each([
    ['http://elsewhere.example:1234/bs2', true],
    ['https://elsewhere.example', true],
    ['', true],
    ['/bs2', true],
    ['http://x/t/default/bs2', true],
    ['http://x/t/other/bs2', false],
    ['http://x/btg', false],
    ['http://x/bs2/bs2', false],
  ])('at %j: %s', async (base, accepted) => {
    const { tenant } = createWorld();
    const authorizationUrl = bs2Url(tenant).replace(`${origin}/bs2`, base);
    const consent = tenant.consents.create({ authorizationUrl, decision: 'approve' });
    if (accepted) expect((await consent).redirectTo).toContain('code=');
    else await expect(consent).rejects.toMatchObject({ status: 422, code: 'ERR_NOT_AN_AUTHORIZATION_URL' });
  });

  it('types a spent app code only where the bank takes it', async () => {
    const { tenant } = createWorld();
    await tenant.clock.freeze();
    const consent = { authorizationUrl: bs2Url(tenant), decision: 'approve', secondFactor: 'app' } as const;
    for (let count = 0; count < 3; count += 1) await tenant.consents.create(consent);
    await expect(tenant.consents.create(consent)).rejects.toMatchObject({ status: 422, code: 'ERR_NO_APP_CODE' });
    await tenant.settings.patch({ bs2: { secondFactorReplay: 'accept' } });
    expect((await tenant.consents.create(consent)).redirectTo).toContain('code=');
  });

  it('is under the faults of the authorization endpoint and of the redirect', async () => {
    const { tenant } = createWorld();
    const consent = { authorizationUrl: bs2Url(tenant), decision: 'approve' } as const;
    await tenant.faults.create({ at: 'bs2.authorize', when: { state: 's-1' }, effect: { status: 503, body: 'busy' } });
    await expect(tenant.consents.create(consent)).rejects.toMatchObject({
      cause: { shown: { status: 503, text: 'busy' } },
    });
    await tenant.faults.create({ at: 'bs2.redirect', effect: { drop: 'after' } });
    await expect(tenant.consents.create(consent)).rejects.toMatchObject({ cause: { shown: { status: 0 } } });
    expect((await tenant.consents.create(consent)).redirectTo).toContain('code=');
    expect(await tenant.journal.list()).toMatchObject([
      { endpoint: 'authorize', played: true, faults: ['fault-1'], response: { status: 503 } },
      { endpoint: 'authorize', played: true, faults: ['fault-2'] },
      { endpoint: 'authorize', played: true, outcome: 'code', username: 'correntista', response: { status: 302 } },
    ]);
  });
});

describe('a consent at BTG', () => {
  it.each(['off', 'app', 'sms'] as const)('with the second factor %s gives a code', async (secondFactor) => {
    const { tenant } = createWorld();
    await tenant.settings.patch({ btg: { secondFactor } });
    const parameters = await parametersOf(tenant, {
      authorizationUrl: btgUrl(tenant),
      decision: 'approve',
      scope: 'openid',
    });
    expect(parameters).toEqual({ code: matching(/^[\w-]{43}$/), iss: `${origin}/btg`, state: 's-1' });
    expect(await tenant.grants.list()).toMatchObject([{ bank: 'btg', company: '30306294000145', scope: 'openid' }]);
  });

  it('is denied', async () => {
    const { tenant } = createWorld();
    for (const secondFactor of ['off', 'sms'] as const) {
      await tenant.settings.patch({ btg: { secondFactor } });
      const parameters = await parametersOf(tenant, { authorizationUrl: btgUrl(tenant), decision: 'deny' });
      expect(parameters).toMatchObject({ error: 'access_denied', iss: `${origin}/btg` });
    }
  });

  it('is for a company that the bank offers', async () => {
    const { tenant } = createWorld();
    const consent = { authorizationUrl: btgUrl(tenant), decision: 'approve', company: '12ABC34501DE35' } as const;
    await expect(tenant.consents.create(consent)).rejects.toMatchObject({
      status: 422,
      code: 'ERR_COMPANY_NOT_OFFERED',
    });
    await tenant.settings.patch({ btg: { companies: 'linked' } });
    await tenant.consents.create(consent);
    expect(await tenant.grants.list()).toMatchObject([{ company: '12ABC34501DE35' }]);
  });

  it('is not redirected for an unknown application', async () => {
    const { tenant } = createWorld();
    await expect(
      tenant.consents.create({ authorizationUrl: btgUrl(tenant, { client_id: 'x' }), decision: 'approve' }),
    ).rejects.toMatchObject({
      status: 422,
      code: 'ERR_NO_REDIRECT',
      cause: { shown: { status: 404, code: 'AppNotFoundError' } },
    });
  });

  it('takes no Basic', async () => {
    const { tenant } = createWorld();
    const consent = { authorizationUrl: btgUrl(tenant), decision: 'approve', basic: { id: 'a', secret: 'b' } } as const;
    await expect(tenant.consents.create(consent)).rejects.toMatchObject({ status: 422, code: 'ERR_BASIC_NOT_TAKEN' });
  });
});

describe('a consent that cannot be played', () => {
  it('of a locked user, with what the bank shows', async () => {
    const { tenant } = createWorld();
    for (const [authorizationUrl, code] of [
      [bs2Url(tenant), '3001202'],
      [btgUrl(tenant), 'access_denied'],
    ] as const) {
      await expect(
        tenant.consents.create({ authorizationUrl, decision: 'approve', username: 'bloqueado' }),
      ).rejects.toMatchObject({
        status: 422,
        cause: { shown: { status: 403, code, text: containing('bloqueado') } },
      });
    }
  });

  it('of a redirect_uri that is not the client’s, without markup in its text', async () => {
    const { tenant } = createWorld();
    const authorizationUrl = bs2Url(tenant, { redirect_uri: 'https://attacker.example/' });
    const refusal = tenant.consents.create({ authorizationUrl, decision: 'approve' });
    await expect(refusal).rejects.toMatchObject({
      cause: { shown: { status: 400, code: '3000114', text: matching(/^[^<>]*$/) } },
    });
  });

  it('for want of a user, a company or a scope', async () => {
    const { call, tenant } = createWorld();
    const consent = { authorizationUrl: bs2Url(tenant), decision: 'approve' };
    const post = async (members: object): Promise<unknown> =>
      (await call('POST', `${tenantPath}/consents`, { ...consent, ...members })).body;
    expect(await post({ username: 'nobody' })).toMatchObject({ status: 404, code: 'ERR_USER_NOT_FOUND' });
    expect(await post({ company: '11222333000181' })).toMatchObject({ status: 422, code: 'ERR_COMPANY_NOT_OFFERED' });
    expect(await post({ scope: 'saldo boleto' })).toMatchObject({ status: 422, code: 'ERR_SCOPE_NOT_REQUESTED' });
    expect(await post({ decision: undefined })).toMatchObject({ status: 400, errors: [{ path: 'decision' }] });
    expect(await post({ secondFactor: 'push' })).toMatchObject({ status: 400, errors: [{ path: 'secondFactor' }] });
    expect(await post({ authorizationUrl: 'http://[' })).toMatchObject({
      status: 422,
      code: 'ERR_NOT_AN_AUTHORIZATION_URL',
    });
    await call('POST', '/_mock/tenants', { id: 'empty', users: [] });
    expect((await call('POST', '/_mock/tenants/empty/consents', consent)).body).toMatchObject({
      status: 404,
      code: 'ERR_USER_NOT_FOUND',
    });
  });
});
