import { isExpired } from '../store/records.js';
import type { AccessToken, AuthorizationCode, Grant, IssuedRecord, RefreshToken } from '../store/records.js';
import { verifierFault } from './pkce.js';
import type { VerifierFault } from './pkce.js';

/**
 * The decisions that a bank's code redemption, refresh and bearer check ask for, one function each. A bank's settings
 * build it; a mutant replaces one function. The rules themselves have no exceptions of their own.
 */
export interface GrantPolicy {
  isExpired(issued: IssuedRecord, nowMs: number): boolean;
  /** Whether the grant behind a code or token of this kind was revoked. */
  isGrantRevoked(grant: Grant, kind: IssuedRecord['kind']): boolean;
  isCodeSpent(code: AuthorizationCode): boolean;
  codeBelongsTo(grant: Grant, clientId: string): boolean;
  requiresRedirectUri(): boolean;
  codeMatchesRedirectUri(code: AuthorizationCode, redirectUri: string | undefined): boolean;
  verifierFault(code: AuthorizationCode, verifier: string | undefined): VerifierFault | null;
  codeReplayRevokesTokens(): boolean;
  refreshTokenBelongsTo(grant: Grant, clientId: string): boolean;
  /** Whether a rotated refresh token is still honoured `sinceRotationMs` after its rotation. */
  rotatedRefreshTokenWorks(token: RefreshToken, sinceRotationMs: number): boolean;
  refreshTokenReplayRevokesGrant(): boolean;
  rotatesRefreshToken(): boolean;
  /** How far a new access token kills older ones. */
  previousAccessTokenDies(): 'account' | 'grant' | 'never';
  requiresScopeOnRefresh(): boolean;
  mayNarrowTo(requested: readonly string[], granted: readonly string[]): boolean;
  /** Scope of the new access token after a refresh, and of the grant; the refresh token keeps it (RFC 6749 section 6). */
  scopeAfterRefresh(decided: string, granted: string): { readonly accessToken: string; readonly grant: string };
  isAccessTokenDead(token: AccessToken): boolean;
}

/** What a bank's settings decide of its policy. Durations in ms. */
export interface GrantPolicyOptions {
  readonly rotateRefreshToken: boolean;
  readonly reuse: 'refuse' | 'revoke-grant' | { readonly graceMs: number };
  readonly codeReplayRevokesTokens: boolean;
  readonly previousAccessTokenDies: 'account' | 'grant' | 'never';
  readonly requireScopeOnRefresh: boolean;
}

/** The policy of a strict server: what RFC 6749 and RFC 9700 ask, where the settings do not say otherwise. */
export function strictGrantPolicy(options: GrantPolicyOptions): GrantPolicy {
  return {
    isExpired,
    isGrantRevoked: (grant) => grant.revokedAtMs !== null,
    isCodeSpent: (code) => code.death !== null,
    codeBelongsTo: (grant, clientId) => grant.clientId === clientId,
    requiresRedirectUri: () => true,
    codeMatchesRedirectUri: (code, redirectUri) => code.redirectUri === redirectUri,
    verifierFault: (code, verifier) => verifierFault(code.codeChallenge, verifier),
    codeReplayRevokesTokens: () => options.codeReplayRevokesTokens,
    refreshTokenBelongsTo: (grant, clientId) => grant.clientId === clientId,
    rotatedRefreshTokenWorks: (_token, sinceRotationMs) =>
      typeof options.reuse === 'object' && sinceRotationMs < options.reuse.graceMs,
    refreshTokenReplayRevokesGrant: () => options.reuse === 'revoke-grant',
    rotatesRefreshToken: () => options.rotateRefreshToken,
    previousAccessTokenDies: () => options.previousAccessTokenDies,
    requiresScopeOnRefresh: () => options.requireScopeOnRefresh,
    mayNarrowTo: (requested, granted) => requested.every((token) => granted.includes(token)),
    scopeAfterRefresh: (decided, granted) => ({ accessToken: decided, grant: granted }),
    isAccessTokenDead: (token) => token.death !== null,
  };
}
