import { describe, expect, it } from 'vitest';
import { bankMutants } from '../mutants/catalogue.js';
import { containing, createWorld, tenantPath, tokenRequest } from './test-world.js';
import type { World } from './test-world.js';

const path = `${tenantPath}/mutants`;

/** Whether a refresh at BS2 leaves the refresh token as it was. */
async function keepsRefreshToken({ tenant, bank }: World): Promise<boolean> {
  const { client, tokenEndpoint } = tenant.bs2;
  if (client === null) throw new Error('The tenant has no BS2 client.');
  const { refreshToken } = await tenant.grants.create({ bank: 'bs2' });
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, scope: client.scope };
  await bank(tokenEndpoint, tokenRequest(client, form));
  return (await bank(tokenEndpoint, tokenRequest(client, form))).ok;
}

describe('the mutants of a tenant', () => {
  it('are listed in the catalogue, each with the requirements that it breaks', async () => {
    const { call } = createWorld();
    const { status, body } = await call('GET', '/_mock/mutants');
    expect(status).toBe(200);
    expect(body).toEqual({
      items: bankMutants.map(({ id, bank, description, breaks }) => ({ id, bank, description, breaks })),
    });
  });

  it('stand from when they are set, in the place of those that stood', async () => {
    const world = createWorld();
    expect((await world.call('GET', path)).body).toEqual({ items: [] });
    expect(await keepsRefreshToken(world)).toBe(false);
    const set = await world.call('PUT', path, ['bs2.refresh-not-rotated', 'btg.iss-missing', 'btg.iss-missing']);
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({ items: [{ id: 'bs2.refresh-not-rotated' }, { id: 'btg.iss-missing' }] });
    expect((await world.call('GET', path)).body).toEqual(set.body);
    expect(await keepsRefreshToken(world)).toBe(true);
    expect((await world.call('PUT', path, ['btg.iss-missing'])).body).toMatchObject({
      items: [{ id: 'btg.iss-missing' }],
    });
    expect(await keepsRefreshToken(world)).toBe(false);
  });

  it('act together, also on what the control API plays', async () => {
    const { tenant } = createWorld();
    await tenant.mutants.set(['btg.state-dropped', 'btg.iss-trailing-slash']);
    const { client, authorizationEndpoint, issuer } = tenant.btg;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client?.id ?? '',
      redirect_uri: client?.redirectUris[0] ?? '',
      scope: client?.scope ?? '',
      state: 'estado',
    });
    const authorizationUrl = `${authorizationEndpoint}?${query.toString()}`;
    const { redirectTo } = await tenant.consents.create({ authorizationUrl, decision: 'approve' });
    const { searchParams } = new URL(redirectTo);
    expect([...searchParams.keys()]).toEqual(['code', 'iss']);
    expect(searchParams.get('iss')).toBe(`${issuer}/`);
    await tenant.mutants.set(['bs2.expires-in-as-string', 'btg.access-token-type-wrong']);
    expect((await tenant.grants.create({ bank: 'bs2' })).tokens.expires_in).toBe(420);
    const { accessToken } = await tenant.grants.create({ bank: 'btg' });
    expect(JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      typ: 'JWT',
    });
  });

  it('are gone after a reset', async () => {
    const world = createWorld();
    await world.tenant.mutants.set(['bs2.refresh-not-rotated']);
    await world.tenant.reset();
    expect(await world.tenant.mutants.list()).toEqual([]);
    expect(await keepsRefreshToken(world)).toBe(false);
  });

  it('are refused where one is unknown, with the nearest ids, and nothing changes', async () => {
    const world = createWorld();
    await world.tenant.mutants.set(['btg.iss-missing']);
    const got = await world.call('PUT', path, ['bs2.state-dropped', 'bs2.refresh-not-rotatd']);
    expect(got.status).toBe(400);
    expect(got.body).toMatchObject({
      code: 'ERR_UNKNOWN_MUTANT',
      detail: containing('"bs2.refresh-not-rotatd"; the nearest are bs2.refresh-not-rotated'),
      errors: [{ path: '[1]', expected: containing('bs2.refresh-not-rotated'), received: '"bs2.refresh-not-rotatd"' }],
    });
    expect((await world.tenant.mutants.list()).map(({ id }) => id)).toEqual(['btg.iss-missing']);
  });

  it.each([
    ['an object', {}],
    ['a string', '"bs2.state-dropped"'],
    ['a list of something else', [7]],
    ['nothing', ''],
  ])('take a list of ids and not %s', async (_what, body) => {
    expect(await createWorld().call('PUT', path, body)).toMatchObject({ status: 400 });
  });

  it('are set by PUT with application/json only', async () => {
    const { call } = createWorld();
    expect((await call('PUT', path, [], { 'content-type': 'text/plain' })).status).toBe(415);
    const wrongMethod = await call('POST', path, []);
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'GET, PUT']);
  });
});
