import { RequestParameters } from '../oauth/request-parameters.js';
import type { ClientAuthenticationPolicy } from '../oauth/client-authentication.js';
import type { Bank } from '../banks/bank.js';
import type { Exchange } from '../banks/exchange.js';
import { withTokens } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

function withAuthentication<B extends Bank>(
  bank: B,
  change: (honest: ClientAuthenticationPolicy, exchange: Exchange) => Partial<ClientAuthenticationPolicy>,
): B {
  return withTokens(bank, (dialect) => ({
    authentication: (exchange) => {
      const honest = dialect.authentication(exchange);
      return { ...honest, ...change(honest, exchange) };
    },
  }));
}

/** Reads the address of a token request as if it were a part of the body. */
function readingAddress<B extends Bank>(bank: B): B {
  return withTokens(bank, () => ({
    parameters: ({ body, query }) => new RequestParameters([body, query].filter((part) => part !== '').join('&')),
  }));
}

/** Token requests of clients that did not prove who they are, or did and are refused. */
export const clientAuthenticationMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'wrong-client-secret-accepted',
    description: 'The token endpoint takes any secret of a client that it knows.',
    breaks: { both: ['RFC6749-4.1.3-b'], bs2: ['BS2-error-a', 'RFC6749-5.2-b'], btg: ['BTG-error-a', 'RFC6749-5.2-b'] },
    patch: (bank) => withAuthentication(bank, () => ({ isRightSecret: () => true })),
  }),
  btgMutant({
    name: 'client-secret-optional',
    description: 'A client that has a secret gets tokens for its client_id alone.',
    breaks: ['RFC6749-4.1.3-b', 'RFC6749-6-c'],
    patch: (bank) => withAuthentication(bank, () => ({ mayOmitSecret: () => true })),
  }),
  ...atBothBanks({
    name: 'basic-refused',
    description: 'The token endpoint does not take HTTP Basic.',
    breaks: { both: ['RFC6749-2.3.1-a'], bs2: ['BS2-code-a'], btg: ['BTG-token-a'] },
    patch: (bank) =>
      withAuthentication(bank, (honest) => ({ accepts: (method) => method !== 'basic' && honest.accepts(method) })),
  }),
  bs2Mutant({
    name: 'credentials-in-address-accepted',
    description: 'API Key and API Secret count in the address of a token request too.',
    breaks: ['BS2-code-e'],
    patch: readingAddress,
  }),
  btgMutant({
    name: 'credentials-in-address-accepted',
    description: 'client_id and client_secret count in the address of a token request.',
    breaks: ['BTG-token-j'],
    patch: (bank) =>
      withAuthentication(readingAddress(bank), (honest, { query }) => ({
        accepts: (method) => honest.accepts(method) || new RequestParameters(query).get('client_secret') !== undefined,
      })),
  }),
];
