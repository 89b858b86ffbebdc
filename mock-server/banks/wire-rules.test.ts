import { describe, expect, it } from 'vitest';
import { createWorld, tenantPath } from '../control/test-world.js';
import type { World } from '../control/test-world.js';
import { layoutOf } from './json-layout.js';

const settings = `${tenantPath}/settings`;

async function tokenError({ bank, tenant }: World, which: 'bs2' | 'btg'): Promise<Response> {
  const { client, tokenEndpoint } = tenant[which];
  if (client === null) throw new Error('The tenant has no client.');
  const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret ?? ''}`).toString('base64')}`;
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: 'nenhum',
    redirect_uri: 'http://a.example',
  });
  return bank(tokenEndpoint, { method: 'POST', headers: { authorization }, body });
}

const balance = ({ bank, tenant }: World) =>
  bank(tenant.bs2.balanceEndpoint, { headers: { authorization: 'Bearer nenhum' } });

describe('the setting wire', () => {
  it('is empty by default, and then changes nothing', async () => {
    const world = createWorld();
    expect((await world.call('GET', settings)).body).toMatchObject({ bs2: { wire: [] }, btg: { wire: [] } });
    const before = await (await tokenError(world, 'bs2')).text();
    await world.call('PATCH', settings, { bs2: { wire: [] } });
    expect(await (await tokenError(world, 'bs2')).text()).toBe(before);
  });

  it('takes headers away and sets others, at one endpoint or at all', async () => {
    const world = createWorld();
    const wire = [
      { omitHeaders: ['Pragma'] },
      { when: { at: 'token' }, setHeaders: { 'Cache-Control': 'no-cache', 'X-Trace': 'a' } },
    ];
    expect((await world.call('PATCH', settings, { bs2: { wire } })).status).toBe(200);
    const answer = await tokenError(world, 'bs2');
    expect(answer.headers.get('pragma')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('x-trace')).toBe('a');
    expect((await balance(world)).headers.get('x-trace')).toBeNull();
    expect((await tokenError(world, 'btg')).headers.get('pragma')).toBe('no-cache');
  });

  it('gives an error another status and body, in the layout that the bank has', async () => {
    const world = createWorld();
    const body = { error: 'invalid_grant', message: 'Código inválido' };
    const when = { at: 'token', grantType: 'authorization_code', status: 400, error: 'invalid_grant' };
    await world.call('PATCH', settings, {
      bs2: { wire: [{ when, status: 401, body }] },
      btg: { wire: [{ when, body }] },
    });
    const gateway = await tokenError(world, 'bs2');
    expect(gateway.status).toBe(401);
    expect(await gateway.text()).toBe('{\r\n  "error":"invalid_grant",\r\n  "message":"Código inválido"\r\n}');
    expect(await (await tokenError(world, 'btg')).text()).toBe('{"error":"invalid_grant","message":"Código inválido"}');
    expect(await (await balance(world)).text()).toBe('Invalid token');
  });

  it('does not hold where the condition is another', async () => {
    const world = createWorld();
    const rules = [{ at: 'api' }, { grantType: 'refresh_token' }, { status: 401 }, { error: 'invalid_client' }];
    const before = await (await tokenError(world, 'btg')).text();
    await world.call('PATCH', settings, { btg: { wire: rules.map((when) => ({ when, body: 'x' })) } });
    expect(await (await tokenError(world, 'btg')).text()).toBe(before);
  });

  it('takes members away, sets and orders them', async () => {
    const world = createWorld();
    const wire = [
      { setMembers: { trace: 'a', error: 'bad' }, memberOrder: ['trace', 'error_description'] },
      { omitMembers: ['error'], when: { error: 'invalid_grant' } },
    ];
    await world.call('PATCH', settings, { btg: { wire } });
    const text = await (await tokenError(world, 'btg')).text();
    expect(text).toMatch(/^\{"trace":"a","error_description":"[^"]+"\}$/);
  });

  it.each(['compact', 'spaced', 'lines-lf', 'lines-crlf'])('lays JSON out %s', async (json) => {
    const world = createWorld();
    const [before, after] = [await tokenError(world, 'bs2'), { bs2: { wire: [{ json }] } }];
    await world.call('PATCH', settings, after);
    const text = await (await tokenError(world, 'bs2')).text();
    expect(layoutOf(text)).toBe(json);
    expect(JSON.parse(text)).toEqual(await before.json());
  });

  it('changes the parameters of the redirect to the partner', async () => {
    const world = createWorld();
    const wire = [
      { when: { at: 'redirect' }, omitParameters: ['iss'], setParameters: { error_description: 'Recusado' } },
    ];
    await world.call('PATCH', settings, { btg: { wire } });
    const { client, authorizationEndpoint } = world.tenant.btg;
    const parameters = {
      client_id: client?.id ?? '',
      response_type: 'code',
      scope: 'openid',
      state: 's',
      redirect_uri: 'http://localhost:3000/callback',
    };
    const authorizationUrl = `${authorizationEndpoint}?${new URLSearchParams(parameters).toString()}`;
    const { redirectTo } = await world.tenant.consents.create({ authorizationUrl, decision: 'deny' });
    expect(Object.fromEntries(new URL(redirectTo).searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'Recusado',
      state: 's',
    });
  });

  it.each([
    [{ omitHeaders: ['Content-Length'] }, 'bs2.wire[0].omitHeaders[0]'],
    [{ setHeaders: { 'X-A': 'a\r\nX-B: b' } }, 'bs2.wire[0].setHeaders.X-A'],
    [{ status: 99 }, 'bs2.wire[0].status'],
    [{ when: { at: 'nowhere' } }, 'bs2.wire[0].when.at'],
    [{ jsn: 'compact' }, 'bs2.wire[0].jsn'],
  ])('refuses %j', async (rule, path) => {
    const { call } = createWorld();
    expect(await call('PATCH', settings, { bs2: { wire: [rule] } })).toMatchObject({
      status: 400,
      body: { errors: [{ path }] },
    });
  });
});
