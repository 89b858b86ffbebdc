import type { BankProfile } from './bank-profile.js';

const docs = 'developers.empresas.btgpactual.com/docs';
const code = `${docs}/authorization-code`;

/**
 * BTG Pactual Empresas (BTG Id): OAuth 2.0 and OpenID Connect.
 *
 * The id_token is signed with HS256, keyed with the client secret. A public (PKCE only) client has no secret and
 * therefore cannot check that signature: see `validateIdToken` for what is done instead.
 */
export const btg: BankProfile = {
  bank: 'btg',
  authorizationPath: '/oauth2/authorize',
  tokenPath: '/oauth2/token',
  revocationPath: '/oauth2/revoke',
  clientIdentification: 'query',
  tokenEndpointAuthentication: 'basic',
  usesPkce: true,
  usesNonce: true,
  requiredScopes: ['openid'],
  authorizationParameters: { prompt: 'login' },
  sendsScopeOnRefresh: false,
  issInRedirect: 'always',
  idTokenAlgorithm: 'HS256',
  refreshTokenLifetimeSeconds: 10 * 86_400,
  tokenRequestsPerMinute: null,
  rejectedTokenBody: null,
  evidence: {
    authorizationPath: { mark: 'documented', source: code },
    tokenPath: { mark: 'documented', source: code },
    revocationPath: { mark: 'observed', source: 'a public command line client, sandbox' },
    clientIdentification: { mark: 'documented', source: code },
    tokenEndpointAuthentication: { mark: 'documented', source: code },
    usesPkce: {
      mark: 'observed',
      source: `S256 sent by public clients; the flow is named in ${docs}/fluxos-de-autenticação`,
    },
    usesNonce: { mark: 'inferred', source: 'OpenID Connect Core 3.1.2.1' },
    requiredScopes: { mark: 'documented', source: `${docs}/meu-primeiro-access-token` },
    authorizationParameters: { mark: 'documented', source: code },
    sendsScopeOnRefresh: { mark: 'documented', source: `${docs}/refresh-token` },
    issInRedirect: { mark: 'documented', source: `${code} for success; on error redirects inferred from RFC 9207` },
    idTokenAlgorithm: { mark: 'documented', source: `${code}, decoded sample` },
    refreshTokenLifetimeSeconds: { mark: 'documented', source: `${docs}/btg-id ("by default")` },
    tokenRequestsPerMinute: {
      mark: 'inferred',
      source: `${docs}/fluxos-de-autenticação names an hourly quota without a number`,
    },
    rejectedTokenBody: { mark: 'observed', source: '401, body unknown' },
  },
};
