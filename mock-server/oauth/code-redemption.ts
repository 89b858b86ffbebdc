import type { AuthorizationCode, Grant } from '../store/records.js';
import type { GrantPolicy } from './grant-policy.js';
import type { VerifierFault } from './pkce.js';

/** What a token request for `authorization_code` brings, and what is known of its code. */
export interface CodeRedemption {
  readonly code: AuthorizationCode | undefined;
  readonly grant: Grant | undefined;
  readonly clientId: string;
  /** Undefined only where the policy does not require it. */
  readonly redirectUri: string | undefined;
  readonly codeVerifier: string | undefined;
}

/** Why a code or refresh token is refused. For the journal and explanations; the client reads `invalid_grant`. */
export type GrantRefusal =
  'unknown' | 'expired' | 'spent' | 'revoked' | 'other-client' | 'other-redirect-uri' | VerifierFault;

export type CodeDecision =
  | { readonly kind: 'issue'; readonly code: AuthorizationCode; readonly grant: Grant }
  | {
      readonly kind: 'refuse';
      readonly why: GrantRefusal;
      /** Set when the replay revokes what the code gave. */
      readonly revoke: Grant | null;
    };

/**
 * Judges the redemption of an authorization code (RFC 6749 sections 4.1.2 and 4.1.3, RFC 7636 section 4.6). A code of
 * another client is refused before anything is said of its state, and a replay by another client revokes nothing.
 */
export function judgeCodeRedemption(redemption: CodeRedemption, policy: GrantPolicy, nowMs: number): CodeDecision {
  const { code, grant } = redemption;
  const refuse = (why: GrantRefusal, revoke: Grant | null = null): CodeDecision => ({ kind: 'refuse', why, revoke });
  if (code === undefined || grant === undefined) return refuse('unknown');
  if (!policy.codeBelongsTo(grant, redemption.clientId)) return refuse('other-client');
  if (policy.isCodeSpent(code)) return refuse('spent', policy.codeReplayRevokesTokens() ? grant : null);
  if (policy.isGrantRevoked(grant, code.kind)) return refuse('revoked');
  if (policy.isExpired(code, nowMs)) return refuse('expired');
  if (!policy.codeMatchesRedirectUri(code, redemption.redirectUri)) return refuse('other-redirect-uri');
  const fault = policy.verifierFault(code, redemption.codeVerifier);
  if (fault !== null) return refuse(fault);
  return { kind: 'issue', code, grant };
}
