import type { Bank } from '../banks/bank.js';
import { redirectAnswer } from '../banks/page.js';
import { isUsableRedirectUri, withParameters } from '../oauth/redirect-uri.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import { headerOf, isPage, withHeader } from './answer-changes.js';
import { withFinish } from './bank-patches.js';
import { bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Takes a client that nobody registered for one that is like the tenant's first. */
function knowingStrangers<B extends Bank>(bank: B): B['authorization']['findClient'] {
  return (tenant, id) => {
    const first = tenant.clients.first(bank.id);
    return bank.authorization.findClient(tenant, id) ?? (first === undefined ? undefined : { ...first, id });
  };
}

/** Who may ask for authorization, and how those are told who may not. */
export const askingClientMutants: readonly Mutant[] = [
  bs2Mutant({
    name: 'unknown-client-shown-login',
    description: 'A client that the bank does not know is led to the login.',
    breaks: ['BS2-consent-b'],
    patch: (bank) => ({ ...bank, authorization: { ...bank.authorization, findClient: knowingStrangers(bank) } }),
  }),
  bs2Mutant({
    name: 'wrong-secret-at-authorize',
    description: 'An authorization request with a wrong API Secret is led to the login.',
    breaks: ['BS2-consent-b'],
    patch: (bank) => ({ ...bank, authorization: { ...bank.authorization, isRightSecret: () => true } }),
  }),
  bs2Mutant({
    name: 'client-id-refused-at-authorize',
    description: 'An authorization request that names the client by client_id alone is refused.',
    breaks: ['BS2-consent-c'],
    patch: (bank) => ({ ...bank, authorization: { ...bank.authorization, clientIdentification: () => 'basic' } }),
  }),
  bs2Mutant({
    name: 'basic-refused-at-authorize',
    description: 'An authorization request with Basic is refused.',
    breaks: ['BS2-consent-b'],
    patch: (bank) => ({ ...bank, authorization: { ...bank.authorization, clientIdentification: () => 'query' } }),
  }),
  bs2Mutant({
    name: 'browser-asked-for-secret',
    description: 'A browser that names no client gets a Basic challenge, and asks its user for the API Secret.',
    breaks: ['BS2-consent-g'],
    patch: (bank) =>
      withFinish(bank, (answer, endpoint, { headers, query }) => {
        const isAnonymous =
          !headers.has('authorization') && new RequestParameters(query).get('client_id') === undefined;
        if (endpoint !== 'authorize' || answer.status !== 400 || !isAnonymous) return answer;
        return { ...withHeader(answer, 'www-authenticate', 'Basic realm="BS2"'), status: 401 };
      }),
  }),
  bs2Mutant({
    name: 'login-elsewhere',
    description: 'The user is led to a login page that is not on the bank’s host.',
    breaks: ['BS2-holder-a'],
    patch: (bank) =>
      withFinish(bank, (answer, _endpoint, { pageBase }) => {
        if (answer.toPartner === true) return answer;
        // Every page of the login is there, and so is the cookie that its forms belong to.
        const elsewhere = (text: string): string =>
          text.replaceAll(new URL(pageBase).origin, 'http://login.exemplo.invalid');
        const location = headerOf(answer, 'location');
        const moved = { ...answer, body: isPage(answer) ? elsewhere(answer.body) : answer.body };
        return location === undefined ? moved : withHeader(moved, 'location', elsewhere(location));
      }),
  }),
  btgMutant({
    name: 'unknown-client-shown-login',
    description: 'A client that the bank does not know is led to the login.',
    breaks: ['BTG-request-b'],
    patch: (bank) => ({ ...bank, authorization: { ...bank.authorization, findClient: knowingStrangers(bank) } }),
  }),
  btgMutant({
    name: 'unknown-client-redirected',
    description: 'For a client that the bank does not know the user is sent to the address in the request.',
    breaks: ['BTG-request-b'],
    patch: (bank) => ({
      ...bank,
      authorize: async (exchange) => {
        const outcome = await bank.authorize(exchange);
        const uri = new RequestParameters(exchange.query).get('redirect_uri');
        const isStranger = exchange.facts.outcome === 'unknown-client';
        if (!isStranger || uri === undefined || !isUsableRedirectUri(uri)) return outcome;
        const location = withParameters(uri, [['error', 'unauthorized_client']]);
        return { kind: 'answer', answer: { ...redirectAnswer(location), toPartner: true } };
      },
    }),
  }),
  btgMutant({
    name: 'unknown-client-unnamed',
    description: 'The error about an unknown client is not called AppNotFoundError.',
    breaks: ['BTG-request-b'],
    patch: (bank) =>
      withFinish(bank, (answer, endpoint) =>
        endpoint === 'authorize' ? { ...answer, body: answer.body.replaceAll('AppNotFoundError', 'Error') } : answer,
      ),
  }),
];
