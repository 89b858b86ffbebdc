import type { Bank } from '../banks/bank.js';
import { readBearerToken } from '../oauth/bearer-check.js';
import type { SentBearer } from '../oauth/bearer-check.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import type { Exchange } from '../banks/exchange.js';
import { withHeader, withoutHeaders } from './answer-changes.js';
import { withFinish } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** The token of `access_token` in the address, where the header brings none. */
function bearerInAddress({ query }: Exchange, sent: SentBearer): SentBearer {
  const token = readBearerToken(`Bearer ${new RequestParameters(query).get('access_token') ?? ''}`);
  return typeof sent === 'string' && token !== null ? { token } : sent;
}

/** The token behind whatever scheme. */
function bearerOfAnyScheme({ headers }: Exchange, sent: SentBearer): SentBearer {
  const token = readBearerToken((headers.get('authorization') ?? '').replace(/^\S+/, 'Bearer'));
  return typeof sent === 'string' && token !== null ? { token } : sent;
}

/** A token that came is not taken for one; none stays none. */
function refusedBearer(sent: SentBearer): SentBearer {
  return typeof sent === 'string' ? sent : 'malformed';
}

/** Answers those calls with another status that are refused for their token. */
function withRefusedCall<B extends Bank>(bank: B, isWanted: (exchange: Exchange) => boolean, status: number): B {
  return withFinish(bank, (answer, endpoint, exchange) =>
    endpoint === 'api' && answer.status === 401 && isWanted(exchange) ? { ...answer, status } : answer,
  );
}

/** How both banks' resources read and refuse bearer tokens. */
export const resourceMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'api-challenge-missing',
    description: 'A call that is refused for its token gets 401 without WWW-Authenticate.',
    breaks: { both: ['RFC6750-3-a'], bs2: [], btg: [] },
    patch: (bank) =>
      withFinish(bank, (answer, endpoint) =>
        endpoint === 'api' && answer.status === 401 ? withoutHeaders(answer, 'www-authenticate') : answer,
      ),
  }),
  ...atBothBanks({
    name: 'error-named-without-token',
    description: 'A call without any token is told invalid_token.',
    breaks: { both: ['RFC6750-3-b'], bs2: [], btg: [] },
    patch: (bank) =>
      withFinish(bank, (answer, endpoint, { headers }) =>
        endpoint === 'api' && answer.status === 401 && !headers.has('authorization')
          ? withHeader(answer, 'www-authenticate', 'Bearer error="invalid_token"')
          : answer,
      ),
  }),
  ...atBothBanks({
    name: 'dead-token-with-403',
    description: 'A token that does not work gets 403, as if it were short of scope.',
    breaks: { both: ['RFC6750-3.1-a'], bs2: ['BS2-resource-b'], btg: ['BTG-resource-b'] },
    patch: (bank) => withRefusedCall(bank, ({ headers }) => headers.has('authorization'), 403),
  }),
  bs2Mutant({
    name: 'token-in-address-accepted',
    description: 'An access token in the address of a call counts.',
    breaks: ['BS2-resource-b'],
    patch: (bank) => {
      const readBearer = async (exchange: Exchange): Promise<SentBearer> =>
        bearerInAddress(exchange, await bank.resources.bearer(exchange));
      return { ...bank, resources: { ...bank.resources, bearer: readBearer } };
    },
  }),
  btgMutant({
    name: 'token-in-address-accepted',
    description: 'An access token in the address of a call counts.',
    breaks: ['BTG-resource-b'],
    patch: (bank) => {
      const readBearer = (exchange: Exchange): SentBearer => bearerInAddress(exchange, bank.resources.bearer(exchange));
      return { ...bank, resources: { ...bank.resources, bearer: readBearer } };
    },
  }),
  bs2Mutant({
    name: 'any-scheme-accepted',
    description: 'An access token opens the account under any scheme, Basic too.',
    breaks: ['BS2-resource-b'],
    patch: (bank) => {
      const readBearer = async (exchange: Exchange): Promise<SentBearer> =>
        bearerOfAnyScheme(exchange, await bank.resources.bearer(exchange));
      return { ...bank, resources: { ...bank.resources, bearer: readBearer } };
    },
  }),
  btgMutant({
    name: 'any-scheme-accepted',
    description: 'An access token opens the account under any scheme, Basic too.',
    breaks: ['BTG-resource-b'],
    patch: (bank) => {
      const readBearer = (exchange: Exchange): SentBearer =>
        bearerOfAnyScheme(exchange, bank.resources.bearer(exchange));
      return { ...bank, resources: { ...bank.resources, bearer: readBearer } };
    },
  }),
  bs2Mutant({
    name: 'bearer-refused',
    description: 'The API does not take Authorization: Bearer.',
    breaks: ['RFC6750-2.1-a', 'BS2-resource-a'],
    patch: (bank) => {
      const readBearer = async (exchange: Exchange): Promise<SentBearer> =>
        refusedBearer(await bank.resources.bearer(exchange));
      return { ...bank, resources: { ...bank.resources, bearer: readBearer } };
    },
  }),
  btgMutant({
    name: 'bearer-refused',
    description: 'The API does not take Authorization: Bearer.',
    breaks: ['RFC6750-2.1-a', 'BTG-resource-a'],
    patch: (bank) => {
      const readBearer = (exchange: Exchange): SentBearer => refusedBearer(bank.resources.bearer(exchange));
      return { ...bank, resources: { ...bank.resources, bearer: readBearer } };
    },
  }),
];
