import { killAccessToken } from '../banks/grant-changes.js';
import type { TokenGrant } from '../banks/token-dialect.js';
import type { Tenant } from '../tenants/tenant.js';
import { withGrantPolicy, withTokens } from './bank-patches.js';
import { atBothBanks, bs2Mutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Access tokens that die too late, too early or with the wrong ones. */
export const accessTokenLifeMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'access-token-outlives-its-time',
    description: 'An access token still opens the account one second after its expires_in.',
    breaks: { both: [], bs2: ['BS2-tokens-d', 'BS2-tokens-q'], btg: ['BTG-access-token-d'] },
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        isExpired: (issued, nowMs) => honest.isExpired(issued, issued.kind === 'access-token' ? nowMs - 2000 : nowMs),
      })),
  }),
  ...atBothBanks({
    name: 'access-token-dies-early',
    description: 'An access token is dead after half of its expires_in.',
    breaks: { both: [], bs2: ['BS2-tokens-d', 'BS2-tokens-q'], btg: ['BTG-access-token-d'] },
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        isExpired: (issued, nowMs) =>
          honest.isExpired(issued, issued.kind === 'access-token' ? nowMs + issued.lifetimeMs / 2 : nowMs),
      })),
  }),
  ...atBothBanks({
    name: 'revoked-access-token-accepted',
    description: 'The access token of a grant that was revoked goes on opening the account.',
    breaks: { both: ['RFC6749-4.1.2-d'], bs2: [], btg: ['BTG-revoke-b'] },
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        isGrantRevoked: (grant, kind) => kind !== 'access-token' && honest.isGrantRevoked(grant, kind),
      })),
  }),
  bs2Mutant({
    name: 'old-access-token-lives',
    description: 'A new access token leaves the previous one alive.',
    breaks: ['BS2-tokens-g'],
    patch: (bank) => withGrantPolicy(bank, () => ({ previousAccessTokenDies: () => 'never' })),
  }),
  bs2Mutant({
    name: 'refresh-kills-other-users',
    description: 'A refresh ends the access tokens of the client’s other users too.',
    breaks: ['BS2-tokens-k'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        tokenMembers: async (exchange, given) => {
          if (given.grantType === 'refresh_token') await endTokensOfOthers(exchange.tenant, given);
          return honest.tokenMembers(exchange, given);
        },
      })),
  }),
];

async function endTokensOfOthers({ store, clock }: Tenant, { grant, client }: TokenGrant): Promise<void> {
  for (const other of await store.grants()) {
    if (other.bank !== grant.bank || other.clientId !== client.id || other.username === grant.username) continue;
    for (const key of other.accessTokens) {
      const token = await store.accessToken(key);
      if (token !== undefined) await killAccessToken(store, token, 'newer-access-token', clock.now());
    }
  }
}
