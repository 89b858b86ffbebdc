import { strictClientAuthentication } from '../../oauth/client-authentication.js';
import type { ClientAuthenticationPolicy } from '../../oauth/client-authentication.js';
import { strictGrantPolicy } from '../../oauth/grant-policy.js';
import { randomBase64url } from '../../tenants/random-source.js';
import { durationMs } from '../../tenants/settings.js';
import type { BtgSettings } from '../../tenants/settings.js';
import { banksOf } from '../bank-of-exchange.js';
import { bySettings } from '../by-settings.js';
import type { Answer, Exchange } from '../exchange.js';
import { grantPolicyOptions } from '../grant-policy-options.js';
import type { JsonMembers } from '../json-members.js';
import { usualTokens } from '../token-dialect.js';
import type { TokenDialect, TokenGrant, TokenRefusal } from '../token-dialect.js';
import { sortScope } from './access-token.js';
import { appNotFound, basicChallenge, btgJson, oauthError } from './oauth-answers.js';

/**
 * Basic is documented. That a public client says who it is by client_id alone is inferred (RFC 6749 section 3.2.1), as
 * is that the revocation endpoint asks for the same.
 */
export function btgClientAuthentication({ tenant }: Exchange): ClientAuthenticationPolicy {
  return authenticationOf(tenant.settings.btg);
}

const authenticationOf = bySettings(({ bodyCredentials }: BtgSettings) =>
  strictClientAuthentication({ acceptsBasic: true, acceptsBody: bodyCredentials, acceptsPublicClients: true }),
);

const policyOf = bySettings((settings: BtgSettings) =>
  strictGrantPolicy({
    ...grantPolicyOptions(settings),
    // A signed access token lives out its time (inferred); the documented refresh sends no scope.
    previousAccessTokenDies: 'never',
    requireScopeOnRefresh: false,
  }),
);

/** What BTG Id's token endpoint decides for itself (developers.empresas.btgpactual.com/docs/fluxos-de-autenticação). */
export const btgTokenDialect: TokenDialect = {
  ...usualTokens,
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
  authentication: btgClientAuthentication,
  policy: ({ tenant }, client) => policyOf(tenant.btgSettings(client)),
  rateLimit: ({ tenant }, client, grantType) => {
    const { refreshQuota } = tenant.btgSettings(client);
    if (refreshQuota === 'off' || grantType !== 'refresh_token') return null;
    return { requests: refreshQuota.requests, windowMs: durationMs(refreshQuota.window) };
  },
  lifetimes: ({ tenant }, client) => {
    const settings = tenant.btgSettings(client);
    return {
      accessTokenMs: durationMs(settings.accessTokenLifetime),
      refreshTokenMs: durationMs(settings.refreshTokenLifetime),
    };
  },
  newAccessTokenKey: ({ tenant }) => randomBase64url(tenant.random, 32),
  newRefreshTokenKey: ({ tenant }) => randomBase64url(tenant.random, 32),
  unregisteredScope: ({ tenant }, client) => tenant.btgSettings(client).unregisteredScope,

  tokenMembers,
  renderTokens: (_exchange, members) => btgJson(200, members),
  renderRefusal: (_exchange, refusal) => renderRefusal(refusal),
  // That there is a quota is documented; status, error and Retry-After are inferred (RFC 6585 section 4).
  renderOverLimit: (_exchange, _client, retryAfterMs) =>
    oauthError(429, 'temporarily_unavailable', 'The quota of the refresh flow is used up', [
      ['retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000)))],
    ]),
};

/**
 * Members of a token response in the order of developers.empresas.btgpactual.com/docs/authorization-code;
 * `client_credentials` gives neither refresh_token nor id_token (/docs/client-credentials). A refresh gives an id_token
 * again, and none of them comes without `openid` in the scope (inferred: OpenID Connect Core sections 3.1.2.1, 12.2).
 */
async function tokenMembers(exchange: Exchange, given: TokenGrant): Promise<JsonMembers> {
  const { tenant } = exchange;
  const { grant, accessToken, refreshToken, grantType } = given;
  const { jwts } = banksOf(exchange).btg;
  const isOpenId = grantType !== 'client_credentials' && accessToken.scope.split(' ').includes('openid');
  // At once: the id_token is made while the thread pool signs the access token.
  const [signed, idToken] = await Promise.all([
    jwts.signAccessToken(tenant, jwts.accessToken(tenant, accessToken, grant)),
    isOpenId ? jwts.signIdToken(tenant, jwts.idToken(tenant, given), given.client) : null,
  ]);
  return [
    ['access_token', signed],
    ...(refreshToken === null ? [] : [['refresh_token', refreshToken.key] as const]),
    ['scope', sortScope(accessToken.scope)],
    ...(idToken === null ? [] : [['id_token', idToken] as const]),
    ['token_type', 'Bearer'],
    ['expires_in', Math.floor(accessToken.lifetimeMs / 1000)],
  ];
}

/** Refusals whose reason is a code word; the others' reason is a sentence. */
const descriptions: Readonly<Record<string, string>> = {
  missing: 'Client authentication is missing',
  malformed: 'The Authorization header cannot be read as Basic',
  several: 'More than one client authentication method was used',
  'wrong-secret': 'The client credentials are not valid',
  'secret-missing': 'The client must authenticate with its secret',
  method: 'This client authentication method is not accepted',
  'scope-beyond-grant': 'The scope exceeds what was granted',
};

/** An error of the token endpoint (RFC 6749 section 5.2), also of the revocation endpoint (RFC 7009 section 2.2.1). */
export function renderRefusal({ error, why, clientId }: Omit<TokenRefusal, 'usedAuthorizationHeader'>): Answer {
  switch (error) {
    case 'invalid_client':
      if (why === 'unknown-client') return appNotFound(401, error, clientId ?? '', [basicChallenge]);
      return oauthError(401, error, descriptions[why] ?? 'Client authentication failed', [basicChallenge]);
    case 'invalid_grant':
      // One text for every reason: whoever holds a stolen value learns nothing of it.
      return oauthError(400, error, 'The code or token is invalid, expired, revoked or of another client');
    case 'invalid_request':
    case 'invalid_scope':
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return oauthError(400, error, descriptions[why] ?? why);
  }
}
