import { secretsEqual } from '../oauth/client-authentication.js';
import type { TokenErrorCode } from '../oauth/oauth-error.js';
import { intersectScope, isScopeWithin, parseScope } from '../oauth/scope.js';
import type { Grant, GrantOrigin } from '../store/records.js';
import { randomGuid } from '../tenants/random-source.js';
import { issueTokens } from './grant-changes.js';
import type { GrantType } from './token-dialect.js';
import { newRefreshToken, tokenGrant } from './token-request.js';
import type { TokenOutcome, TokenRequest } from './token-request.js';

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

/** Gives the client tokens of its own (RFC 6749 section 4.4). */
export async function grantToClient(request: TokenRequest): Promise<TokenOutcome> {
  if (request.client.type === 'public')
    return { error: 'unauthorized_client', why: 'a public client has no credentials' };
  const judged = judgeClientScope(request);
  if ('error' in judged) return judged;
  return grantWithoutConsent(request, 'client_credentials', judged.scope, null, null);
}

/** Gives tokens for a user's name and password (RFC 6749 section 4.3). */
export async function grantToPassword(request: TokenRequest): Promise<TokenOutcome> {
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
): Promise<TokenOutcome> {
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
