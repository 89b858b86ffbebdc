import type { Bank } from '../banks/bank.js';
import type { RedirectParameters } from '../banks/login-dialect.js';
import type { Tenant } from '../tenants/tenant.js';
import { headerOf, withHeader } from './answer-changes.js';
import { withFinish, withLogin } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** What the bank makes of the state, in the redirects that carry it. */
function withState<B extends Bank>(bank: B, change: (state: string | null, isError: boolean) => string | null): B {
  return withLogin(bank, (honest) => ({
    redirectParameters: (tenant, result, state, bankUrl) => {
      const isError = result.some(([name]) => name === 'error');
      return honest.redirectParameters(tenant, result, change(state, isError), bankUrl);
    },
  }));
}

/** What the bank makes of a redirect's parameters once they are put together. */
function withRedirect<B extends Bank>(
  bank: B,
  change: (parameters: RedirectParameters, tenant: Tenant) => RedirectParameters,
): B {
  return withLogin(bank, (honest) => ({
    redirectParameters: (tenant, result, state, bankUrl) =>
      change(honest.redirectParameters(tenant, result, state, bankUrl), tenant),
  }));
}

function replaced(parameters: RedirectParameters, wanted: string, value: string): RedirectParameters {
  return parameters.map(([name, honest]) => [name, name === wanted ? value : honest]);
}

function decodedOnceMore(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const stateBreaks = { both: ['RFC6749-4.1.2-f'], bs2: ['BS2-consent-d'], btg: [] };

/** `state` that does not come back as it was sent. */
export const stateMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'state-dropped',
    description: 'The redirect carries no state.',
    breaks: { ...stateBreaks, bs2: ['BS2-consent-d', 'BS2-holder-d'] },
    patch: (bank) => withState(bank, () => null),
  }),
  ...atBothBanks({
    name: 'state-missing-on-error',
    description: 'The redirect of an error carries no state.',
    breaks: { both: ['RFC6749-4.1.2-f'], bs2: [], btg: [] },
    patch: (bank) => withState(bank, (state, isError) => (isError ? null : state)),
  }),
  ...atBothBanks({
    name: 'state-truncated',
    description: 'A state of more than 255 characters comes back cut off.',
    breaks: stateBreaks,
    patch: (bank) => withState(bank, (state) => state?.slice(0, 255) ?? null),
  }),
  ...atBothBanks({
    name: 'state-plus-as-space',
    description: 'Each plus sign in the state comes back as a space.',
    breaks: stateBreaks,
    patch: (bank) => withState(bank, (state) => state?.replaceAll('+', ' ') ?? null),
  }),
  ...atBothBanks({
    name: 'state-decoded-twice',
    description: 'A state that is percent-encoded itself comes back decoded.',
    breaks: stateBreaks,
    patch: (bank) => withState(bank, (state) => (state === null ? null : decodedOnceMore(state))),
  }),
  ...atBothBanks({
    name: 'state-escaped',
    description: 'Markup in the state comes back as HTML entities.',
    breaks: stateBreaks,
    patch: (bank) => withState(bank, (state) => state?.replaceAll('<', '&lt;').replaceAll('>', '&gt;') ?? null),
  }),
  btgMutant({
    name: 'state-invented',
    description: 'A request without state gets a redirect with one.',
    breaks: ['BTG-code-c'],
    patch: (bank) => withState(bank, (state) => state ?? 'null'),
  }),
];

/** The same address with its code behind a `#`, and nothing else moved. */
function withCodeInFragment(location: string): string {
  const url = new URL(location);
  const code = url.searchParams.get('code');
  if (code === null) return location;
  url.searchParams.delete('code');
  url.hash = `code=${code}`;
  return url.href;
}

/** Who answered, what it answered, and how the user is sent back with it. */
export const redirectMutants: readonly Mutant[] = [
  bs2Mutant({
    name: 'iss-added',
    description: 'The redirect carries an iss, which BS2 does not send.',
    breaks: ['BS2-holder-d'],
    patch: (bank) =>
      withRedirect(bank, (parameters, { links }) => [...parameters, ['iss', links.bs2.publicBase] as const]),
  }),
  btgMutant({
    name: 'iss-missing',
    description: 'The redirect carries no iss.',
    breaks: ['BTG-code-a', 'RFC9207-2-a'],
    patch: (bank) => withRedirect(bank, (parameters) => parameters.filter(([name]) => name !== 'iss')),
  }),
  btgMutant({
    name: 'iss-missing-on-error',
    description: 'The redirect of an error carries no iss.',
    breaks: ['RFC9207-2-a'],
    patch: (bank) =>
      withRedirect(bank, (parameters) =>
        parameters.some(([name]) => name === 'error') ? parameters.filter(([name]) => name !== 'iss') : parameters,
      ),
  }),
  btgMutant({
    name: 'iss-trailing-slash',
    description: 'The iss on the redirect ends in a slash that the issuer does not have.',
    breaks: ['BTG-code-a', 'RFC9207-2-a', 'RFC9207-2-b'],
    patch: (bank) =>
      withRedirect(bank, (parameters) =>
        parameters.map(([name, value]) => [name, name === 'iss' ? `${value}/` : value]),
      ),
  }),
  btgMutant({
    name: 'iss-of-other-bank',
    description: 'The iss on the redirect is the address of the other bank.',
    breaks: ['BTG-code-a', 'RFC9207-2-a'],
    patch: (bank) => withRedirect(bank, (parameters, { links }) => replaced(parameters, 'iss', links.bs2.publicBase)),
  }),
  ...atBothBanks({
    name: 'denial-misnamed',
    description: 'The client learns of a denial under a name that no specification has registered.',
    breaks: { both: ['RFC6749-4.1.2.1-a'], bs2: ['BS2-holder-k'], btg: ['BTG-code-b'] },
    patch: (bank) =>
      withRedirect(bank, (parameters) =>
        parameters.map(([name, value]) => [name, value === 'access_denied' ? 'user_denied' : value]),
      ),
  }),
  ...atBothBanks({
    name: 'code-in-fragment',
    description: 'The code comes back behind a # and not in the query, where the client’s server does not see it.',
    breaks: { both: [], bs2: ['BS2-holder-c', 'BS2-holder-d'], btg: ['BTG-code-a'] },
    patch: (bank) =>
      withFinish(bank, (answer) => {
        const location = answer.toPartner === true ? headerOf(answer, 'location') : undefined;
        return location === undefined ? answer : withHeader(answer, 'location', withCodeInFragment(location));
      }),
  }),
  ...atBothBanks({
    name: 'redirect-repeats-form',
    description: 'The user is sent back by 307, and the browser posts the last form to the client.',
    breaks: { both: ['RFC9700-4.12-a'], bs2: [], btg: ['BTG-code-d'] },
    patch: (bank) => withFinish(bank, (answer) => (answer.toPartner === true ? { ...answer, status: 307 } : answer)),
  }),
];
