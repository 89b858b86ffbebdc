import type { Bank } from '../banks/bank.js';
import { answer } from '../banks/exchange.js';
import { oauthError } from '../banks/btg/oauth-answers.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import { headerOf, withHeader, withoutHeaders } from './answer-changes.js';
import { withAuthorizationPolicy, withFinish, withLogin } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Answers 405 to those right requests that come by GET. */
function withoutGet<B extends Bank>(bank: B): B {
  return withFinish(bank, (honest, endpoint, { method }) => {
    const isRight = honest.toPartner !== true && headerOf(honest, 'location') !== undefined;
    return endpoint === 'authorize' && method === 'GET' && isRight ? answer(405, [['allow', 'POST']], '') : honest;
  });
}

const resultParameters = new Set(['code', 'state', 'iss', 'error', 'error_description']);

/** The address with the bank's own parameters alone. */
function withoutOwnQuery(location: string): string {
  const url = new URL(location);
  const own = [...url.searchParams.keys()].filter((name) => !resultParameters.has(name));
  for (const name of own) url.searchParams.delete(name);
  return own.length === 0 ? location : url.href;
}

/** How the authorization endpoint is reached, and what it makes of right requests and of redirect URIs. */
export const authorizationEndpointMutants: readonly Mutant[] = [
  bs2Mutant({
    name: 'authorize-refuses-get',
    description: 'An authorization request by GET gets 405.',
    breaks: ['BS2-consent-h', 'RFC6749-3.1-a'],
    patch: withoutGet,
  }),
  btgMutant({
    name: 'authorize-refuses-get',
    description: 'An authorization request by GET gets 405.',
    breaks: ['BTG-request-g', 'RFC6749-3.1-a'],
    patch: withoutGet,
  }),
  btgMutant({
    name: 'authorize-refuses-post',
    description: 'An authorization request by POST gets 405.',
    breaks: ['OIDCC-3.1.2.1-b'],
    patch: (bank) => ({
      ...bank,
      authorize: async (exchange) =>
        exchange.method === 'POST'
          ? { kind: 'answer', answer: oauthError(405, 'invalid_request', 'The method is not allowed here') }
          : bank.authorize(exchange),
    }),
  }),
  btgMutant({
    name: 'unnamed-client-assumed',
    description: 'An authorization request without client_id is taken for one of the first client.',
    breaks: ['BTG-request-f'],
    patch: (bank) => ({
      ...bank,
      authorize: async (exchange) => {
        const first = exchange.tenant.clients.first('btg');
        const isNamed = new RequestParameters(exchange.query).get('client_id') !== undefined;
        if (isNamed || first === undefined) return bank.authorize(exchange);
        return bank.authorize({ ...exchange, query: `${exchange.query}&client_id=${first.id}` });
      },
    }),
  }),
  bs2Mutant({
    name: 'scope-optional-at-authorize',
    description: 'An authorization request without scope is led to the login, with all that the client registered.',
    breaks: ['BS2-consent-n'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        scopeToGrant: (scope, client) => honest.scopeToGrant(scope ?? client.registeredScope.join(' '), client),
      })),
  }),
  btgMutant({
    name: 'prompt-consent-refused',
    description: 'prompt=consent is refused as an unknown value.',
    breaks: ['BTG-request-i'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        promptFault: (prompt) =>
          prompt === 'consent'
            ? { error: 'invalid_request', description: 'prompt has an unknown value' }
            : honest.promptFault(prompt),
      })),
  }),
  bs2Mutant({
    name: 'gateway-code-missing-at-authorize',
    description: 'Error pages of the authorization endpoint come without X-Ca-Err.',
    breaks: ['BS2-error-g'],
    patch: (bank) =>
      withFinish(bank, (honest, endpoint) => (endpoint === 'authorize' ? withoutHeaders(honest, 'x-ca-err') : honest)),
  }),
  bs2Mutant({
    name: 'login-session-without-end',
    description: 'A login that was begun can be gone on with after a day.',
    breaks: ['BS2-holder-q'],
    patch: (bank) =>
      withLogin(bank, (honest) => ({
        settings: (tenant, clientId) => ({ ...honest.settings(tenant, clientId), loginSessionLifetime: 'P1D' }),
      })),
  }),
  bs2Mutant({
    name: 'insecure-redirect-uri-accepted',
    description: 'Where redirect URIs have to be https, one of http is taken all the same.',
    breaks: ['RFC9700-2.6-a'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        redirectUri: (parameters, client) => {
          const judged = honest.redirectUri(parameters, client);
          const isInsecure = 'why' in judged && judged.why === 'redirect-uri-insecure';
          return isInsecure ? { uri: parameters.get('redirect_uri') ?? '' } : judged;
        },
      })),
  }),
  btgMutant({
    name: 'redirect-to-first-uri',
    description: 'Of several redirect URIs of a client the first one gets every code.',
    breaks: ['BTG-request-h'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        redirectUri: (parameters, client) => {
          const judged = honest.redirectUri(parameters, client);
          const [first] = client.redirectUris;
          return 'uri' in judged && first !== undefined ? { uri: first } : judged;
        },
      })),
  }),
  ...atBothBanks({
    name: 'redirect-uri-query-dropped',
    description: 'A redirect URI that has a query of its own loses it on the way back.',
    breaks: { both: ['RFC6749-3.1.2-a'], bs2: [], btg: [] },
    patch: (bank) =>
      withFinish(bank, (honest) => {
        const location = honest.toPartner === true ? headerOf(honest, 'location') : undefined;
        return location === undefined ? honest : withHeader(honest, 'location', withoutOwnQuery(location));
      }),
  }),
];
