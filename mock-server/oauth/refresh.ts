import type { Grant, RefreshToken } from '../store/records.js';
import type { GrantRefusal } from './code-redemption.js';
import type { GrantPolicy } from './grant-policy.js';
import { parseScope } from './scope.js';

/** What a token request for `refresh_token` brings, and what is known of its token. */
export interface Refresh {
  readonly token: RefreshToken | undefined;
  readonly grant: Grant | undefined;
  readonly clientId: string;
  /** The `scope` parameter, when sent. */
  readonly scope: string | undefined;
}

export type RefreshDecision =
  | {
      readonly kind: 'issue';
      readonly token: RefreshToken;
      readonly grant: Grant;
      /** Scope of the new access token; the refresh token keeps the grant's (RFC 6749 section 6). */
      readonly scope: string;
    }
  | {
      readonly kind: 'refuse';
      readonly error: 'invalid_grant';
      readonly why: GrantRefusal;
      readonly revoke: Grant | null;
    }
  | {
      readonly kind: 'refuse';
      readonly error: 'invalid_scope';
      readonly why: 'scope-beyond-grant';
      readonly revoke: null;
    }
  | {
      readonly kind: 'refuse';
      readonly error: 'invalid_request';
      readonly why: 'scope-missing';
      readonly revoke: null;
    };

/** Judges a refresh (RFC 6749 section 6, RFC 9700 section 4.14.2). */
export function judgeRefresh(refresh: Refresh, policy: GrantPolicy, nowMs: number): RefreshDecision {
  const { token, grant } = refresh;
  if (refresh.scope === undefined && policy.requiresScopeOnRefresh()) {
    return { kind: 'refuse', error: 'invalid_request', why: 'scope-missing', revoke: null };
  }
  if (token === undefined || grant === undefined) return refuse('unknown');
  if (!policy.refreshTokenBelongsTo(grant, refresh.clientId)) return refuse('other-client');
  if (policy.isGrantRevoked(grant, token.kind)) return refuse('revoked');
  if (policy.isExpired(token, nowMs)) return refuse('expired');
  if (token.death === 'rotated') {
    if (!policy.rotatedRefreshTokenWorks(token, nowMs - (token.diedAtMs ?? nowMs))) {
      return refuse('spent', policy.refreshTokenReplayRevokesGrant() ? grant : null);
    }
  } else if (token.death !== null) {
    return refuse('revoked');
  }
  if (refresh.scope === undefined) return { kind: 'issue', token, grant, scope: grant.scope };
  const requested = parseScope(refresh.scope);
  if (requested === null || !policy.mayNarrowTo(requested, grant.scope.split(' '))) {
    return { kind: 'refuse', error: 'invalid_scope', why: 'scope-beyond-grant', revoke: null };
  }
  return { kind: 'issue', token, grant, scope: requested.join(' ') };
}

function refuse(why: GrantRefusal, revoke: Grant | null = null): RefreshDecision {
  return { kind: 'refuse', error: 'invalid_grant', why, revoke };
}
