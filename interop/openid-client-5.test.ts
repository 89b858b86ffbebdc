import { generators, Issuer } from 'openid-client-5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve, callApi, openScene } from './bank-scene.js';
import type { BankScene } from './bank-scene.js';

let scene: BankScene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.mock.close());

describe('openid-client 5', () => {
  it('completes login, tokens, refresh and an API call at BTG, and verifies the HS256 id_token', async () => {
    const { tenant, btg } = scene;
    const issuer = new Issuer({
      issuer: tenant.btg.issuer,
      authorization_endpoint: tenant.btg.authorizationEndpoint,
      token_endpoint: tenant.btg.tokenEndpoint,
      authorization_response_iss_parameter_supported: true,
    });
    const client = new issuer.Client({
      client_id: btg.id,
      client_secret: btg.secret,
      redirect_uris: [btg.redirectUri],
      id_token_signed_response_alg: 'HS256',
    });
    const codeVerifier = generators.codeVerifier();
    const state = generators.state();
    const nonce = generators.nonce();
    const url = client.authorizationUrl({
      scope: btg.scope,
      state,
      nonce,
      code_challenge: generators.codeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    const parameters = client.callbackParams(String(await approve(tenant, url)));
    const tokens = await client.callback(btg.redirectUri, parameters, { state, nonce, code_verifier: codeVerifier });
    expect(tokens.claims()).toMatchObject({ iss: tenant.btg.issuer, nonce });
    const refreshed = await client.refresh(tokens);
    expect(await callApi(tenant.btg.accountsEndpoint, refreshed.access_token ?? '')).toBe(200);
  });

  it('completes the same at BS2, with scope in exchangeBody', async () => {
    const { tenant, bs2 } = scene;
    const issuer = new Issuer({
      issuer: tenant.bs2.baseUrl,
      authorization_endpoint: tenant.bs2.authorizationEndpoint,
      token_endpoint: tenant.bs2.tokenEndpoint,
    });
    const client = new issuer.Client({
      client_id: bs2.id,
      client_secret: bs2.secret,
      redirect_uris: [bs2.redirectUri],
    });
    const state = generators.state();
    const url = client.authorizationUrl({ scope: bs2.scope, state });
    const parameters = client.callbackParams(String(await approve(tenant, url)));
    // oauthCallback, not callback: BS2 is no OpenID provider and gives no id_token.
    const tokens = await client.oauthCallback(bs2.redirectUri, parameters, { state });
    const refreshed = await client.refresh(tokens.refresh_token ?? '', { exchangeBody: { scope: bs2.scope } });
    expect(await callApi(tenant.bs2.balanceEndpoint, refreshed.access_token ?? '')).toBe(200);
  });
});
