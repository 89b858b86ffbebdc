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

/** Whether a call brings a token that no bank gave. */
export function bringsUnknownToken({ headers, facts }: Exchange): boolean {
  return headers.has('authorization') && (facts.outcome === 'unknown' || facts.outcome === 'malformed');
}

/** Whether a call brings nothing at all, neither in a header nor in its address. */
function bringsNothing({ headers, query }: Exchange): boolean {
  return !headers.has('authorization') && query === '';
}

/** How both banks' resources read and refuse bearer tokens. */
export const resourceMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'api-challenge-missing',
    description: 'A call without any token gets 401 without WWW-Authenticate.',
    breaks: { both: ['RFC6750-3-a'], bs2: [], btg: [] },
    patch: (bank) =>
      withFinish(bank, (answer, endpoint, exchange) =>
        endpoint === 'api' && answer.status === 401 && bringsNothing(exchange)
          ? withoutHeaders(answer, 'www-authenticate')
          : answer,
      ),
  }),
  ...atBothBanks({
    name: 'error-named-without-token',
    description: 'A call without any token is told invalid_token.',
    breaks: { both: ['RFC6750-3-b'], bs2: [], btg: [] },
    patch: (bank) =>
      withFinish(bank, (answer, endpoint, exchange) =>
        endpoint === 'api' && answer.status === 401 && bringsNothing(exchange)
          ? withHeader(answer, 'www-authenticate', 'Bearer error="invalid_token"')
          : answer,
      ),
  }),
  ...atBothBanks({
    name: 'unknown-token-with-403',
    description: 'A token that the bank never gave gets 403, as if it were short of scope.',
    breaks: { both: ['RFC6750-3.1-a'], bs2: ['BS2-resource-b'], btg: ['BTG-resource-b'] },
    patch: (bank) =>
      withFinish(bank, (answer, endpoint, exchange) =>
        endpoint === 'api' && answer.status === 401 && bringsUnknownToken(exchange)
          ? { ...answer, status: 403 }
          : answer,
      ),
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
    patch: (bank) => ({ ...bank, resources: { ...bank.resources, bearer: () => 'malformed' } }),
  }),
  btgMutant({
    name: 'bearer-refused',
    description: 'The API does not take Authorization: Bearer.',
    breaks: ['RFC6750-2.1-a', 'BTG-resource-a'],
    patch: (bank) => ({ ...bank, resources: { ...bank.resources, bearer: () => 'malformed' } }),
  }),
];
