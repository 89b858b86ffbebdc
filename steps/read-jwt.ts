import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as v from 'valibot';
import { CheckFailure, PrerequisiteFailure } from './check-failure.js';

const idTokenClaims = v.looseObject({
  iss: v.string(),
  sub: v.string(),
  aud: v.union([v.string(), v.array(v.string())]),
  exp: v.number(),
  iat: v.number(),
  nonce: v.optional(v.string()),
  auth_time: v.optional(v.number()),
});
const accessTokenClaims = v.looseObject({
  sub: v.string(),
  scope: v.string(),
  iss: v.string(),
  exp: v.number(),
  iat: v.number(),
  client_id: v.string(),
  jti: v.string(),
});

/** A JWT's header and claims, read without checking its signature. */
export interface ReadJwt<Claims> {
  readonly token: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Claims;
}

/** @throws PrerequisiteFailure where there is no id_token; CheckFailure where it lacks a claim */
export function readIdToken({
  idToken,
}: {
  readonly idToken: string | null;
}): ReadJwt<v.InferOutput<typeof idTokenClaims>> {
  if (idToken === null) throw new PrerequisiteFailure('an id_token', 'none');
  return readJwt('id_token', idToken, idTokenClaims);
}

/** @throws CheckFailure where the access token is no JWT, or lacks a claim */
export function readAccessToken(accessToken: string): ReadJwt<v.InferOutput<typeof accessTokenClaims>> {
  return readJwt('access token', accessToken, accessTokenClaims);
}

function readJwt<Claims extends v.GenericSchema>(
  what: string,
  token: string,
  schema: Claims,
): ReadJwt<v.InferOutput<Claims>> {
  let decoded: { readonly header: Readonly<Record<string, unknown>>; readonly claims: unknown };
  try {
    decoded = { header: { ...decodeProtectedHeader(token) }, claims: decodeJwt(token) };
  } catch {
    throw new CheckFailure(`the ${what} to be a JWT`, 'something else');
  }
  const claims = v.safeParse(schema, decoded.claims);
  if (claims.success) return { token, header: decoded.header, claims: claims.output };
  const path = v.getDotPath(claims.issues[0]) ?? 'claims';
  throw new CheckFailure(`a usable ${path} in the ${what}`, 'none');
}
