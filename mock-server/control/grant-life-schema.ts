import * as v from 'valibot';
import { listOf } from './basic-schemas.js';
import { grantSchema } from './grant-schema.js';

/** A code or token of a grant, from when it was given to when it ended. Its value is not shown. */
export const lifeOfTokenSchema = v.object({
  kind: v.picklist(['code', 'access-token', 'refresh-token']),
  issuedAt: v.string(),
  /** The entry that gave it; null where none shows it. */
  issuedBy: v.nullable(v.number()),
  /** When it would end, or would have ended, by itself. */
  expiresAt: v.nullable(v.string()),
  /** When it stopped working; null while it works. */
  endedAt: v.nullable(v.string()),
  /** The cause of death in words; null while it works. */
  endedBecause: v.nullable(v.string()),
  /** The entry that ended it. */
  endedBy: v.nullable(v.number()),
  /** Entries that brought it, oldest first. */
  usedBy: listOf(v.number()),
});

/** One arrow of the picture: who sent what to whom. */
export const lifeEventSchema = v.object({
  at: v.string(),
  entry: v.nullable(v.number()),
  from: v.picklist(['application', 'customer', 'bank']),
  to: v.picklist(['application', 'customer', 'bank']),
  text: v.string(),
  /** The answer's status; 0 where a fault took it, null where there was no request. */
  status: v.nullable(v.number()),
  outcome: v.nullable(v.string()),
});

/** A grant's life: its codes and tokens on a time line, and what happened to them. */
export const grantLifeSchema = v.object({
  grant: grantSchema,
  now: v.string(),
  tokens: listOf(lifeOfTokenSchema),
  events: listOf(lifeEventSchema),
  /** How many calls are left out between the first and the last ones. */
  omittedCalls: v.number(),
});

export type GrantLife = v.InferOutput<typeof grantLifeSchema>;
