import type { AccessToken, Grant } from '../store/records.js';
import type { GrantPolicy } from './grant-policy.js';

const bearerScheme = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/** The token of an `Authorization: Bearer` header (RFC 6750 section 2.1); null when there is none to read. */
export function readBearerToken(authorization: string | undefined): string | null {
  return authorization === undefined ? null : (bearerScheme.exec(authorization)?.[1] ?? null);
}

/** What a call to a protected resource brings to be let in. */
export type SentBearer = { readonly token: string } | 'missing' | 'malformed';

/** Reads an `Authorization` header that is there. */
export function readSentBearer(authorization: string): SentBearer {
  const token = readBearerToken(authorization);
  return token === null ? 'malformed' : { token };
}

export type BearerDecision =
  | { readonly kind: 'accepted'; readonly token: AccessToken; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly why: 'missing' | 'malformed' | 'unknown' | 'expired' | 'dead' | 'revoked' };

/** Judges the access token of a call to a protected resource; scope and company are the bank's own to judge. */
export function judgeBearer(
  token: AccessToken | undefined,
  grant: Grant | undefined,
  policy: GrantPolicy,
  nowMs: number,
): BearerDecision {
  if (token === undefined || grant === undefined) return { kind: 'refused', why: 'unknown' };
  if (policy.isGrantRevoked(grant, token.kind)) return { kind: 'refused', why: 'revoked' };
  if (policy.isAccessTokenDead(token)) return { kind: 'refused', why: 'dead' };
  if (policy.isExpired(token, nowMs)) return { kind: 'refused', why: 'expired' };
  return { kind: 'accepted', token, grant };
}
