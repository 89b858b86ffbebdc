import type { Btg } from '../banks/btg/bank.js';
import { oauthError } from '../banks/btg/oauth-answers.js';
import type { RevocationDialect } from '../banks/btg/revocation.js';
import type { RefreshToken } from '../store/records.js';
import type { Tenant } from '../tenants/tenant.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import { withFinish } from './bank-patches.js';
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
    breaks: ['BTG-revoke-b', 'RFC7009-2.1-c'],
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
    breaks: ['BTG-revoke-c', 'RFC7009-2.2-a'],
    patch: (bank) =>
      withRevocation(bank, () => ({
        renderUnknown: () => oauthError(400, 'invalid_request', 'The token is unknown'),
      })),
  }),
  btgMutant({
    name: 'unknown-hint-refused',
    description: 'A revocation whose token_type_hint the bank does not know is refused.',
    breaks: ['RFC7009-2.1-d'],
    patch: (bank) =>
      withFinish(bank, (answer, endpoint, { body }) => {
        const hint = new RequestParameters(body).get('token_type_hint');
        const isKnown = hint === undefined || hint === 'access_token' || hint === 'refresh_token';
        if (endpoint !== 'revoke' || isKnown) return answer;
        return oauthError(400, 'unsupported_token_type', 'The hint is unknown');
      }),
  }),
  btgMutant({
    name: 'revocation-of-nothing-confirmed',
    description: 'A revocation that names no token is confirmed.',
    breaks: ['RFC7009-2.2.1-a'],
    patch: (bank) =>
      withFinish(bank, (answer, endpoint, { body }) => {
        const isOfNothing = endpoint === 'revoke' && new RequestParameters(body).get('token') === undefined;
        return isOfNothing && answer.status === 400 ? bank.revocation.renderRevoked() : answer;
      }),
  }),
  btgMutant({
    name: 'revocation-by-other-client',
    description: 'A client can revoke the tokens of another.',
    breaks: ['BTG-revoke-d', 'RFC7009-2.1-b'],
    patch: (bank) => withRevocation(bank, () => ({ mayRevoke: () => true })),
  }),
  btgMutant({
    name: 'revocation-without-authentication',
    description: 'Whoever names the client can revoke its tokens, with any secret or none.',
    breaks: ['BTG-revoke-d', 'RFC7009-2.1-a'],
    patch: (bank) =>
      withRevocation(bank, () => ({
        authentication: () => ({ accepts: () => true, mayOmitSecret: () => true, isRightSecret: () => true }),
      })),
  }),
];
