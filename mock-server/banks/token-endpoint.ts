import { authenticateClient, readClientCredentials, secretsEqual } from '../oauth/client-authentication.js';
import { judgeCodeRedemption } from '../oauth/code-redemption.js';
import type { GrantPolicy } from '../oauth/grant-policy.js';
import type { TokenErrorCode } from '../oauth/oauth-error.js';
import { judgeRefresh } from '../oauth/refresh.js';
import type { RequestParameters } from '../oauth/request-parameters.js';
import { intersectScope, isScopeWithin, parseScope } from '../oauth/scope.js';
import type { RateDecision, RateLimit } from '../oauth/sliding-window.js';
import type { Grant, GrantOrigin } from '../store/records.js';
import { randomGuid } from '../tenants/random-source.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { Answer, Exchange } from './exchange.js';
import { bankOf } from './bank-of-exchange.js';
import { issueTokens, revokeGrant } from './grant-changes.js';
import type { IssuedTokens } from './grant-changes.js';
import { grantOfExchange } from './grant-of-exchange.js';
import type { GrantType, TokenDialect, TokenGrant, TokenRefusal } from './token-dialect.js';

type Outcome = Answer | TokenGrant | Pick<TokenRefusal, 'error' | 'why'>;

/** A token request of an authenticated client, on its way through one grant type. */
interface TokenRequest {
  readonly exchange: Exchange;
  readonly dialect: TokenDialect;
  readonly client: RegisteredClient;
  readonly parameters: RequestParameters;
  readonly policy: GrantPolicy;
}

/** Answers `POST` on a token endpoint (RFC 6749 section 3.2). */
export async function answerTokenRequest(exchange: Exchange): Promise<Answer> {
  const { tenant, facts, bank } = exchange;
  const dialect = bankOf(exchange).tokens;
  const authorization = exchange.headers.get('authorization') ?? undefined;
  if (!dialect.takesContentType(exchange.headers.get('content-type'))) {
    return refuse(
      exchange,
      { error: 'invalid_request', why: 'the body is not application/x-www-form-urlencoded' },
      null,
    );
  }
  const parameters = dialect.parameters(exchange);
  const credentials = readClientCredentials(authorization, parameters);
  const clientId = 'id' in credentials ? credentials.id : null;
  if (parameters.malformed)
    return refuse(exchange, { error: 'invalid_request', why: 'the body is malformed' }, clientId);
  if (parameters.hasRepeated)
    return refuse(exchange, { error: 'invalid_request', why: 'a parameter is repeated' }, clientId);

  const client = clientId === null ? undefined : tenant.clients.find(bank, clientId);
  const authentication = authenticateClient(credentials, client, dialect.authentication(exchange));
  if (clientId !== null) facts.clientId = clientId;
  if (credentials.kind !== 'none') facts.clientIdentification = authorization === undefined ? 'body' : 'basic';
  const grantType = parameters.get('grant_type');
  if (grantType !== undefined) facts.grantType = grantType.slice(0, 64);
  if (authentication.kind === 'refused' || client === undefined) {
    const why = authentication.kind === 'refused' ? authentication.why : 'unknown-client';
    return refuse(exchange, { error: why === 'several' ? 'invalid_request' : 'invalid_client', why }, clientId);
  }

  const limit = dialect.rateLimit(exchange, client, grantType);
  if (limit !== null) {
    const rate = countTokenRequest(exchange, client, limit);
    if (rate.kind === 'over') {
      facts.outcome = 'over the limit';
      return dialect.renderOverLimit(exchange, client, rate.retryAfterMs);
    }
  }

  const request: TokenRequest = { exchange, dialect, client, parameters, policy: dialect.policy(exchange, client) };
  const outcome = await answerGrantType(request, grantType);
  if ('error' in outcome) return refuse(exchange, outcome, clientId);
  if ('status' in outcome) return outcome;
  facts.grantId = outcome.grant.id;
  if (outcome.grant.username !== null) facts.username = outcome.grant.username;
  facts.outcome = 'tokens';
  return dialect.renderTokens(exchange, await dialect.tokenMembers(exchange, outcome));
}

function refuse(
  exchange: Exchange,
  { error, why }: Pick<TokenRefusal, 'error' | 'why'>,
  clientId: string | null,
): Answer {
  exchange.facts.outcome = `${error}: ${why}`;
  const usedAuthorizationHeader = exchange.headers.has('authorization');
  return bankOf(exchange).tokens.renderRefusal(exchange, { error, why, usedAuthorizationHeader, clientId });
}

/** Judges a request of a client under a limit, and counts it when it is within. */
export function countTokenRequest(
  { tenant, bank }: Exchange,
  client: RegisteredClient,
  limit: RateLimit,
): RateDecision {
  return tenant.rates.count(`${bank} ${client.id}`, limit, tenant.clock.now());
}

function answerGrantType(request: TokenRequest, grantType: string | undefined): Promise<Outcome> | Outcome {
  if (grantType === undefined) return { error: 'invalid_request', why: 'grant_type is missing' };
  const known = request.dialect.grantTypes.find((candidate) => candidate === grantType);
  switch (known) {
    case 'authorization_code':
      return redeemCode(request);
    case 'refresh_token':
      return refresh(request);
    case 'client_credentials':
      return grantToClient(request);
    case 'password':
      return grantToPassword(request);
    case undefined:
      return { error: 'unsupported_grant_type', why: 'the bank does not offer this grant type' };
  }
}

async function redeemCode(request: TokenRequest): Promise<Outcome> {
  const { exchange, dialect, client, parameters, policy } = request;
  const { store, clock } = exchange.tenant;
  const key = parameters.get('code');
  const redirectUri = parameters.get('redirect_uri');
  if (key === undefined) return { error: 'invalid_request', why: 'code is missing' };
  if (redirectUri === undefined && policy.requiresRedirectUri())
    return { error: 'invalid_request', why: 'redirect_uri is missing' };
  for (;;) {
    const code = await store.code(key);
    const grant = await grantOfExchange(exchange, code);
    if (grant !== undefined) exchange.facts.grantId = grant.id;
    const redemption = { code, grant, clientId: client.id, redirectUri, codeVerifier: parameters.get('code_verifier') };
    const decision = judgeCodeRedemption(redemption, policy, clock.now());
    if (decision.kind === 'refuse') {
      if (decision.revoke !== null) await revokeGrant(store, decision.revoke.id, 'code-replayed', clock.now());
      return { error: 'invalid_grant', why: decision.why };
    }
    const lifetimes = dialect.lifetimes(exchange, client, { origin: decision.grant.origin, replaces: null });
    const issued = await issueTokens(
      exchange.tenant,
      asAskedFor(decision.grant, exchange, decision.grant.scope),
      false,
      {
        accessToken: {
          key: dialect.newAccessTokenKey(exchange),
          lifetimeMs: lifetimes.accessTokenMs,
          scope: decision.grant.scope,
        },
        refreshToken: newRefreshToken(request, 'authorization_code', lifetimes),
        spends: decision.code,
      },
      policy,
    );
    if (issued !== null) return tokenGrant(issued, client, 'authorization_code', decision.code.nonce);
  }
}

async function refresh(request: TokenRequest): Promise<Outcome> {
  const { exchange, dialect, client, parameters, policy } = request;
  const { store, clock } = exchange.tenant;
  const key = parameters.get('refresh_token');
  if (key === undefined) return { error: 'invalid_request', why: 'refresh_token is missing' };
  for (;;) {
    const token = await store.refreshToken(key);
    const grant = await grantOfExchange(exchange, token);
    if (grant !== undefined) exchange.facts.grantId = grant.id;
    const decision = judgeRefresh(
      { token, grant, clientId: client.id, scope: parameters.get('scope') },
      policy,
      clock.now(),
    );
    if (decision.kind === 'refuse') {
      if (decision.revoke !== null) await revokeGrant(store, decision.revoke.id, 'refresh-token-replayed', clock.now());
      return { error: decision.error, why: decision.why };
    }
    const occasion = { origin: decision.grant.origin, replaces: decision.token };
    const lifetimes = dialect.lifetimes(exchange, client, occasion);
    const rotates = policy.rotatesRefreshToken();
    const scope = policy.scopeAfterRefresh(decision.scope, decision.grant.scope);
    const issued = await issueTokens(
      exchange.tenant,
      asAskedFor(decision.grant, exchange, scope.grant),
      false,
      {
        accessToken: {
          key: dialect.newAccessTokenKey(exchange),
          lifetimeMs: lifetimes.accessTokenMs,
          scope: scope.accessToken,
        },
        refreshToken: rotates ? newRefreshToken(request, 'refresh_token', lifetimes) : null,
        spends: rotates ? decision.token : null,
      },
      policy,
    );
    if (issued === null) continue;
    return tokenGrant(issued, client, 'refresh_token', null);
  }
}

/** Member by member: spreading what was issued took a tenth of a refresh. */
function tokenGrant(
  { grant, accessToken, refreshToken }: IssuedTokens,
  client: RegisteredClient,
  grantType: GrantType,
  nonce: string | null,
): TokenGrant {
  return { grant, accessToken, refreshToken, client, grantType, nonce };
}

/** A grant that was made at the mock's own address is from now on of the host at which its tokens are asked for. */
function asAskedFor(grant: Grant, { ownHost }: Exchange, scope: string): Grant {
  const bankUrl = grant.bankUrl ?? ownHost?.bankUrl;
  if (bankUrl === grant.bankUrl && scope === grant.scope) return grant;
  return { ...grant, scope, ...(bankUrl === undefined ? {} : { bankUrl }) };
}

function newRefreshToken(
  { exchange, dialect }: TokenRequest,
  grantType: GrantType,
  { refreshTokenMs }: { readonly refreshTokenMs: number },
): { key: string; lifetimeMs: number } | null {
  if (!dialect.givesRefreshToken(grantType)) return null;
  return { key: dialect.newRefreshTokenKey(exchange), lifetimeMs: refreshTokenMs };
}

/** The scope of a request that no user consented to: what the client registered, or a part of it. */
function judgeClientScope(request: TokenRequest): { scope: string } | { error: TokenErrorCode; why: string } {
  const { exchange, dialect, client, parameters } = request;
  const requested = parseScope(parameters.get('scope') ?? client.scope);
  if (requested === null) return { error: 'invalid_scope', why: 'scope has characters that no scope can have' };
  const scope = intersectScope(requested, client.registeredScope);
  const refusesRest = dialect.unregisteredScope(exchange, client) === 'refuse' && !isScopeWithin(requested, scope);
  if (scope.length === 0 || refusesRest)
    return { error: 'invalid_scope', why: 'the client did not register this scope' };
  return { scope: scope.join(' ') };
}

async function grantToClient(request: TokenRequest): Promise<Outcome> {
  if (request.client.type === 'public')
    return { error: 'unauthorized_client', why: 'a public client has no credentials' };
  const judged = judgeClientScope(request);
  if ('error' in judged) return judged;
  return grantWithoutConsent(request, 'client_credentials', judged.scope, null, null);
}

async function grantToPassword(request: TokenRequest): Promise<Outcome> {
  const { exchange, parameters } = request;
  const username = parameters.get('username');
  const password = parameters.get('password');
  if (username === undefined || password === undefined) {
    return { error: 'invalid_request', why: 'username or password is missing' };
  }
  const judged = judgeClientScope(request);
  if ('error' in judged) return judged;
  const user = exchange.tenant.users.findForLogin(username);
  const matches = secretsEqual(user?.password ?? '', password);
  if (user === undefined || !matches || user.behaviour === 'locked') {
    return { error: 'invalid_grant', why: 'resource-owner' };
  }
  return grantWithoutConsent(request, 'password', judged.scope, user.username, user.companies[0]?.cnpj ?? null);
}

/** Gives tokens on the standing grant of this client (and user), making it at the first time. */
async function grantWithoutConsent(
  request: TokenRequest,
  origin: GrantOrigin & GrantType,
  scope: string,
  username: string | null,
  company: string | null,
): Promise<Outcome> {
  const { exchange, dialect, client, policy } = request;
  const { store, clock, random } = exchange.tenant;
  const account = { bank: exchange.bank, clientId: client.id, username, company };
  for (;;) {
    const standing = (await store.grantsWithAccessTokens(account)).find(
      (grant) => grant.origin === origin && grant.bankUrl === exchange.ownHost?.bankUrl,
    );
    const now = clock.now();
    const grant: Grant = standing ?? {
      ...account,
      id: randomGuid(random),
      scope,
      origin,
      ...(exchange.ownHost === undefined ? {} : { bankUrl: exchange.ownHost.bankUrl }),
      createdAtMs: now,
      authenticatedAtMs: now,
      version: 1,
      revokedAtMs: null,
      revokedBecause: null,
      accessTokens: [],
      refreshTokens: [],
      code: null,
    };
    const lifetimes = dialect.lifetimes(exchange, client, { origin, replaces: null });
    const issued = await issueTokens(
      exchange.tenant,
      { ...grant, scope },
      standing === undefined,
      {
        accessToken: { key: dialect.newAccessTokenKey(exchange), lifetimeMs: lifetimes.accessTokenMs, scope },
        refreshToken: newRefreshToken(request, origin, lifetimes),
        spends: null,
      },
      policy,
    );
    if (issued !== null) return tokenGrant(issued, client, origin, null);
  }
}
