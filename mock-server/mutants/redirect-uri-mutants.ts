import type { Bank } from '../banks/bank.js';
import type { AuthorizationPolicy } from '../oauth/authorization-policy.js';
import type { AuthorizationClient } from '../oauth/authorization-request.js';
import { isRegisteredRedirectUri, isUsableRedirectUri } from '../oauth/redirect-uri.js';
import { withAuthorizationPolicy } from './bank-patches.js';
import { atBothBanks } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Lets more addresses in than those that are registered; what no Location header could carry stays out. */
function withAcceptedRedirectUri<B extends Bank>(
  bank: B,
  accepts: (client: AuthorizationClient, uri: string) => boolean,
): B {
  return withAuthorizationPolicy(bank, (honest) => ({
    redirectUri: (parameters, client) => {
      const judged = honest.redirectUri(parameters, client);
      const uri = parameters.get('redirect_uri');
      if (!('why' in judged) || judged.why !== 'redirect-uri-mismatch' || uri === undefined) return judged;
      return isUsableRedirectUri(uri) && accepts(client, uri) ? { uri } : judged;
    },
  }));
}

function hasRegisteredPrefix(client: AuthorizationClient, uri: string): boolean {
  return Array.from(uri, (_character, index) => uri.slice(0, index)).some((prefix) =>
    isRegisteredRedirectUri(client, prefix),
  );
}

/** Without dot segments, encoded characters, case and a last slash. */
function isRegisteredOnceNormal(client: AuthorizationClient, uri: string): boolean {
  const { href } = new URL(uri.replaceAll(/%([2-7][0-9A-Fa-f])/g, (text) => decodeURIComponent(text)));
  return isRegisteredRedirectUri(client, href.toLowerCase().replace(/\/+$/, ''));
}

function isOnRegisteredHost(client: AuthorizationClient, uri: string): boolean {
  const { origin } = new URL(uri);
  return client.redirectUris.some((registered) =>
    isRegisteredRedirectUri(client, `${origin}${new URL(registered).pathname}`),
  );
}

/** Tells the client of a foreign address there: a policy judges one request, so it may remember what it let in. */
function tellsForeignAddress(honest: AuthorizationPolicy): Partial<AuthorizationPolicy> {
  let isForeign = false;
  return {
    redirectUri: (parameters, client) => {
      const judged = honest.redirectUri(parameters, client);
      const uri = parameters.get('redirect_uri');
      if (!('why' in judged) || judged.why !== 'redirect-uri-mismatch' || uri === undefined) return judged;
      if (!isUsableRedirectUri(uri)) return judged;
      isForeign = true;
      return { uri };
    },
    repetitionFault: (parameters) =>
      isForeign
        ? { error: 'invalid_request', description: 'redirect_uri is not registered' }
        : honest.repetitionFault(parameters),
  };
}

const redirectUriBreaks = {
  both: ['RFC6749-3.1.2.4-a', 'RFC9700-2.1-a'],
  bs2: ['BS2-consent-f'],
  btg: ['BTG-request-a'],
};
const errorPageBreaks = { ...redirectUriBreaks, both: ['RFC6749-3.1.2.4-a'] };

/** Users sent to addresses that the client did not register. */
export const redirectUriMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'redirect-uri-unchecked',
    description: 'The user is sent to whatever address the request names.',
    breaks: redirectUriBreaks,
    patch: (bank) => withAcceptedRedirectUri(bank, () => true),
  }),
  ...atBothBanks({
    name: 'redirect-uri-by-prefix',
    description: 'An address is accepted when it begins with a registered one.',
    breaks: redirectUriBreaks,
    patch: (bank) => withAcceptedRedirectUri(bank, hasRegisteredPrefix),
  }),
  ...atBothBanks({
    name: 'redirect-uri-normalised',
    description: 'An address is compared without dot segments, percent-encoding, case and a last slash.',
    breaks: redirectUriBreaks,
    patch: (bank) => withAcceptedRedirectUri(bank, isRegisteredOnceNormal),
  }),
  ...atBothBanks({
    name: 'redirect-uri-by-host',
    description: 'Any path on the host of a registered address is accepted.',
    breaks: redirectUriBreaks,
    patch: (bank) => withAcceptedRedirectUri(bank, isOnRegisteredHost),
  }),
  ...atBothBanks({
    name: 'redirect-uri-told-of-mismatch',
    description: 'The error about an address that is not registered is sent to that very address.',
    breaks: { ...redirectUriBreaks, both: [...redirectUriBreaks.both, 'RFC9700-2.1-b'] },
    patch: (bank) => withAuthorizationPolicy(bank, tellsForeignAddress),
  }),
  ...atBothBanks({
    name: 'redirect-uri-assumed',
    description: 'A request without redirect_uri goes on with the first that is registered.',
    breaks: errorPageBreaks,
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        redirectUri: (parameters, client) => {
          const judged = honest.redirectUri(parameters, client);
          const [first] = client.redirectUris;
          return 'why' in judged && judged.why === 'redirect-uri-missing' && first !== undefined
            ? { uri: first }
            : judged;
        },
      })),
  }),
  ...atBothBanks({
    name: 'redirect-uri-of-several',
    description: 'Of two redirect_uri the first is taken, and nobody looks at the other.',
    breaks: { both: ['RFC6749-3.1.2.4-a', 'RFC6749-3.1-c'], bs2: [], btg: [] },
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        redirectUri: (parameters, client) => {
          const judged = honest.redirectUri(parameters, client);
          const uri = parameters.get('redirect_uri');
          const isRepeated = 'why' in judged && judged.why === 'redirect-uri-repeated';
          return isRepeated && uri !== undefined && isUsableRedirectUri(uri) ? { uri } : judged;
        },
        repetitionFault: (parameters) =>
          parameters.isRepeated('redirect_uri') ? null : honest.repetitionFault(parameters),
      })),
  }),
];
