import { judgeCodeRedemption } from '../oauth/code-redemption.js';
import { judgeRefresh } from '../oauth/refresh.js';
import type { Grant } from '../store/records.js';
import type { Exchange } from './exchange.js';
import { issueTokens, revokeGrant } from './grant-changes.js';
import { grantOfExchange } from './grant-of-exchange.js';
import { newRefreshToken, tokenGrant } from './token-request.js';
import type { TokenOutcome, TokenRequest } from './token-request.js';

/** Gives tokens for a code (RFC 6749 section 4.1.3); of those that race for it, one gets them. */
export async function redeemCode(request: TokenRequest): Promise<TokenOutcome> {
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

/** Gives tokens for a refresh token (RFC 6749 section 6); of those that race for it, one gets them. */
export async function refresh(request: TokenRequest): Promise<TokenOutcome> {
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

/** A grant that was made at the mock's own address is from now on of the host at which its tokens are asked for. */
function asAskedFor(grant: Grant, { ownHost }: Exchange, scope: string): Grant {
  const bankUrl = grant.bankUrl ?? ownHost?.bankUrl;
  if (bankUrl === grant.bankUrl && scope === grant.scope) return grant;
  return { ...grant, scope, ...(bankUrl === undefined ? {} : { bankUrl }) };
}
