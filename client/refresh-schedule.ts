import { createHash } from 'node:crypto';
import type { GrantRecord } from './grant-record.js';
import type { TokenSet } from './token-set.js';

const secondMs = 1000;

/**
 * When an access token stops being used: a margin before it expires, so that it does not expire on its way. The
 * margin is 60 s, or a tenth of the life where that is shorter (BS2: 30 of 300 s). Infinity when the bank did not say:
 * then a 401 tells.
 */
export function accessTokenUsableUntil(tokens: Pick<TokenSet, 'accessTokenExpiresAt' | 'expiresInSeconds'>): number {
  if (tokens.accessTokenExpiresAt === null) return Infinity;
  const lifetimeMs = (tokens.expiresInSeconds ?? 0) * secondMs;
  return tokens.accessTokenExpiresAt - Math.min(60 * secondMs, lifetimeMs / 10);
}

/** A number from 0 to 1 that depends on nothing but the key. */
function spreadOf(key: string): number {
  return createHash('sha256').update(key, 'utf8').digest().readUInt32BE(0) / 0x1_0000_0000;
}

/**
 * When a grant's refresh token should be renewed although nobody needs an access token: at half of its life (day 15 of
 * BS2's 30, day 5 of BTG's 10), up to a tenth of the life later, by key, so that customers who consented on the same
 * day do not all fall due together. Where refreshing does not rotate the token, it is tried again every tenth of a life.
 *
 * All in epoch ms and ms; `after` is the part of the life, 0 to 1.
 */
export function keepAliveDueAt(
  key: string,
  record: Pick<GrantRecord, 'refreshTokenIssuedAt' | 'failure'> & { readonly tokens: Pick<TokenSet, 'requestedAt'> },
  refreshTokenLifetimeMs: number,
  after = 0.5,
): number {
  return Math.max(
    record.refreshTokenIssuedAt + refreshTokenLifetimeMs * (after + 0.1 * spreadOf(key)),
    record.tokens.requestedAt + refreshTokenLifetimeMs * 0.1,
    record.failure?.notBefore ?? 0,
  );
}

/** How long a grant rests after its n-th refresh in a row that settled nothing: 5 s, doubling, at most 5 minutes. */
export function restAfterFailureMs(attempts: number): number {
  return Math.min(300 * secondMs, 5 * secondMs * 2 ** Math.min(attempts - 1, 10));
}
