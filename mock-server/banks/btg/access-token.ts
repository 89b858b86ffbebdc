import * as v from 'valibot';
import type { AccessToken, Grant } from '../../store/records.js';
import type { Tenant } from '../../tenants/tenant.js';
import { btgIssuer } from './issuer.js';
import { isRs256Signature, parseJwt, signRs256 } from './jwt.js';
import type { JwtContent } from './jwt.js';
import { findSigningKey, signingKey } from './signing-key.js';

/** Scope tokens in the alphabetical order of BTG's samples. */
export function sortScope(scope: string): string {
  return scope.split(' ').sort().join(' ');
}

/** The person (CPF) that a grant is of; the client itself where no person consented. */
export function subjectOf(tenant: Tenant, grant: Grant): string {
  if (grant.username === null) return grant.clientId;
  return tenant.users.find(grant.username)?.cpf ?? grant.username;
}

/**
 * What an access token says. Members `sub` to `jti`, their order and the absence of `aud` are those of the sample on
 * developers.empresas.btgpactual.com/docs/refresh-token; then come the company claims that a partner reads from newer
 * tokens: named after the granted scopes, each with the CNPJ. That `scope` is sorted here too is inferred.
 * `exp` is the first second in which the token no longer works.
 */
export function accessTokenContent(tenant: Tenant, token: AccessToken, grant: Grant): JwtContent {
  const { kid } = signingKey(tenant.settings.btg.signingKey);
  const issuedAt = Math.floor(token.issuedAtMs / 1000);
  const { company } = grant;
  const companyScopes = company === null ? [] : token.scope.split(' ').filter(isResourceScope).sort();
  return {
    header: [
      ['alg', 'RS256'],
      ['typ', 'at+jwt'],
      ['kid', kid],
    ],
    claims: [
      ['sub', subjectOf(tenant, grant)],
      ['scope', sortScope(token.scope)],
      ['iss', btgIssuer(tenant, grant.bankUrl)],
      ['exp', issuedAt + Math.floor(token.lifetimeMs / 1000)],
      ['iat', issuedAt],
      ['client_id', grant.clientId],
      ['jti', token.key],
      ...companyScopes.map((scope) => [scope, company ?? ''] as const),
    ],
  };
}

/** Scopes of BTG's resources: `empresas.btgpactual.com/…` and `brn:…`. Plain words would collide with other claims. */
function isResourceScope(scope: string): boolean {
  return /[/:]/.test(scope);
}

/** The access token as the client receives it, signed with the key that signs now. */
export function signAccessToken(tenant: Tenant, content: JwtContent): Promise<string> {
  return signRs256(content, signingKey(tenant.settings.btg.signingKey).privateKey);
}

const signedHeader = v.object({ alg: v.literal('RS256'), kid: v.string() });
const accessTokenHeader = v.object({ ...signedHeader.entries, typ: v.literal('at+jwt') });
const accessTokenClaims = v.object({ jti: v.string() });

/** The store's key of what looks like an access token, believed without its signature; null where there is none. */
export function readAccessTokenKey(token: string): string | null {
  const claims = v.safeParse(accessTokenClaims, parseJwt(token)?.claims);
  return claims.success ? claims.output.jti : null;
}

/**
 * The store's key of an access token that one of the shipped keys signed; null for every other text. Expiry and
 * revocation are not judged here: the record decides them, so that a grant can be aged.
 */
export function verifyAccessTokenKey(token: string): string | null {
  return verifyKey(token, accessTokenHeader);
}

/** The same for a JWT of whatever type, even an untyped one, that one of the shipped keys signed. */
export function verifySignedKey(token: string): string | null {
  return verifyKey(token, signedHeader);
}

function verifyKey(token: string, headerSchema: v.GenericSchema<unknown, { kid: string }>): string | null {
  const jwt = parseJwt(token);
  if (jwt === null) return null;
  const header = v.safeParse(headerSchema, jwt.header);
  const claims = v.safeParse(accessTokenClaims, jwt.claims);
  if (!header.success || !claims.success) return null;
  const key = findSigningKey(header.output.kid);
  return key !== undefined && isRs256Signature(jwt, key.publicKey) ? claims.output.jti : null;
}
