import { strictClientAuthentication } from '../../oauth/client-authentication.js';
import { strictGrantPolicy } from '../../oauth/grant-policy.js';
import { randomGuid } from '../../tenants/random-source.js';
import { durationMs } from '../../tenants/settings.js';
import type { Bs2Settings } from '../../tenants/settings.js';
import { bySettings } from '../by-settings.js';
import { answer } from '../exchange.js';
import type { Answer } from '../exchange.js';
import { grantPolicyOptions } from '../grant-policy-options.js';
import { usualTokens } from '../token-dialect.js';
import type { TokenDialect, TokenRefusal } from '../token-dialect.js';
import { basicChallenge, connectionClose, gatewayError, gatewayTokens } from './gateway-answers.js';

// Basic is documented for consents, the body for Cobrança; both were seen to work.
const clientAuthentication = strictClientAuthentication({
  acceptsBasic: true,
  acceptsBody: true,
  acceptsPublicClients: false,
});

const policyOf = bySettings((settings: Bs2Settings) =>
  strictGrantPolicy({
    ...grantPolicyOptions(settings),
    previousAccessTokenDies: settings.previousAccessTokenDies,
    requireScopeOnRefresh: settings.requireScopeOnRefresh,
  }),
);

/** What BS2's token endpoint decides for itself (devs.bs2.com/docs/consent, /docs/authentication-co). */
export const bs2TokenDialect: TokenDialect = {
  ...usualTokens,
  grantTypes: ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
  authentication: () => clientAuthentication,
  policy: ({ tenant }, client) => policyOf(tenant.bs2Settings(client)),
  rateLimit: ({ tenant }, client) => {
    const { rateLimit } = tenant.bs2Settings(client);
    return rateLimit === 'off' ? null : { requests: rateLimit.requests, windowMs: durationMs(rateLimit.window) };
  },
  lifetimes: ({ tenant }, client, { origin }) => {
    const settings: Bs2Settings = tenant.bs2Settings(client);
    const refreshTokenLifetime =
      origin === 'password' ? settings.passwordRefreshTokenLifetime : settings.refreshTokenLifetime;
    return {
      accessTokenMs: durationMs(settings.accessTokenLifetime),
      refreshTokenMs: durationMs(refreshTokenLifetime),
    };
  },
  newAccessTokenKey: ({ tenant }) => randomGuid(tenant.random),
  newRefreshTokenKey: ({ tenant }) => randomGuid(tenant.random),
  unregisteredScope: ({ tenant }, client) => tenant.bs2Settings(client).unregisteredScope,

  tokenMembers: (_exchange, { accessToken, refreshToken }) => [
    ['access_token', accessToken.key],
    ['token_type', 'Bearer'],
    ['expires_in', Math.floor(accessToken.lifetimeMs / 1000)],
    ...(refreshToken === null ? [] : [['refresh_token', refreshToken.key] as const]),
    ['scope', accessToken.scope],
  ],
  renderTokens: (_exchange, members) => gatewayTokens(members),

  renderRefusal: (_exchange, refusal) => renderRefusal(refusal),

  renderOverLimit: ({ tenant }, client, retryAfterMs) =>
    answer(
      tenant.bs2Settings(client).rateLimitStatus,
      [
        ['retry-after', String(Math.ceil(retryAfterMs / 1000))],
        ['cache-control', 'no-store'],
      ],
      '',
    ),
};

function renderRefusal({ error, why }: TokenRefusal): Answer {
  switch (error) {
    case 'invalid_client':
      return gatewayError(401, '3003201', error, 'The given client credentials were not valid', [
        basicChallenge,
        connectionClose,
      ]);
    case 'invalid_request':
      return gatewayError(400, '3003103', error, 'Missing or duplicate parameters');
    case 'invalid_grant':
      return why === 'resource-owner'
        ? gatewayError(400, '3003202', error, 'Resource Owner authentication failed')
        : gatewayError(400, '3003113', error, 'The given grant is invalid');
    case 'invalid_scope':
      return gatewayError(400, '3003115', error, 'No registered scope value for this client has been requested');
    case 'unauthorized_client':
      return gatewayError(400, '3003117', error, 'The client is not authorized for this grant type');
    case 'unsupported_grant_type':
      return gatewayError(400, '3003119', error, 'The given grant_type is not supported');
  }
}
