import { beforeEach, describe, expect, it } from 'vitest';
import { basicOf, Browser, Bs2World } from '../../testing/bs2-world.js';
import { bs2Paths } from './profile.js';

const partner = 'https://partner.example/callback';
const userAgent = 'partner/1.0 codigo-de-teste';
const credentials = { grant_type: 'client_credentials', scope: 'saldo' };

let world = new Bs2World();
beforeEach(() => {
  world = new Bs2World({ settings: { environment: 'producao' } });
  world.tenant.clients.put({ ...world.client, redirectUris: [partner, 'http://partner.example/callback'] });
});

describe('environment producao', () => {
  it('gives access tokens of 300 seconds', async () => {
    const answer = await world.token(credentials, { userAgent });
    expect([answer.status, answer.member('expires_in')]).toEqual([200, 300]);
  });

  it.each([undefined, 'partner/1.0', 'CODIGO-DE-TESTE'])(
    'answers backends with the User-Agent %s by an empty 403',
    async (other) => {
      const answer = await world.token(credentials, other === undefined ? {} : { userAgent: other });
      expect([answer.status, answer.text]).toEqual([403, '']);
      const { accessToken } = await world.token(credentials, { userAgent });
      const headers = {
        authorization: `Bearer ${accessToken}`,
        ...(other === undefined ? {} : { 'user-agent': other }),
      };
      const balance = await world.fetch(bs2Paths.balance, { headers });
      expect([balance.status, await balance.text()]).toEqual([403, '']);
      expect((await world.fetch(bs2Paths.balance, { headers: { ...headers, 'user-agent': userAgent } })).status).toBe(
        200,
      );
    },
  );

  it.each([
    ['127.0.0.1', 200],
    ['127.8.9.10', 200],
    ['::1', 200],
    ['::ffff:127.0.0.1', 200],
    ['192.0.2.7', 403],
    ['2001:db8::1', 403],
    ['::ffff:192.0.2.7', 403],
    ['fe80::1%eth0', 403],
    ['not-an-address', 403],
    [null, 200],
  ])('judges the caller %s by the list: %i', async (address, status) => {
    expect((await world.token(credentials, { userAgent, peer: { address } })).status).toBe(status);
  });

  it.each([
    [['192.0.2.7'], '192.0.2.7', 200],
    [['192.0.2.7'], '192.0.2.8', 403],
    [['192.0.2.0/24', '2001:db8::/32'], '192.0.2.255', 200],
    [['192.0.2.0/24', '2001:db8::/32'], '2001:db8:1::9', 200],
    [['192.0.2.0/24', '2001:db8::/32'], '127.0.0.1', 403],
    [[], '127.0.0.1', 403],
  ])('takes addresses and ranges as the list %j', async (allowedAddresses, address, status) => {
    world.tenant.patchSettings({ bs2: { allowedAddresses } });
    expect((await world.token(credentials, { userAgent, peer: { address } })).status).toBe(status);
  });

  it('asks neither of the browsers of users', async () => {
    const browser = new Browser(world);
    await browser.open(world.authorizationUrl({ redirect_uri: partner }));
    expect([browser.status, browser.title]).toEqual([200, 'Acesse sua conta']);
    const backend = { headers: { authorization: basicOf(world.client) } };
    expect((await world.fetch(world.authorizationUrl({ redirect_uri: partner }), backend)).status).toBe(403);
    const withCode = { headers: { ...backend.headers, 'user-agent': userAgent } };
    expect((await world.fetch(world.authorizationUrl({ redirect_uri: partner }), withCode)).status).toBe(302);
  });

  it.each(['http://partner.example/callback', 'http://localhost:3000/callback'])(
    'wants https of redirect URIs, registered or not: %s',
    async (uri) => {
      const response = await world.fetch(world.authorizationUrl({ redirect_uri: uri }));
      expect([response.status, response.headers.get('x-ca-err'), response.headers.get('location')]).toEqual([
        400,
        '3000114',
        null,
      ]);
    },
  );

  it('lets each surprise be turned off', async () => {
    world.tenant.patchSettings({ bs2: { userAgentCode: null, allowedAddresses: 'any', httpsRedirectUris: false } });
    expect((await world.token(credentials, { peer: { address: '192.0.2.7' } })).status).toBe(200);
    expect(
      (await world.fetch(world.authorizationUrl({ redirect_uri: 'http://partner.example/callback' }))).status,
    ).toBe(302);
  });
});
