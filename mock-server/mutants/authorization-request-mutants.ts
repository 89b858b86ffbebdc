import { intersectScope, parseScope } from '../oauth/scope.js';
import type { AuthorizationFault } from '../oauth/authorization-policy.js';
import { withAuthorizationPolicy, withTokens } from './bank-patches.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import { atBothBanks, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

const knownParameters = new Set(
  'response_type client_id redirect_uri scope state nonce prompt max_age response_mode code_challenge code_challenge_method'.split(
    ' ',
  ),
);

/** The first value of each parameter, as if no other had come. */
function firstOfEach(encoded: string): string {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(encoded)) if (!values.has(name)) values.set(name, value);
  return new URLSearchParams([...values]).toString();
}

const scopeBreaks = { both: [], bs2: ['BS2-error-d'], btg: ['BTG-request-d'] };

/** Authorization requests that should have been refused, or not. */
export const authorizationRequestMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'response-type-ignored',
    description: 'Any response_type is taken for code, also none.',
    breaks: { both: ['RFC6749-3.1.1-a'], bs2: [], btg: [] },
    patch: (bank) => withAuthorizationPolicy(bank, () => ({ responseTypeFault: () => null })),
  }),
  ...atBothBanks({
    name: 'repeated-parameter-accepted',
    description: 'Of a parameter that comes twice the first is taken, at the authorization and the token endpoint.',
    breaks: { both: ['RFC6749-3.1-c'], bs2: [], btg: [] },
    patch: (bank) =>
      withTokens(
        withAuthorizationPolicy(bank, () => ({ repetitionFault: () => null })),
        () => ({ parameters: ({ body }) => new RequestParameters(firstOfEach(body)) }),
      ),
  }),
  ...atBothBanks({
    name: 'unknown-parameter-refused',
    description: 'An authorization request with a parameter that the bank does not know is refused.',
    breaks: { both: ['RFC6749-3.1-b'], bs2: [], btg: [] },
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        repetitionFault: (parameters): AuthorizationFault | null => {
          const unknown = parameters.names.some((name) => !knownParameters.has(name));
          if (unknown) return { error: 'invalid_request', description: 'A parameter is unknown' };
          return honest.repetitionFault(parameters);
        },
      })),
  }),
  ...atBothBanks({
    name: 'unregistered-scope-granted',
    description: 'A client gets scope that it did not register.',
    breaks: scopeBreaks,
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        scopeToGrant: (scope, client) =>
          honest.scopeToGrant(scope, { ...client, registeredScope: parseScope(scope ?? '') ?? [] }),
      })),
  }),
  ...atBothBanks({
    name: 'unregistered-scope-ignored',
    description: 'Scope that the client did not register is left out, and the request goes on with the rest.',
    breaks: scopeBreaks,
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        scopeToGrant: (scope, client) => {
          const rest = intersectScope(parseScope(scope ?? '') ?? [], client.registeredScope);
          return honest.scopeToGrant(rest.length === 0 ? scope : rest.join(' '), client);
        },
      })),
  }),
  ...atBothBanks({
    name: 'scope-fault-misnamed',
    description: 'A request with scope that cannot be granted is answered with invalid_request.',
    breaks: { both: [], bs2: ['BS2-error-d'], btg: ['BTG-request-c', 'BTG-request-d'] },
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        scopeToGrant: (scope, client) => {
          const judged = honest.scopeToGrant(scope, client);
          return 'error' in judged ? { ...judged, error: 'invalid_request' } : judged;
        },
      })),
  }),
  btgMutant({
    name: 'openid-optional',
    description: 'A request without openid in the scope goes on.',
    breaks: ['BTG-request-c'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        scopeToGrant: (scope, client) => {
          if (scope === undefined || scope.split(' ').includes('openid')) return honest.scopeToGrant(scope, client);
          const judged = honest.scopeToGrant(`openid ${scope}`, client);
          return 'error' in judged ? judged : { granted: judged.granted.filter((token) => token !== 'openid') };
        },
      })),
  }),
  btgMutant({
    name: 'prompt-none-shows-login',
    description: 'With prompt=none the login is shown all the same.',
    breaks: ['OIDCC-3.1.2.1-c'],
    patch: (bank) => withAuthorizationPolicy(bank, () => ({ promptFault: () => null })),
  }),
];
