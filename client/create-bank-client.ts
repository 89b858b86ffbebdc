import { startAuthorization } from './authorization-request.js';
import { judgeAuthorizationResponse } from './authorization-response.js';
import { backendAuthorizationRequest, judgeBackendAuthorization } from './backend-authorization.js';
import type { BankClient, BankClientOptions } from './bank-client.js';
import { joinUrl, resolveEndpoints } from './banks/bank-profile.js';
import { bearerRequest, isAccessTokenRejected } from './bearer-call.js';
import { systemClock, systemSleep, type Clock, type Sleep } from './clock.js';
import { assertEndpoints, assertRegistration, assertScope } from './configuration-checks.js';
import { ClientConfigurationError } from './configuration-error.js';
import { createHttpTransport, exchange } from './http-transport.js';
import { IdTokenError } from './id-token-error.js';
import { idTokenKey } from './id-token-key.js';
import { validateIdToken } from './id-token.js';
import { createRateBudget, type RateBudget } from './rate-budget.js';
import { judgeRevocation, revocationRequest } from './revocation.js';
import { TokenEndpointError } from './token-endpoint-error.js';
import {
  authorizationCodeRequest,
  clientCredentialsRequest,
  passwordRequest,
  refreshTokenRequest,
  type TokenRequestContext,
} from './token-request.js';
import { judgeTokenResponse } from './token-response.js';
import type { TokenSet } from './token-set.js';
import { transportError } from './transport-error.js';

/**
 * Ties the pieces together for one application at one bank. Every method that sends rejects with a `TransportError`
 * when no complete answer came, and with the error of the judge in question otherwise. Token requests end by the
 * transport's `timeoutMs` and take no signal: one that is given up half-way may have spent a code or a refresh token.
 *
 * @throws ClientConfigurationError `ERR_CLIENT_ID_MISSING`, `ERR_PUBLIC_CLIENT_WITHOUT_PKCE`, `ERR_ADDRESS_INVALID`.
 *
 * @example
 * ```ts
 * const bank = createBankClient({
 *   profile: btg,
 *   baseUrl: 'https://id.sandbox.btgpactual.com',
 *   apiBaseUrl: 'https://api.sandbox.empresas.btgpactual.com',
 *   client: { id, secret },
 *   redirectUri: 'https://app.example/callback',
 *   scope: 'openid empresas.btgpactual.com/accounts.readonly',
 * });
 * const start = bank.startAuthorization();
 * transactions.put(session.id, start.transaction);
 * response.redirect(await bank.browserAddress(start));
 * ```
 */
export function createBankClient(options: BankClientOptions): BankClient {
  const { profile, client, clock = systemClock, sleep = systemSleep } = options;
  assertRegistration(profile, client);
  const endpoints = resolveEndpoints(profile, options);
  assertEndpoints(endpoints);
  const transport = options.fetch ?? createHttpTransport(options.transport);
  const defaultIssuer = profile.issInRedirect === 'never' ? null : options.baseUrl.replace(/\/+$/, '');
  const issuer = options.issuer ?? defaultIssuer;
  const budget = chooseBudget(options, clock, sleep);
  const context: TokenRequestContext = {
    tokenEndpoint: endpoints.token,
    client,
    authentication: client.secret === undefined ? 'none' : profile.tokenEndpointAuthentication,
  };

  async function requestTokens(
    build: () => Request,
    judged: {
      requestedScope: string | null;
      secrets: readonly (string | null | undefined)[];
      beforeSend?: (() => Promise<void>) | undefined;
    },
  ): Promise<TokenSet> {
    const secrets = [...judged.secrets, client.secret].filter((secret) => typeof secret === 'string');
    const send = async () => {
      await judged.beforeSend?.();
      const requestedAt = clock();
      const answer = await exchange(transport, build());
      return judgeTokenResponse(answer, { requestedAt, requestedScope: judged.requestedScope, secrets });
    };
    try {
      return await budget.run(send);
    } catch (error) {
      if (error instanceof TokenEndpointError && error.code === 'ERR_TOKEN_RATE_LIMITED') {
        budget.pause((error.retryAfterSeconds ?? 60) * 1000);
      }
      throw error;
    }
  }

  async function withClaims(
    tokens: TokenSet,
    nonce: string | null,
    original: TokenSet['idTokenClaims'],
  ): Promise<TokenSet> {
    const { idTokenAlgorithm } = profile;
    if (tokens.idToken === null || idTokenAlgorithm === null || issuer === null) {
      return { ...tokens, idTokenClaims: original };
    }
    const claims = await validateIdToken(tokens.idToken, {
      algorithm: idTokenAlgorithm,
      key: idTokenKey(client, endpoints.token),
      issuer,
      clientId: client.id,
      nonce,
      original,
      now: clock(),
      ...(options.clockToleranceSeconds === undefined ? {} : { clockToleranceSeconds: options.clockToleranceSeconds }),
    });
    return { ...tokens, idTokenClaims: original ?? claims };
  }

  return {
    profile,
    endpoints,
    issuer,
    clientId: client.id,
    rateBudget: budget,

    startAuthorization(input = {}) {
      const scope = input.scope ?? options.scope ?? profile.requiredScopes.join(' ');
      assertScope(profile, scope);
      return startAuthorization({
        bank: profile.bank,
        authorizationEndpoint: endpoints.authorization,
        issuer,
        clientId: client.id,
        sendsClientId: profile.clientIdentification === 'query',
        redirectUri: input.redirectUri ?? options.redirectUri,
        scope,
        usesPkce: profile.usesPkce,
        usesNonce: profile.usesNonce,
        parameters: { ...profile.authorizationParameters, ...input.parameters },
        now: clock(),
      });
    },

    async browserAddress({ url }) {
      if (profile.clientIdentification === 'query') return url;
      return judgeBackendAuthorization(await exchange(transport, backendAuthorizationRequest(url, client)), url);
    },

    async finishAuthorization(callback, transaction) {
      if (transaction.bank !== profile.bank || transaction.clientId !== client.id || transaction.issuer !== issuer) {
        throw new ClientConfigurationError(
          'ERR_TRANSACTION_OF_OTHER_BANK',
          `Expected a transaction of ${profile.bank} and this client, got one of ${transaction.bank}. Choose the bank client by transaction.bank.`,
          { cause: { expected: profile.bank, came: transaction.bank } },
        );
      }
      const { code } = judgeAuthorizationResponse(callback, transaction, profile);
      const { redirectUri, codeVerifier, scope, nonce } = transaction;
      const tokens = await requestTokens(() => authorizationCodeRequest(context, { code, redirectUri, codeVerifier }), {
        requestedScope: scope,
        secrets: [code, codeVerifier],
      });
      if (tokens.idToken === null && profile.idTokenAlgorithm !== null && scope.split(' ').includes('openid')) {
        throw new IdTokenError(
          'ERR_ID_TOKEN_MISSING',
          'Expected an id_token, since openid was asked for.',
          null,
          'missing',
        );
      }
      return withClaims(tokens, nonce, null);
    },

    async refresh(previous, { beforeSend } = {}) {
      const { refreshToken, scope } = previous;
      if (refreshToken === null) {
        throw new ClientConfigurationError(
          'ERR_REFRESH_TOKEN_MISSING',
          'Expected a refresh token, this grant has none: a new consent is needed.',
        );
      }
      const sentScope = profile.sendsScopeOnRefresh ? (scope ?? options.scope ?? null) : null;
      const tokens = await requestTokens(() => refreshTokenRequest(context, { refreshToken, scope: sentScope }), {
        requestedScope: scope,
        secrets: [refreshToken],
        beforeSend,
      });
      const judged = await withClaims(tokens, null, previous.idTokenClaims);
      return { ...judged, refreshToken: judged.refreshToken ?? refreshToken };
    },

    clientCredentials({ scope = options.scope ?? null } = {}) {
      return requestTokens(() => clientCredentialsRequest(context, { scope }), { requestedScope: scope, secrets: [] });
    },

    password({ username, password, scope = options.scope ?? null }) {
      return requestTokens(() => passwordRequest(context, { username, password, scope }), {
        requestedScope: scope,
        secrets: [password],
      });
    },

    async revoke(token, tokenTypeHint = 'refresh_token') {
      if (endpoints.revocation === null) {
        throw new ClientConfigurationError(
          'ERR_REVOCATION_UNSUPPORTED',
          `${profile.bank} shows no revocation endpoint. Set endpoints.revocation, or let the user revoke at the bank.`,
        );
      }
      const request = revocationRequest(
        { ...context, revocationEndpoint: endpoints.revocation },
        { token, tokenTypeHint },
      );
      judgeRevocation(await exchange(transport, request), clock());
    },

    apiRequest: (path, init) => new Request(joinUrl(endpoints.api, path), init),

    async call(accessToken, request) {
      const bearer = bearerRequest(request, accessToken, endpoints.api);
      try {
        return await transport(bearer);
      } catch (error) {
        bearer.signal.throwIfAborted();
        throw transportError(error, bearer);
      }
    },

    isAccessTokenRejected: (response) => isAccessTokenRejected(response, profile),
  };
}

function chooseBudget(options: BankClientOptions, clock: Clock, sleep: Sleep): RateBudget {
  if (options.rateBudget === 'off')
    return { run: (task) => task(), room: async () => undefined, delayMs: 0, pause: () => undefined };
  if (options.rateBudget !== undefined) return options.rateBudget;
  const limit = options.profile.tokenRequestsPerMinute;
  return createRateBudget({ ...(limit === null ? {} : { limit }), clock, sleep });
}
