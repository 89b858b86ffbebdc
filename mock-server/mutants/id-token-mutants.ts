import { signHs256, signRs256, unsigned } from '../banks/btg/jwt.js';
import type { Btg } from '../banks/btg/bank.js';
import { btgIssuer } from '../banks/btg/issuer.js';
import { signingKey } from '../banks/btg/signing-key.js';
import type { Tenant } from '../tenants/tenant.js';
import { btgMutant } from './define-mutants.js';
import { withIdToken, withJwts, withMember, withoutMember } from './jwt-changes.js';
import type { Mutant } from './mutant.js';

/** A claim of every id_token. */
function withClaim(bank: Btg, name: string, value: (tenant: Tenant) => string | number): Btg {
  return withIdToken(bank, ({ claims }, _occasion, tenant) => ({ claims: withMember(claims, name, value(tenant)) }));
}

/** A claim of those id_tokens that a refresh gives. */
function withRefreshedClaim(bank: Btg, name: string, value: (tenant: Tenant) => string | number): Btg {
  return withIdToken(bank, ({ claims }, { grantType }, tenant) =>
    grantType === 'refresh_token' ? { claims: withMember(claims, name, value(tenant)) } : {},
  );
}

function secondsNow({ clock }: Tenant): number {
  return Math.floor(clock.now() / 1000);
}

/** id_tokens that say or prove the wrong thing. */
export const idTokenMutants: readonly Mutant[] = [
  btgMutant({
    name: 'id-token-audience-wrong',
    description: 'The id_token is for another client.',
    breaks: ['OIDCC-2-a'],
    patch: (bank) => withClaim(bank, 'aud', () => '00000000-0000-4000-8000-00000000ffff'),
  }),
  btgMutant({
    name: 'id-token-issuer-wrong',
    description: 'The id_token is from the other bank.',
    breaks: ['OIDCC-2-a'],
    patch: (bank) => withClaim(bank, 'iss', ({ links }) => links.bs2.publicBase),
  }),
  btgMutant({
    name: 'id-token-issuer-trailing-slash',
    description: 'The iss of the id_token ends in a slash that the issuer does not have.',
    breaks: ['OIDCC-2-a'],
    patch: (bank) =>
      withIdToken(bank, ({ claims }, { grant }, tenant) => ({
        claims: withMember(claims, 'iss', `${btgIssuer(tenant, grant.bankUrl)}/`),
      })),
  }),
  btgMutant({
    name: 'id-token-subject-missing',
    description: 'The id_token does not say who logged in.',
    breaks: ['OIDCC-2-a'],
    patch: (bank) => withIdToken(bank, ({ claims }) => ({ claims: withoutMember(claims, 'sub') })),
  }),
  btgMutant({
    name: 'id-token-expiry-missing',
    description: 'The id_token has no exp.',
    breaks: ['OIDCC-2-a'],
    patch: (bank) => withIdToken(bank, ({ claims }) => ({ claims: withoutMember(claims, 'exp') })),
  }),
  btgMutant({
    name: 'id-token-expired',
    description: 'The id_token has expired when it is given.',
    breaks: ['OIDCC-2-a'],
    patch: (bank) => withClaim(bank, 'exp', (tenant) => secondsNow(tenant) - 3600),
  }),
  btgMutant({
    name: 'id-token-issue-time-missing',
    description: 'The id_token has no iat.',
    breaks: ['OIDCC-2-a', 'OIDCC-12.2-a'],
    patch: (bank) => withIdToken(bank, ({ claims }) => ({ claims: withoutMember(claims, 'iat') })),
  }),
  btgMutant({
    name: 'id-token-issue-time-in-milliseconds',
    description: 'The iat of the id_token counts milliseconds.',
    breaks: ['OIDCC-2-a', 'OIDCC-12.2-a'],
    patch: (bank) => withClaim(bank, 'iat', (tenant) => secondsNow(tenant) * 1000),
  }),
  btgMutant({
    name: 'id-token-nonce-missing',
    description: 'The id_token carries no nonce, though the request had one.',
    breaks: ['OIDCC-2-a', 'BTG-id-token-b'],
    patch: (bank) => withIdToken(bank, ({ claims }) => ({ claims: withoutMember(claims, 'nonce') })),
  }),
  btgMutant({
    name: 'id-token-nonce-wrong',
    description: 'The id_token carries another nonce than was sent.',
    breaks: ['OIDCC-2-a', 'BTG-id-token-b'],
    patch: (bank) =>
      withIdToken(bank, ({ claims }, { nonce }) =>
        nonce === null ? {} : { claims: withMember(claims, 'nonce', `${nonce}x`) },
      ),
  }),
  btgMutant({
    name: 'id-token-unsigned',
    description: 'The id_token is not signed: alg is none.',
    breaks: ['OIDCC-2-b', 'BTG-id-token-a', 'BTG-id-token-c'],
    patch: (bank) =>
      withJwts(bank, () => ({
        signIdToken: async (_tenant, { claims }) => unsigned({ header: [['alg', 'none']], claims }),
      })),
  }),
  btgMutant({
    name: 'id-token-signed-by-rs256',
    description: 'The id_token is signed with RS256 and the bank’s key, and not with HS256 and the client’s secret.',
    breaks: ['BTG-id-token-a', 'BTG-id-token-c'],
    patch: (bank) =>
      withJwts(bank, () => ({
        signIdToken: (tenant, { claims }) => {
          const { kid, privateKey } = signingKey(tenant.settings.btg.signingKey);
          const header = [['alg', 'RS256'] as const, ['kid', kid] as const];
          return signRs256({ header, claims }, privateKey);
        },
      })),
  }),
  btgMutant({
    name: 'id-token-signed-with-other-secret',
    description: 'The id_token is signed with another secret than the client’s.',
    breaks: ['BTG-id-token-a', 'OIDCC-2-b'],
    patch: (bank) =>
      withJwts(bank, (honest) => ({
        signIdToken: async (tenant, content, client) =>
          client.secret === null
            ? honest.signIdToken(tenant, content, client)
            : signHs256(content, `${client.secret}x`),
      })),
  }),
  btgMutant({
    name: 'id-token-header-typed',
    description: 'The header of the id_token has a typ besides alg.',
    breaks: ['BTG-id-token-c'],
    patch: (bank) => withIdToken(bank, ({ header }) => ({ header: withMember(header, 'typ', 'JWT') })),
  }),
  btgMutant({
    name: 'id-token-header-names-key',
    description: 'The header of the id_token has a jku from which a key could be fetched.',
    breaks: ['OIDCC-2-c', 'BTG-id-token-c'],
    patch: (bank) =>
      withIdToken(bank, ({ header }) => ({ header: withMember(header, 'jku', 'https://chaves.exemplo.invalid/jwks') })),
  }),
  btgMutant({
    name: 'refreshed-id-token-of-other-user',
    description: 'The id_token of a refresh has another sub than the first.',
    breaks: ['OIDCC-12.2-a'],
    patch: (bank) => withRefreshedClaim(bank, 'sub', () => '52998224725'),
  }),
  btgMutant({
    name: 'refreshed-id-token-for-other-client',
    description: 'The id_token of a refresh has another aud than the first.',
    breaks: ['OIDCC-12.2-a'],
    patch: (bank) => withRefreshedClaim(bank, 'aud', () => '00000000-0000-4000-8000-00000000ffff'),
  }),
  btgMutant({
    name: 'refreshed-id-token-of-other-issuer',
    description: 'The id_token of a refresh has another iss than the first.',
    breaks: ['OIDCC-12.2-a'],
    patch: (bank) => withRefreshedClaim(bank, 'iss', ({ links }) => links.bs2.publicBase),
  }),
  btgMutant({
    name: 'refreshed-id-token-of-new-login',
    description: 'The auth_time of a refreshed id_token is the time of the refresh, when nobody logged in.',
    breaks: ['OIDCC-12.2-a'],
    patch: (bank) => withRefreshedClaim(bank, 'auth_time', secondsNow),
  }),
  btgMutant({
    name: 'refreshed-id-token-not-new',
    description: 'The iat of a refreshed id_token is the time of the first login.',
    breaks: ['OIDCC-12.2-a'],
    patch: (bank) =>
      withIdToken(bank, ({ claims }, { grant, grantType }) =>
        grantType === 'refresh_token'
          ? { claims: withMember(claims, 'iat', Math.floor(grant.authenticatedAtMs / 1000)) }
          : {},
      ),
  }),
  btgMutant({
    name: 'refreshed-id-token-with-other-nonce',
    description: 'The id_token of a refresh carries a nonce that no request had.',
    breaks: ['OIDCC-12.2-a'],
    patch: (bank) => withRefreshedClaim(bank, 'nonce', () => 'nonce-de-ninguem'),
  }),
];
