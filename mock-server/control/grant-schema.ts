import * as v from 'valibot';
import { bankIdSchema, durationSchema, listOf, plainText, scopeSchema, visibleText } from './basic-schemas.js';

/** A grant to make without any redirect. */
export const grantRequestSchema = v.strictObject({
  bank: bankIdSchema,
  client: v.optional(visibleText(200)),
  username: v.optional(plainText(100)),
  company: v.optional(plainText(20)),
  scope: v.optional(scopeSchema),
  /** The value that the refresh token shall have. */
  refreshToken: v.optional(visibleText(500)),
  /** How old it is already. */
  age: v.optional(durationSchema),
});

export const ageRequestSchema = v.strictObject({ by: durationSchema });

const grantEntries = {
  id: v.string(),
  bank: bankIdSchema,
  clientId: v.string(),
  username: v.nullable(v.string()),
  company: v.nullable(v.string()),
  scope: v.string(),
  origin: v.picklist(['consent', 'control', 'client_credentials', 'password']),
  createdAt: v.string(),
  revokedAt: v.nullable(v.string()),
  revokedBecause: v.nullable(v.string()),
  version: v.number(),
  accessTokens: listOf(v.object({ issuedAt: v.string(), expiresAt: v.string(), live: v.boolean(), scope: v.string() })),
  refreshTokens: listOf(v.object({ issuedAt: v.string(), expiresAt: v.string(), live: v.boolean() })),
};

/** A grant as it is listed: when its tokens were issued and whether they work, never their values. */
export const grantSchema = v.object(grantEntries);

/** A grant that was made, with its tokens in the members of the bank's own token response. */
export const madeGrantSchema = v.object({
  ...grantEntries,
  /** The two tokens by the names that requests of this API use for them. */
  accessToken: v.string(),
  refreshToken: v.string(),
  /** The bank's own token response. */
  tokens: v.object({
    access_token: v.string(),
    refresh_token: v.string(),
    scope: v.string(),
    token_type: v.string(),
    expires_in: v.number(),
    /** BTG only, with `openid` in the scope. */
    id_token: v.optional(v.string()),
  }),
});
