import { AuthorizationCode } from 'simple-oauth2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve, callApi, openScene } from './bank-scene.js';
import type { BankScene, OutsideClient } from './bank-scene.js';

let scene: BankScene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.mock.close());

/** The library builds addresses from a host and paths. */
function libraryFor(
  client: OutsideClient,
  endpoints: { authorizationEndpoint: string; tokenEndpoint: string },
): AuthorizationCode {
  const token = new URL(endpoints.tokenEndpoint);
  const authorization = new URL(endpoints.authorizationEndpoint);
  return new AuthorizationCode({
    client: { id: client.id, secret: client.secret },
    auth: {
      tokenHost: token.origin,
      tokenPath: token.pathname,
      authorizeHost: authorization.origin,
      authorizePath: authorization.pathname,
    },
  });
}

describe('simple-oauth2', () => {
  it('completes login, tokens, refresh and an API call at BTG', async () => {
    const { tenant, btg } = scene;
    const library = libraryFor(btg, tenant.btg);
    const url = library.authorizeURL({ redirect_uri: btg.redirectUri, scope: btg.scope, state: 'estado-de-teste-1' });
    const callback = await approve(tenant, url);
    // The library judges no callback: state is the application's to compare.
    expect(callback.searchParams.get('state')).toBe('estado-de-teste-1');
    const tokens = await library.getToken({
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: btg.redirectUri,
    });
    const refreshed = await tokens.refresh();
    expect(refreshed.token['refresh_token']).not.toBe(tokens.token['refresh_token']);
    expect(await callApi(tenant.btg.accountsEndpoint, String(refreshed.token['access_token']))).toBe(200);
  });

  it('completes the same at BS2, with scope given to refresh', async () => {
    const { tenant, bs2 } = scene;
    const library = libraryFor(bs2, tenant.bs2);
    const url = library.authorizeURL({ redirect_uri: bs2.redirectUri, scope: bs2.scope, state: 'estado-de-teste-2' });
    const callback = await approve(tenant, url);
    const tokens = await library.getToken({
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: bs2.redirectUri,
    });
    const refreshed = await tokens.refresh({ scope: bs2.scope });
    expect(await callApi(tenant.bs2.balanceEndpoint, String(refreshed.token['access_token']))).toBe(200);
  });
});
