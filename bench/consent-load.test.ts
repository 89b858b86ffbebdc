import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../mock-server/index.js';
import type { MockServer } from '../mock-server/index.js';
import { putConsents } from './consent-load.js';
import { authorizationOf, makeCodes } from './made-codes.js';

const usernames = ['cliente-a', 'cliente-b'];
let mock: MockServer;

beforeAll(async () => {
  mock = await startMockServer({ rateLimit: 'off' });
  for (const username of usernames) await mock.defaultTenant.users.create({ username, password: 'senha-de-teste' });
});

afterAll(() => mock.close());

describe.each(['bs2', 'btg'] as const)('at %s', (bank) => {
  it('customers consent and redeem, each of them', async () => {
    const options = { connections: usernames.length, seconds: 0.1, core: null };
    const { requests, errors } = await putConsents(mock.defaultTenant, bank, usernames, options);
    expect(errors).toBe(0);
    const grants = (await mock.defaultTenant.grants.list()).filter((grant) => grant.bank === bank);
    expect(grants).toHaveLength(requests);
    expect(new Set(grants.map(({ username }) => username))).toEqual(new Set(usernames));
    expect(grants.map(({ refreshTokens }) => refreshTokens.length)).toEqual(grants.map(() => 1));
  });

  it('makes codes that the client can redeem', async () => {
    const tenant = mock.defaultTenant;
    const codes = await makeCodes(tenant, bank, usernames, 5);
    expect(new Set(codes).size).toBe(5);
    const { client, tokenEndpoint } = tenant[bank];
    for (const code of codes) {
      const { status } = await mock.fetch(
        new Request(tokenEndpoint, {
          method: 'POST',
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            authorization: `Basic ${btoa(`${client?.id ?? ''}:${client?.secret ?? ''}`)}`,
          },
          body: `grant_type=authorization_code&code=${code}&${authorizationOf(tenant, bank).redeeming}`,
        }),
      );
      expect(status).toBe(200);
    }
  });
});
