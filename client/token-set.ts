import * as v from 'valibot';

/** The claims of a validated id_token that later steps need. */
export const idTokenClaimsSchema = v.looseObject({
  iss: v.string(),
  sub: v.string(),
  aud: v.union([v.string(), v.array(v.string())]),
  exp: v.number(),
  iat: v.number(),
  nonce: v.optional(v.string()),
});

/** Claims of an id_token that passed `validateIdToken`; further claims of the bank are kept as they came. */
export type IdTokenClaims = v.InferOutput<typeof idTokenClaimsSchema>;

/** What may be written to a store and read back. */
export const tokenSetSchema = v.object({
  accessToken: v.pipe(v.string(), v.minLength(1)),
  accessTokenExpiresAt: v.nullable(v.number()),
  expiresInSeconds: v.nullable(v.number()),
  refreshToken: v.nullable(v.string()),
  scope: v.nullable(v.string()),
  idToken: v.nullable(v.string()),
  idTokenClaims: v.nullable(idTokenClaimsSchema),
  requestedAt: v.number(),
});

/**
 * The tokens of one grant as one token answer gave them.
 *
 * - `accessTokenExpiresAt`: epoch ms, counted from when the request was *sent*, so it errs on the safe side; null when
 *   the bank did not say (RFC 6749 5.1 only recommends `expires_in`);
 * - `scope`: what was granted; the requested scope when the answer names none (RFC 6749 5.1);
 * - `requestedAt`: epoch ms at which the token request was sent.
 */
export type TokenSet = Readonly<v.InferOutput<typeof tokenSetSchema>>;
