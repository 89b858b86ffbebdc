import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { tokenSetSchema } from './token-set.js';
import type { TokenSet } from './token-set.js';

/** What is stored for one grant. Plain JSON; it holds live tokens: keep it as secret as a password. */
export const grantRecordSchema = v.object({
  schema: v.literal(1),
  /** Made anew by each consent, so that a refresh of the old consent can never overwrite the tokens of a new one. */
  grantId: v.string(),
  status: v.picklist(['active', 'consent-required']),
  /** Why, once `status` is `consent-required`. */
  reason: v.nullable(v.picklist(['refresh-refused', 'refresh-answer-lost', 'no-refresh-token'])),
  tokens: tokenSetSchema,
  /** Epoch ms at which the present refresh token was asked for: the start of its life. */
  refreshTokenIssuedAt: v.number(),
  /**
   * Who alone may use the grant at present, where users take turns (a bank at which a refresh ends the access token
   * at once). Nobody once `until` (epoch ms) is over, or once that process of that host has ended.
   */
  lease: v.optional(v.nullable(v.object({ by: v.string(), host: v.string(), pid: v.number(), until: v.number() }))),
  /** A refresh that was begun, by which token manager; written before the request is sent. */
  refreshing: v.nullable(v.object({ by: v.string(), startedAt: v.number() })),
  /** The last refresh that failed without settling anything; null after a success. */
  failure: v.nullable(
    v.object({
      code: v.string(),
      /** True when the bank may have rotated the token: a later refusal then means "lost", not "revoked". */
      answerLost: v.boolean(),
      attempts: v.number(),
      notBefore: v.number(),
    }),
  ),
});

/** One grant as it is stored; see {@link grantRecordSchema}. */
export type GrantRecord = Readonly<v.InferOutput<typeof grantRecordSchema>>;

/** The record of a new consent. The raw id_token has served its purpose by then, and holds a person's data. */
export function grantOfConsent(tokens: TokenSet): GrantRecord {
  return {
    schema: 1,
    grantId: randomUUID(),
    status: 'active',
    reason: null,
    tokens: { ...tokens, idToken: null },
    refreshTokenIssuedAt: tokens.requestedAt,
    refreshing: null,
    failure: null,
  };
}

/** The record after a refresh that gave `tokens`. */
export function grantAfterRefresh(grant: GrantRecord, tokens: TokenSet): GrantRecord {
  const isRotated = tokens.refreshToken !== grant.tokens.refreshToken;
  return {
    ...grant,
    status: 'active',
    reason: null,
    tokens: { ...tokens, idToken: null },
    refreshTokenIssuedAt: isRotated ? tokens.requestedAt : grant.refreshTokenIssuedAt,
    refreshing: null,
    failure: null,
  };
}
