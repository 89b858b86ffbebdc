import type { Bank } from '../banks/bank.js';
import type { Exchange } from '../banks/exchange.js';
import type { GrantType } from '../banks/token-dialect.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import { randomBase64url } from '../tenants/random-source.js';
import type { Tenant } from '../tenants/tenant.js';
import { withGrantPolicy, withTokens } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Takes a request of a grant type that lacks what it exchanges for one of the client itself. */
function servingWithout<B extends Bank>(bank: B, grantType: GrantType, parameter: string): B {
  return withTokens(bank, (honest) => ({
    parameters: (exchange) => {
      const parameters = honest.parameters(exchange);
      if (parameters.get('grant_type') !== grantType || parameters.get(parameter) !== undefined) return parameters;
      const form = new URLSearchParams(exchange.body);
      form.set('grant_type', 'client_credentials');
      return new RequestParameters(form.toString());
    },
  }));
}

function isAnonymous({ headers, body, query }: Exchange): boolean {
  return query === '' && !headers.has('authorization') && new RequestParameters(body).get('client_id') === undefined;
}

/** Takes a request that names no client for one of the tenant's first. */
function servingAnybody<B extends Bank>(bank: B): B {
  return withTokens(bank, (honest) => ({
    parameters: (exchange) => {
      const first = exchange.tenant.clients.first(bank.id);
      if (first === undefined || !isAnonymous(exchange)) return honest.parameters(exchange);
      return new RequestParameters(`${exchange.body}&client_id=${encodeURIComponent(first.id)}`);
    },
    authentication: (exchange) => {
      const policy = honest.authentication(exchange);
      return isAnonymous(exchange) ? { ...policy, mayOmitSecret: () => true } : policy;
    },
  }));
}

/** Members of a JSON body as if they had come as a form. */
function formOf(body: string): string {
  try {
    const members: unknown = JSON.parse(body);
    const entries = typeof members === 'object' && members !== null ? Object.entries(members) : [];
    return new URLSearchParams(entries.map(([name, value]): [string, string] => [name, String(value)])).toString();
  } catch {
    return body;
  }
}

/** Refuses codes that were given after the first refresh token of a tenant has expired. */
function endingWithFirstRefreshToken<B extends Bank>(bank: B): B {
  const ends = new WeakMap<Tenant, number>();
  const watched = withTokens(bank, (honest) => ({
    lifetimes: (exchange, client, occasion) => {
      const lifetimes = honest.lifetimes(exchange, client, occasion);
      const { tenant } = exchange;
      if (!ends.has(tenant)) ends.set(tenant, tenant.clock.now() + lifetimes.refreshTokenMs);
      return lifetimes;
    },
  }));
  return withGrantPolicy(watched, (honest, { tenant }) => ({
    isCodeSpent: (code) => honest.isCodeSpent(code) || code.issuedAtMs >= (ends.get(tenant) ?? Infinity),
  }));
}

/** Token requests that are taken though something is missing or wrong, or refused though nothing is. */
export const tokenRequestMutants: readonly Mutant[] = [
  bs2Mutant({
    name: 'exchange-without-code-served',
    description: 'An exchange without a code gets tokens of the client itself.',
    breaks: ['BS2-code-f', 'BS2-error-h'],
    patch: (bank) => servingWithout(bank, 'authorization_code', 'code'),
  }),
  bs2Mutant({
    name: 'refresh-without-token-served',
    description: 'A refresh without a refresh token gets tokens of the client itself.',
    breaks: ['BS2-refresh-d'],
    patch: (bank) => servingWithout(bank, 'refresh_token', 'refresh_token'),
  }),
  ...atBothBanks({
    name: 'anonymous-request-served',
    description: 'A token request that does not say whose it is counts as one of the first client.',
    breaks: {
      both: ['RFC6749-4.1.3-b'],
      bs2: ['BS2-code-h', 'BS2-refresh-a', 'RFC6749-6-c'],
      btg: ['OIDCC-3.1.3.2-a'],
    },
    patch: servingAnybody,
  }),
  btgMutant({
    name: 'unknown-code-served',
    description: 'A code that the bank never gave gets an access token, which opens nothing.',
    breaks: ['BTG-token-b'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        renderRefusal: (exchange, refusal) => {
          const isOfCode = exchange.facts.grantType === 'authorization_code' && refusal.error === 'invalid_grant';
          if (!isOfCode || refusal.why !== 'unknown') return honest.renderRefusal(exchange, refusal);
          return honest.renderTokens(exchange, [
            ['access_token', randomBase64url(exchange.tenant.random, 32)],
            ['token_type', 'Bearer'],
            ['expires_in', 86_400],
          ]);
        },
      })),
  }),
  bs2Mutant({
    name: 'password-grant-unsupported',
    description: 'The token endpoint knows no grant_type password.',
    breaks: ['BS2-grants-b', 'BS2-error-h'],
    patch: (bank) =>
      withTokens(bank, ({ grantTypes }) => ({
        grantTypes: grantTypes.filter((grantType) => grantType !== 'password'),
      })),
  }),
  btgMutant({
    name: 'password-grant-offered',
    description: 'The token endpoint knows a grant_type password.',
    breaks: ['RFC9700-2.4-a', 'BTG-client-c'],
    patch: (bank) => withTokens(bank, ({ grantTypes }) => ({ grantTypes: [...grantTypes, 'password'] })),
  }),
  bs2Mutant({
    name: 'body-credentials-refused',
    description: 'client_id and client_secret do not count in the body.',
    breaks: ['BS2-grants-d'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        authentication: (exchange) => ({
          ...honest.authentication(exchange),
          accepts: (method) => method === 'basic',
        }),
      })),
  }),
  ...atBothBanks({
    name: 'basic-in-lower-case-refused',
    description: 'HTTP Basic counts only where its name is written with a capital.',
    breaks: { both: ['RFC7617-2-a'], bs2: [], btg: [] },
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        authentication: (exchange) => {
          const policy = honest.authentication(exchange);
          const isCapital = exchange.headers.get('authorization')?.startsWith('Basic ') === true;
          return { ...policy, accepts: (method) => policy.accepts(method) && (method !== 'basic' || isCapital) };
        },
      })),
  }),
  ...atBothBanks({
    name: 'json-request-served',
    description: 'A token request may come as JSON.',
    breaks: { both: [], bs2: ['BS2-grants-e'], btg: ['BTG-token-e'] },
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        takesContentType: () => true,
        parameters: (exchange) =>
          /json/i.test(exchange.headers.get('content-type') ?? '')
            ? new RequestParameters(formOf(exchange.body))
            : honest.parameters(exchange),
      })),
  }),
  btgMutant({
    name: 'scope-demanded-on-refresh',
    description: 'A refresh without scope is answered as if there were no refreshing.',
    breaks: ['BTG-refresh-h'],
    patch: (bank) =>
      withTokens(
        withGrantPolicy(bank, () => ({ requiresScopeOnRefresh: () => true })),
        (honest) => ({
          renderRefusal: (exchange, refusal) =>
            honest.renderRefusal(
              exchange,
              refusal.why === 'scope-missing' ? { ...refusal, error: 'unsupported_grant_type' } : refusal,
            ),
        }),
      ),
  }),
  btgMutant({
    name: 'public-client-refused',
    description: 'A client without a secret is refused, whatever verifier it sends.',
    breaks: ['BTG-pkce-d'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        authentication: (exchange) => ({ ...honest.authentication(exchange), mayOmitSecret: () => false }),
      })),
  }),
  ...atBothBanks({
    name: 'no-consent-after-expiry',
    description: 'Once a refresh token has expired, no code of a new consent gives tokens.',
    breaks: { both: [], bs2: ['BS2-tokens-p'], btg: ['BTG-refresh-l'] },
    patch: endingWithFirstRefreshToken,
  }),
];
