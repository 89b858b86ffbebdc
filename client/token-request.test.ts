import { describe, expect, it } from 'vitest';
import {
  authorizationCodeRequest,
  clientCredentialsRequest,
  passwordRequest,
  refreshTokenRequest,
  type TokenRequestContext,
} from './token-request.js';

const context: TokenRequestContext = {
  tokenEndpoint: 'https://bank.test/token',
  client: { id: 'synthetic-client', secret: 'synthetic-secret' },
  authentication: 'basic',
};

describe('token requests', () => {
  it.each([
    [
      authorizationCodeRequest(context, { code: 'c/1', redirectUri: 'http://localhost/cb?x=1', codeVerifier: 'v' }),
      'grant_type=authorization_code&code=c%2F1&redirect_uri=http%3A%2F%2Flocalhost%2Fcb%3Fx%3D1&code_verifier=v',
    ],
    [
      authorizationCodeRequest(context, { code: 'c', redirectUri: 'http://localhost/cb', codeVerifier: null }),
      'grant_type=authorization_code&code=c&redirect_uri=http%3A%2F%2Flocalhost%2Fcb',
    ],
    [
      refreshTokenRequest(context, { refreshToken: 'r', scope: 'saldo extrato' }),
      'grant_type=refresh_token&refresh_token=r&scope=saldo+extrato',
    ],
    [refreshTokenRequest(context, { refreshToken: 'r', scope: null }), 'grant_type=refresh_token&refresh_token=r'],
    [clientCredentialsRequest(context, { scope: 'apps' }), 'grant_type=client_credentials&scope=apps'],
    [
      passwordRequest(context, { username: 'u', password: 'p&q', scope: null }),
      'grant_type=password&username=u&password=p%26q',
    ],
  ])('%# is a form POST with Basic and nothing in the URL', async (request, body) => {
    expect(request.method).toBe('POST');
    expect(request.url).toBe('https://bank.test/token');
    expect(request.headers.get('content-type')).toBe('application/x-www-form-urlencoded');
    expect(request.headers.get('authorization')).toMatch(/^Basic /);
    expect(await request.text()).toBe(body);
  });

  it('a public client names itself in the body', async () => {
    const request = refreshTokenRequest(
      { ...context, client: { id: 'synthetic-public' } },
      { refreshToken: 'r', scope: null },
    );
    expect(request.headers.has('authorization')).toBe(false);
    expect(await request.text()).toBe('grant_type=refresh_token&refresh_token=r&client_id=synthetic-public');
  });
});
