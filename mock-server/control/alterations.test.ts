import { describe, expect, it } from 'vitest';
import { alterations } from '../faults/catalogue.js';
import { containing, createWorld, tenantPath, tokenRequest } from './test-world.js';

const path = `${tenantPath}/faults`;

describe('the alterations that a fault can make', () => {
  it('are listed in the catalogue, each with its bank, its point and the requirements that it is about', async () => {
    const { call, tenant } = createWorld();
    const { status, body } = await call('GET', '/_mock/faults');
    expect(status).toBe(200);
    const items = alterations.map(({ id, bank, at, description, breaks }) => ({ id, bank, at, description, breaks }));
    expect(body).toEqual({ items });
    expect(await tenant.faults.catalogue()).toEqual(items);
    expect((await call('POST', '/_mock/faults', {})).status).toBe(405);
  });

  it('are set by an id, listed by it, and act', async () => {
    const { call, tenant, bank } = createWorld();
    const made = await call('POST', path, { at: 'bs2.token', effect: { alter: 'bs2.token-response.token-type-case' } });
    expect(made).toMatchObject({
      status: 201,
      body: { at: 'bs2.token', times: 1, effect: { alter: 'bs2.token-response.token-type-case' }, acted: 0 },
    });
    expect((await call('GET', path)).body).toEqual({ items: [made.body] });
    const client = tenant.bs2.client ?? { id: '', secret: '' };
    const form = { grant_type: 'client_credentials', scope: 'saldo' };
    expect(await (await bank(tenant.bs2.tokenEndpoint, tokenRequest(client, form))).text()).toContain('"bEARER"');
    expect((await call('GET', path)).body).toEqual({ items: [] });
  });

  it.each(alterations.map(({ id, bank, at }) => [at, id, id.slice(bank.length + 1)]))(
    'at %s: %s may be called %s',
    async (at, id, short) => {
      const { tenant } = createWorld();
      for (const alter of [id, short]) {
        expect(await tenant.faults.create({ at, effect: { alter } })).toMatchObject({ effect: { alter: id } });
      }
    },
  );

  it('are gone after a reset', async () => {
    const { tenant } = createWorld();
    await tenant.faults.create({ at: 'btg.token', effect: { alter: 'id-token.missing' } });
    await tenant.reset();
    expect(await tenant.faults.list()).toEqual([]);
  });

  it('are refused where one is unknown, with the nearest ids of that bank', async () => {
    const { call } = createWorld();
    const got = await call('POST', path, { at: 'btg.token', effect: { alter: 'id-token.iss-wrng' } });
    expect(got).toMatchObject({
      status: 400,
      body: {
        code: 'ERR_UNKNOWN_ALTERATION',
        detail: containing('"id-token.iss-wrng"; the nearest at this bank are btg.id-token.iss-wrong'),
        errors: [
          { path: 'effect.alter', expected: containing('btg.id-token.iss-wrong'), received: '"id-token.iss-wrng"' },
        ],
      },
    });
    expect((await call('GET', path)).body).toEqual({ items: [] });
  });

  it.each([
    ['bs2.token', 'id-token.iss-wrong', 'btg.token, where "id-token.iss-wrong" acts'],
    ['btg.api', 'btg.id-token.iss-wrong', 'btg.token, where "btg.id-token.iss-wrong" acts'],
    ['bs2.redirect', 'api.html', 'bs2.api or btg.api, where "api.html" acts'],
    ['btg.api', 'bs2.api.html', 'bs2.api, where "bs2.api.html" acts'],
  ])('are refused at %s where that is not the point of %s', async (at, alter, expected) => {
    const got = await createWorld().call('POST', path, { at, effect: { alter } });
    expect(got).toMatchObject({
      status: 400,
      body: { code: 'ERR_INVALID_REQUEST', errors: [{ path: 'at', expected, received: JSON.stringify(at) }] },
    });
  });

  it.each([
    [{ alter: 7 }, 'effect.alter'],
    [{ alter: '' }, 'effect.alter'],
    [{ alter: 'a b' }, 'effect.alter'],
    [{ alter: 'x'.repeat(101) }, 'effect.alter'],
    [{ alter: 'api.html', status: 503 }, 'effect'],
  ])('are refused as %j at %s', async (effect, member) => {
    const got = await createWorld().call('POST', path, { at: 'bs2.api', effect });
    expect(got).toMatchObject({ status: 400, body: { errors: [{ path: member }] } });
  });
});
