import { grantAfterRefresh } from '../client/grant-record.js';
import type { GrantRecord } from '../client/grant-record.js';
import type { TokenSet } from '../client/token-set.js';
import type { TokenAnswer } from './token-answer.js';

/** The grant after a refresh of which nobody knows what the bank did. */
export function inDoubt(grant: GrantRecord, code: string): GrantRecord {
  const attempts = (grant.failure?.attempts ?? 0) + 1;
  return { ...grant, refreshing: null, failure: { code, answerLost: true, attempts, notBefore: 0 } };
}

/** The grant after a refresh that gave tokens. */
export function successor(
  grant: GrantRecord,
  requestedAt: number,
  answer: TokenAnswer & { readonly accessToken: string },
): GrantRecord {
  // A bank that does not rotate answers without a refresh token: the old one goes on.
  const refreshToken = answer.refreshToken ?? grant.tokens.refreshToken;
  const tokens = tokenSetOf({ ...answer, refreshToken }, requestedAt);
  // What the user consented to; a refresh that says otherwise is one scenario's to judge, and no other's to suffer.
  return grantAfterRefresh(grant, { ...tokens, scope: grant.tokens.scope ?? answer.scope });
}

/** Tokens as stores have them; who logged in is nobody's business there. */
export function tokenSetOf(
  answer: Pick<TokenAnswer, 'refreshToken' | 'expiresIn' | 'scope'> & { readonly accessToken: string },
  requestedAt: number,
): TokenSet {
  const { accessToken, refreshToken, expiresIn, scope } = answer;
  return {
    accessToken,
    accessTokenExpiresAt: expiresIn === null ? null : requestedAt + expiresIn * 1000,
    expiresInSeconds: expiresIn,
    refreshToken,
    scope,
    idToken: null,
    idTokenClaims: null,
    requestedAt,
  };
}
