import type { BankProfile } from './bank-profile.js';

const consent = 'devs.bs2.com/docs/consent';
const absence = `${consent} (absence)`;

/**
 * Banco BS2, consent flow. OAuth 2 only: no id_token, no PKCE, no `iss`.
 *
 * Older pages (devs.bs2.com/manual/consentimento/) identify the client by `client_id` in the query instead of HTTP
 * Basic; choose that with `{ ...bs2, clientIdentification: 'query' }`.
 */
export const bs2: BankProfile = {
  bank: 'bs2',
  authorizationPath: '/api-banking/auth/oauth/v2/authorize',
  tokenPath: '/auth/oauth/v2/token',
  revocationPath: null,
  clientIdentification: 'basic',
  tokenEndpointAuthentication: 'basic',
  usesPkce: false,
  usesNonce: false,
  requiredScopes: [],
  authorizationParameters: {},
  sendsScopeOnRefresh: true,
  issInRedirect: 'never',
  idTokenAlgorithm: null,
  refreshTokenLifetimeSeconds: 30 * 86_400,
  tokenRequestsPerMinute: 10,
  rejectedTokenBody: 'Invalid token',
  evidence: {
    authorizationPath: { mark: 'documented', source: consent },
    tokenPath: { mark: 'documented', source: consent },
    revocationPath: { mark: 'inferred', source: 'no revocation endpoint is documented or was seen' },
    clientIdentification: { mark: 'documented', source: `${consent}; older manual: client_id in the query` },
    tokenEndpointAuthentication: { mark: 'documented', source: consent },
    usesPkce: { mark: 'inferred', source: absence },
    usesNonce: { mark: 'inferred', source: absence },
    requiredScopes: { mark: 'inferred', source: 'the scope is the one shown with the credentials' },
    authorizationParameters: { mark: 'documented', source: consent },
    sendsScopeOnRefresh: { mark: 'documented', source: consent },
    issInRedirect: { mark: 'documented', source: `${consent}: the redirect carries code and state` },
    idTokenAlgorithm: { mark: 'inferred', source: absence },
    refreshTokenLifetimeSeconds: {
      mark: 'documented',
      source: `${consent}; that each rotation starts a new 30 days is inferred`,
    },
    tokenRequestsPerMinute: { mark: 'documented', source: 'devs.bs2.com/docs/authentication_' },
    rejectedTokenBody: {
      mark: 'observed',
      source: 'a public client compares the body with this text; status inferred',
    },
  },
};
