import type { Btg } from '../banks/btg/bank.js';
import { oauthError } from '../banks/btg/oauth-answers.js';
import type { RevocationDialect } from '../banks/btg/revocation.js';
import type { RefreshToken } from '../store/records.js';
import type { Tenant } from '../tenants/tenant.js';
import { btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

function withRevocation(bank: Btg, change: (honest: RevocationDialect) => Partial<RevocationDialect>): Btg {
  return { ...bank, revocation: { ...bank.revocation, ...change(bank.revocation) } };
}

/** Ends a refresh token and leaves its grant, and so the access token, as it is. */
async function endAlone({ store, clock }: Tenant, token: RefreshToken): Promise<void> {
  const grant = await store.grant(token.grantId);
  if (grant === undefined) return;
  await store.commit({
    grant: { ...grant, version: grant.version + 1, refreshTokens: [] },
    expectedVersion: grant.version,
    put: [{ ...token, death: 'revoked-by-client', diedAtMs: clock.now() }],
  });
}

/** Revocations that end nothing, too little, or what is another's. */
export const revocationMutants: readonly Mutant[] = [
  btgMutant({
    name: 'revocation-without-effect',
    description: 'A revocation is confirmed, and nothing ends.',
    breaks: ['BTG-revoke-a', 'BTG-revoke-b'],
    patch: (bank) => withRevocation(bank, () => ({ end: async () => undefined })),
  }),
  btgMutant({
    name: 'revocation-spares-access-token',
    description: 'The revocation of a refresh token leaves the access token alive.',
    breaks: ['BTG-revoke-b'],
    patch: (bank) =>
      withRevocation(bank, (honest) => ({
        end: (tenant, token) => (token.kind === 'refresh-token' ? endAlone(tenant, token) : honest.end(tenant, token)),
      })),
  }),
  btgMutant({
    name: 'revocation-with-204',
    description: 'A revocation is confirmed with 204.',
    breaks: ['BTG-revoke-a'],
    patch: (bank) =>
      withRevocation(bank, (honest) => ({ renderRevoked: () => ({ ...honest.renderRevoked(), status: 204 }) })),
  }),
  btgMutant({
    name: 'unknown-token-not-revoked',
    description: 'The revocation of a token that the bank does not know is refused.',
    breaks: ['BTG-revoke-c'],
    patch: (bank) =>
      withRevocation(bank, () => ({
        renderUnknown: () => oauthError(400, 'invalid_request', 'The token is unknown'),
      })),
  }),
  btgMutant({
    name: 'revocation-by-other-client',
    description: 'A client can revoke the tokens of another.',
    breaks: ['BTG-revoke-d'],
    patch: (bank) => withRevocation(bank, () => ({ mayRevoke: () => true })),
  }),
  btgMutant({
    name: 'revocation-without-authentication',
    description: 'Whoever names the client can revoke its tokens, with any secret or none.',
    breaks: ['BTG-revoke-d'],
    patch: (bank) =>
      withRevocation(bank, () => ({
        authentication: () => ({ accepts: () => true, mayOmitSecret: () => true, isRightSecret: () => true }),
      })),
  }),
];
