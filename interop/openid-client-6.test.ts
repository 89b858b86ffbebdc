import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve, callApi, openScene } from './bank-scene.js';
import type { BankScene } from './bank-scene.js';

let scene: BankScene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.mock.close());

describe('openid-client 6', () => {
  it('completes login, tokens, refresh and an API call at BTG', async () => {
    const { tenant, btg } = scene;
    const configuration = new client.Configuration(
      {
        issuer: tenant.btg.issuer,
        authorization_endpoint: tenant.btg.authorizationEndpoint,
        token_endpoint: tenant.btg.tokenEndpoint,
        revocation_endpoint: tenant.btg.revocationEndpoint,
        authorization_response_iss_parameter_supported: true,
      },
      btg.id,
      // BTG signs id_tokens with HS256, which this library accepts only when it is told so.
      { client_secret: btg.secret, id_token_signed_response_alg: 'HS256' },
      client.ClientSecretBasic(btg.secret),
    );
    client.allowInsecureRequests(configuration);
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const expectedNonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: btg.redirectUri,
      scope: btg.scope,
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const tokens = await client.authorizationCodeGrant(configuration, await approve(tenant, url), {
      pkceCodeVerifier,
      expectedState,
      expectedNonce,
      idTokenExpected: true,
    });
    expect(tokens.claims()).toMatchObject({ iss: tenant.btg.issuer, aud: btg.id, nonce: expectedNonce });
    expect(tokens.expires_in).toBe(86_400);

    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(await callApi(tenant.btg.accountsEndpoint, refreshed.access_token)).toBe(200);

    await client.tokenRevocation(configuration, refreshed.refresh_token ?? '');
    expect(await callApi(tenant.btg.accountsEndpoint, refreshed.access_token)).toBe(401);
  });

  it('completes the same at BS2, with scope added to the refresh', async () => {
    const { tenant, bs2 } = scene;
    const configuration = new client.Configuration(
      {
        issuer: tenant.bs2.baseUrl,
        authorization_endpoint: tenant.bs2.authorizationEndpoint,
        token_endpoint: tenant.bs2.tokenEndpoint,
      },
      bs2.id,
      bs2.secret,
      client.ClientSecretBasic(bs2.secret),
    );
    client.allowInsecureRequests(configuration);
    const expectedState = client.randomState();
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: bs2.redirectUri,
      scope: bs2.scope,
      state: expectedState,
    });
    const tokens = await client.authorizationCodeGrant(configuration, await approve(tenant, url), { expectedState });
    expect(tokens.expires_in).toBe(420);

    // Without scope BS2 refuses the refresh; the library takes extra parameters.
    await expect(client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_request',
    });
    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '', { scope: bs2.scope });
    expect(await callApi(tenant.bs2.balanceEndpoint, refreshed.access_token)).toBe(200);
    expect(await callApi(tenant.bs2.balanceEndpoint, tokens.access_token)).toBe(401);
  });

  it('works where BS2 wants Basic on the authorization request: the backend makes the GET and passes the address on', async () => {
    const { mock, bs2 } = scene;
    const tenant = await mock.createTenant({ settings: { bs2: { clientIdentification: 'basic' } } });
    const credentials = tenant.bs2.client;
    if (credentials?.secret == null) throw new TypeError('The seeded client has no secret.');
    const configuration = new client.Configuration(
      {
        issuer: tenant.bs2.baseUrl,
        authorization_endpoint: tenant.bs2.authorizationEndpoint,
        token_endpoint: tenant.bs2.tokenEndpoint,
      },
      credentials.id,
      credentials.secret,
      client.ClientSecretBasic(credentials.secret),
    );
    client.allowInsecureRequests(configuration);
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: bs2.redirectUri,
      scope: bs2.scope,
      state: client.randomState(),
    });
    const asBrowser = await fetch(url, { redirect: 'manual' });
    expect(asBrowser.status).toBe(400);
    const authorization = `Basic ${Buffer.from(`${credentials.id}:${credentials.secret}`).toString('base64')}`;
    const asBackend = await fetch(url, { redirect: 'manual', headers: { authorization } });
    expect(asBackend.status).toBe(302);
    const loginPage = await fetch(asBackend.headers.get('location') ?? '');
    expect(await loginPage.text()).toContain('name="password"');
  });
});
