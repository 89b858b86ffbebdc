import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve, callApi, openScene } from './bank-scene.js';
import type { BankScene } from './bank-scene.js';

let scene: BankScene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.mock.close());

const insecure = { [oauth.allowInsecureRequests]: true };

describe('oauth4webapi', () => {
  it('completes login, tokens, refresh and an API call at BTG', async () => {
    const { tenant, btg } = scene;
    const server: oauth.AuthorizationServer = {
      issuer: tenant.btg.issuer,
      authorization_endpoint: tenant.btg.authorizationEndpoint,
      token_endpoint: tenant.btg.tokenEndpoint,
      authorization_response_iss_parameter_supported: true,
    };
    const client: oauth.Client = { client_id: btg.id, id_token_signed_response_alg: 'HS256' };
    const authentication = oauth.ClientSecretBasic(btg.secret);
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const url = new URL(tenant.btg.authorizationEndpoint);
    url.search = new URLSearchParams({
      client_id: btg.id,
      redirect_uri: btg.redirectUri,
      response_type: 'code',
      scope: btg.scope,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    const callback = oauth.validateAuthResponse(server, client, await approve(tenant, url), state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      callback,
      btg.redirectUri,
      verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ aud: btg.id, nonce });
    const refreshResponse = await oauth.refreshTokenGrantRequest(
      server,
      client,
      authentication,
      tokens.refresh_token ?? '',
      insecure,
    );
    const refreshed = await oauth.processRefreshTokenResponse(server, client, refreshResponse);
    expect(await callApi(tenant.btg.accountsEndpoint, refreshed.access_token)).toBe(200);
  });

  it('completes the same at BS2, with scope in additionalParameters', async () => {
    const { tenant, bs2 } = scene;
    const server: oauth.AuthorizationServer = {
      issuer: tenant.bs2.baseUrl,
      authorization_endpoint: tenant.bs2.authorizationEndpoint,
      token_endpoint: tenant.bs2.tokenEndpoint,
    };
    const client: oauth.Client = { client_id: bs2.id };
    const authentication = oauth.ClientSecretBasic(bs2.secret);
    const state = oauth.generateRandomState();
    const url = new URL(tenant.bs2.authorizationEndpoint);
    url.search = new URLSearchParams({
      client_id: bs2.id,
      redirect_uri: bs2.redirectUri,
      response_type: 'code',
      scope: bs2.scope,
      state,
    }).toString();
    const callback = oauth.validateAuthResponse(server, client, await approve(tenant, url), state);
    // BS2 documents no PKCE; the library asks for it unless told otherwise.
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      callback,
      bs2.redirectUri,
      oauth.nopkce,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response);
    const refreshResponse = await oauth.refreshTokenGrantRequest(
      server,
      client,
      authentication,
      tokens.refresh_token ?? '',
      {
        ...insecure,
        additionalParameters: { scope: bs2.scope },
      },
    );
    const refreshed = await oauth.processRefreshTokenResponse(server, client, refreshResponse);
    expect(await callApi(tenant.bs2.balanceEndpoint, refreshed.access_token)).toBe(200);
  });
});
