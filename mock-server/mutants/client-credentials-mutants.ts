import type { Bank } from '../banks/bank.js';
import { withTokens } from './bank-patches.js';
import { bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

function givingRefreshToken<B extends Bank>(bank: B): B {
  return withTokens(bank, () => ({ givesRefreshToken: () => true }));
}

/** What a client gets that asks for itself. */
export const clientCredentialsMutants: readonly Mutant[] = [
  bs2Mutant({
    name: 'client-credentials-with-refresh-token',
    description: 'client_credentials gives a refresh token.',
    breaks: ['BS2-grants-a'],
    patch: givingRefreshToken,
  }),
  btgMutant({
    name: 'client-credentials-with-refresh-token',
    description: 'client_credentials gives a refresh token.',
    breaks: ['BTG-client-a'],
    patch: givingRefreshToken,
  }),
  btgMutant({
    name: 'client-credentials-with-id-token',
    description: 'client_credentials gives an id_token, of nobody.',
    breaks: ['BTG-client-a'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        tokenMembers: async (exchange, given) => {
          const members = await honest.tokenMembers(exchange, given);
          if (given.grantType !== 'client_credentials') return members;
          const { jwts } = exchange.tenant.banks.btg;
          const content = jwts.idToken(exchange.tenant, given);
          return [...members, ['id_token', await jwts.signIdToken(exchange.tenant, content, given.client)]];
        },
      })),
  }),
  btgMutant({
    name: 'client-credentials-unsupported',
    description: 'The token endpoint knows no grant_type client_credentials.',
    breaks: ['BTG-client-a'],
    patch: (bank) =>
      withTokens(bank, ({ grantTypes }) => ({
        grantTypes: grantTypes.filter((grantType) => grantType !== 'client_credentials'),
      })),
  }),
];
