import { Buffer } from 'node:buffer';
import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import * as v from 'valibot';
import { IdTokenError } from './id-token-error.js';
import { idTokenClaimsSchema, type IdTokenClaims } from './token-set.js';

/**
 * How the signature is checked.
 *
 * - `client-secret`: HS256 keyed with the UTF-8 bytes of the client secret (OpenID Connect Core 10.1);
 * - `tls`: not at all. OpenID Connect Core 3.1.3.7 (6) lets TLS server validation stand in for the signature of a token
 *   that came straight from the token endpoint. It is all that a public client has where id_tokens are HS256.
 */
export type IdTokenKey = { readonly kind: 'client-secret'; readonly secret: string } | { readonly kind: 'tls' };

/** What an id_token must agree with. */
export interface IdTokenExpectations {
  /** The one algorithm accepted, from configuration, never from the token (RFC 8725 3.1). */
  readonly algorithm: 'HS256';
  readonly key: IdTokenKey;
  readonly issuer: string;
  readonly clientId: string;
  /** The nonce that was sent; null when none was, or when the token came with a refresh. */
  readonly nonce: string | null;
  /** Claims of the grant's first id_token, when this one came with a refresh (OpenID Connect Core 12.2). */
  readonly original: IdTokenClaims | null;
  /** Epoch ms. */
  readonly now: number;
  /** Tolerated difference between the bank's clock and ours, in seconds. Default 30. */
  readonly clockToleranceSeconds?: number;
  /** Oldest `iat` accepted, in seconds before now. Default 600; a token straight from the endpoint was just made. */
  readonly maxAgeSeconds?: number;
}

/**
 * Validates an id_token that came from the token endpoint (OpenID Connect Core 3.1.3.7; 12.2 after a refresh) and
 * returns its claims. With HS256 the key has no `kid`; none of the token's header but `alg` is looked at.
 *
 * Audiences: exactly the client id is trusted; a further audience, or an `azp` that is not the client, is refused.
 *
 * @throws IdTokenError (as rejection) each rule with a code of its own.
 */
export async function validateIdToken(idToken: string, expected: IdTokenExpectations): Promise<IdTokenClaims> {
  const claims = readClaims(await verifiedPayload(idToken, expected));
  judgeParties(claims, expected);
  judgeTimes(claims, expected);
  judgeBinding(claims, expected);
  return claims;
}

async function verifiedPayload(idToken: string, expected: IdTokenExpectations): Promise<Uint8Array> {
  const algorithm = readAlgorithm(idToken);
  if (algorithm !== expected.algorithm) {
    throw new IdTokenError(
      'ERR_ID_TOKEN_ALGORITHM',
      `Expected the id_token to be signed with ${expected.algorithm}.`,
      'alg',
      'mismatch',
    );
  }
  if (expected.key.kind === 'tls') return Buffer.from(idToken.split('.')[1] ?? '', 'base64url');
  if (expected.key.secret === '') {
    throw new IdTokenError('ERR_ID_TOKEN_KEY', 'Expected a client secret to check the id_token with.', null, 'missing');
  }
  try {
    const key = new TextEncoder().encode(expected.key.secret);
    return (await compactVerify(idToken, key, { algorithms: [expected.algorithm] })).payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw new IdTokenError('ERR_ID_TOKEN_SIGNATURE', 'The id_token’s signature is not the bank’s.', null, 'invalid');
    }
    throw malformed();
  }
}

function readAlgorithm(idToken: string): string | undefined {
  try {
    const header = decodeProtectedHeader(idToken);
    // `crit` names rules that must be understood; none is (RFC 7515 4.1.11).
    if (header.crit !== undefined || idToken.split('.').length !== 3) throw malformed();
    // An access token (`at+jwt`) or a logout token is no id_token, whoever signed it (RFC 8725 3.12).
    if (header.typ !== undefined && !/^(?:application\/)?jwt$/i.test(header.typ)) throw malformed();
    return header.alg;
  } catch {
    throw malformed();
  }
}

function malformed(): IdTokenError {
  return new IdTokenError('ERR_ID_TOKEN_MALFORMED', 'Expected the id_token to be a signed JWT.', null, 'invalid');
}

function readClaims(payload: Uint8Array): IdTokenClaims {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    throw malformed();
  }
  const result = v.safeParse(idTokenClaimsSchema, json);
  if (result.success) return result.output;
  const path = v.getDotPath(result.issues[0]) ?? 'claims';
  throw new IdTokenError('ERR_ID_TOKEN_CLAIM_MISSING', `Expected a usable "${path}" in the id_token.`, path, 'missing');
}

function judgeParties(claims: IdTokenClaims, expected: IdTokenExpectations): void {
  if (claims.iss !== expected.issuer) {
    throw new IdTokenError(
      'ERR_ID_TOKEN_ISSUER',
      'Expected the id_token’s "iss" to be exactly the configured issuer.',
      'iss',
      'mismatch',
    );
  }
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : claims.aud;
  if (audiences.length === 0 || !audiences.every((audience) => audience === expected.clientId)) {
    throw new IdTokenError(
      'ERR_ID_TOKEN_AUDIENCE',
      'Expected the id_token’s "aud" to be this client and no other.',
      'aud',
      'mismatch',
    );
  }
  if (claims.azp !== undefined && claims.azp !== expected.clientId) {
    throw new IdTokenError(
      'ERR_ID_TOKEN_AUDIENCE',
      'Expected the id_token’s "azp" to be this client.',
      'azp',
      'mismatch',
    );
  }
}

function judgeTimes(claims: IdTokenClaims, expected: IdTokenExpectations): void {
  const nowSeconds = expected.now / 1000;
  const { clockToleranceSeconds: tolerance = 30, maxAgeSeconds = 600 } = expected;
  if (nowSeconds >= claims.exp + tolerance) {
    throw new IdTokenError(
      'ERR_ID_TOKEN_EXPIRED',
      'The id_token’s "exp" has passed; compare the clocks.',
      'exp',
      'invalid',
    );
  }
  if (claims.iat > nowSeconds + tolerance) {
    throw new IdTokenError(
      'ERR_ID_TOKEN_NOT_YET_VALID',
      'The id_token’s "iat" lies in the future; compare the clocks.',
      'iat',
      'invalid',
    );
  }
  if (typeof claims.nbf === 'number' && claims.nbf > nowSeconds + tolerance) {
    throw new IdTokenError(
      'ERR_ID_TOKEN_NOT_YET_VALID',
      'The id_token’s "nbf" lies in the future; compare the clocks.',
      'nbf',
      'invalid',
    );
  }
  if (claims.iat < nowSeconds - maxAgeSeconds - tolerance) {
    throw new IdTokenError(
      'ERR_ID_TOKEN_ISSUED_TOO_LONG_AGO',
      'The id_token’s "iat" is older than a fresh token can be.',
      'iat',
      'invalid',
    );
  }
}

function judgeBinding(claims: IdTokenClaims, { nonce, original }: IdTokenExpectations): void {
  if (nonce !== null && claims.nonce !== nonce) {
    const reason = claims.nonce === undefined ? 'missing' : 'mismatch';
    throw new IdTokenError(
      'ERR_ID_TOKEN_NONCE',
      'Expected the id_token’s "nonce" to be the one that was sent.',
      'nonce',
      reason,
    );
  }
  if (original === null) return;
  const audience = (aud: IdTokenClaims['aud']) => JSON.stringify(typeof aud === 'string' ? [aud] : [...aud].sort());
  const changed =
    claims.iss !== original.iss
      ? 'iss'
      : claims.sub !== original.sub
        ? 'sub'
        : audience(claims.aud) !== audience(original.aud)
          ? 'aud'
          : claims.nonce !== undefined && claims.nonce !== original.nonce
            ? 'nonce'
            : null;
  if (changed !== null) {
    throw new IdTokenError(
      'ERR_ID_TOKEN_CHANGED',
      `Expected the refreshed id_token’s "${changed}" to be the first one’s.`,
      changed,
      'mismatch',
    );
  }
}
