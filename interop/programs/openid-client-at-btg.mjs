// A partner's program as it stands in production: BTG's addresses are written into it, and it knows of no proxy.
// It prints where to log in, waits for the callback, and then prints what it got.
import { createServer } from 'node:http';
import * as client from 'openid-client';

const { BTG_CLIENT_ID: id, BTG_CLIENT_SECRET: secret, BTG_SCOPE: scope } = process.env;
const accounts = 'https://api.empresas.btgpactual.com/30306294000145/banking/accounts';

const configuration = new client.Configuration(
  {
    issuer: 'https://id.btgpactual.com',
    authorization_endpoint: 'https://id.btgpactual.com/oauth2/authorize',
    token_endpoint: 'https://id.btgpactual.com/oauth2/token',
    revocation_endpoint: 'https://id.btgpactual.com/oauth2/revoke',
    authorization_response_iss_parameter_supported: true,
  },
  id,
  { client_secret: secret, id_token_signed_response_alg: 'HS256' },
  client.ClientSecretBasic(secret),
);
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const expectedNonce = client.randomNonce();

const server = createServer((request, response) => {
  response.end('ok');
  server.close();
  void finish(new URL(request.url, redirectUri)).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const redirectUri = `http://127.0.0.1:${server.address().port}/callback`;
const authorizationUrl = client.buildAuthorizationUrl(configuration, {
  redirect_uri: redirectUri,
  scope,
  state: expectedState,
  nonce: expectedNonce,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
});
console.log(JSON.stringify({ authorizationUrl, redirectUri }));

async function finish(callback) {
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(configuration, callback, checks);
  const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token);
  const call = async () =>
    (await fetch(accounts, { headers: { authorization: `Bearer ${refreshed.access_token}` } })).status;
  const before = await call();
  await client.tokenRevocation(configuration, refreshed.refresh_token);
  console.log(
    JSON.stringify({
      issuer: tokens.claims().iss,
      issuerAfterRefresh: refreshed.claims().iss,
      rotated: refreshed.refresh_token !== tokens.refresh_token,
      api: before,
      apiAfterRevocation: await call(),
    }),
  );
}
