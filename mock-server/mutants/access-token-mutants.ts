import { readAccessTokenKey, verifySignedKey } from '../banks/btg/access-token.js';
import { btgIssuer } from '../banks/btg/issuer.js';
import { isRs256Signature, parseJwt } from '../banks/btg/jwt.js';
import { signingKey } from '../banks/btg/signing-key.js';
import type { JsonMembers } from '../banks/json-members.js';
import { btgMutant } from './define-mutants.js';
import { withAccessToken, withJwts, withMember, withoutMember } from './jwt-changes.js';
import type { Mutant } from './mutant.js';

/** Claims that are named after scopes. */
function isCompanyClaim(name: string): boolean {
  return /[/:]/.test(name);
}

function byName(members: JsonMembers): JsonMembers {
  return members.toSorted(([first], [second]) => (first < second ? -1 : 1));
}

/** As the bank's own check, for tokens that do not say which of its keys signed them. */
function verifyUnnamedKey(token: string): string | null {
  const jwt = parseJwt(token);
  const isSigned =
    jwt !== null && (['first', 'second'] as const).some((name) => isRs256Signature(jwt, signingKey(name).publicKey));
  return isSigned ? readAccessTokenKey(token) : null;
}

/** Access tokens that do not look or say as documented. Each of them opens the accounts all the same. */
export const accessTokenMutants: readonly Mutant[] = [
  btgMutant({
    name: 'access-token-type-wrong',
    description: 'The typ of the access token is JWT and not at+jwt.',
    breaks: ['BTG-access-token-a'],
    patch: (bank) =>
      withAccessToken(
        withJwts(bank, () => ({ accessTokenKey: verifySignedKey })),
        ({ header }) => ({ header: withMember(header, 'typ', 'JWT') }),
      ),
  }),
  btgMutant({
    name: 'access-token-key-unnamed',
    description: 'The header of the access token has no kid.',
    breaks: ['OIDCC-10.1-a', 'BTG-access-token-a'],
    patch: (bank) =>
      withAccessToken(
        withJwts(bank, () => ({ accessTokenKey: verifyUnnamedKey })),
        ({ header }) => ({ header: withoutMember(header, 'kid') }),
      ),
  }),
  btgMutant({
    name: 'access-token-claims-reordered',
    description: 'The claims of the access token come in another order than documented.',
    breaks: ['BTG-access-token-a'],
    patch: (bank) => withAccessToken(bank, ({ claims }) => ({ claims: byName(claims) })),
  }),
  btgMutant({
    name: 'access-token-scope-missing',
    description: 'The access token has no scope claim.',
    breaks: ['BTG-access-token-a'],
    patch: (bank) => withAccessToken(bank, ({ claims }) => ({ claims: withoutMember(claims, 'scope') })),
  }),
  btgMutant({
    name: 'access-token-with-audience',
    description: 'The access token has an aud.',
    breaks: ['BTG-access-token-a'],
    patch: (bank) =>
      withAccessToken(bank, ({ claims }) => ({ claims: withMember(claims, 'aud', 'https://api.exemplo.invalid') })),
  }),
  btgMutant({
    name: 'access-token-expiry-wrong',
    description: 'The exp of the access token is an hour after its iat.',
    breaks: ['BTG-access-token-b'],
    patch: (bank) =>
      withAccessToken(bank, ({ claims }, token) => ({
        claims: withMember(claims, 'exp', Math.floor(token.issuedAtMs / 1000) + 3600),
      })),
  }),
  btgMutant({
    name: 'access-token-names-username',
    description: 'The sub of the access token is the username and not the CPF.',
    breaks: ['BTG-access-token-b'],
    patch: (bank) =>
      withAccessToken(bank, ({ claims }, _token, { username }) => ({
        claims: withMember(claims, 'sub', username ?? 'ninguem'),
      })),
  }),
  btgMutant({
    name: 'access-token-of-other-client',
    description: 'The access token names another client.',
    breaks: ['BTG-access-token-b'],
    patch: (bank) =>
      withAccessToken(bank, ({ claims }) => ({
        claims: withMember(claims, 'client_id', '00000000-0000-4000-8000-00000000ffff'),
      })),
  }),
  btgMutant({
    name: 'access-token-issuer-trailing-slash',
    description: 'The iss of the access token ends in a slash that the issuer does not have.',
    breaks: ['BTG-access-token-b'],
    patch: (bank) =>
      withAccessToken(bank, ({ claims }, _token, { bankUrl }, tenant) => ({
        claims: withMember(claims, 'iss', `${btgIssuer(tenant, bankUrl)}/`),
      })),
  }),
  btgMutant({
    name: 'access-token-company-missing',
    description: 'The access token has no claim that names the company.',
    breaks: ['BTG-access-token-c'],
    patch: (bank) =>
      withAccessToken(bank, ({ claims }) => ({ claims: claims.filter(([name]) => !isCompanyClaim(name)) })),
  }),
  btgMutant({
    name: 'access-token-company-wrong',
    description: 'The access token names another company than the user chose.',
    breaks: ['BTG-access-token-c'],
    patch: (bank) =>
      withAccessToken(bank, ({ claims }) => ({
        claims: claims.map(([name, value]) => [name, isCompanyClaim(name) ? '11222333000181' : value]),
      })),
  }),
];
