import type { Bank } from '../banks/bank.js';
import type { Answer } from '../banks/exchange.js';
import type { JsonMembers, JsonValue } from '../banks/json-members.js';
import type { TokenGrant } from '../banks/token-dialect.js';
import { randomBase64url } from '../tenants/random-source.js';
import { withHeader, withoutHeaders } from './answer-changes.js';
import { withTokens } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

function withMembers<B extends Bank>(bank: B, change: (members: JsonMembers, given: TokenGrant) => JsonMembers): B {
  return withTokens(bank, (honest) => ({
    tokenMembers: async (exchange, given) => change(await honest.tokenMembers(exchange, given), given),
  }));
}

function withoutMember<B extends Bank>(bank: B, unwanted: string): B {
  return withMembers(bank, (members) => members.filter(([name]) => name !== unwanted));
}

function withValue<B extends Bank>(bank: B, wanted: string, change: (value: JsonValue) => JsonValue): B {
  return withMembers(bank, (members) =>
    members.map(([name, value]) => [name, name === wanted ? change(value) : value]),
  );
}

function withRenderedTokens<B extends Bank>(bank: B, change: (answer: Answer) => Answer): B {
  return withTokens(bank, (honest) => ({
    renderTokens: (exchange, members) => change(honest.renderTokens(exchange, members)),
  }));
}

/** Successes of the token endpoint that are not what they should be. */
export const tokenResponseMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'tokens-cacheable',
    description: 'An answer with tokens may be kept by caches.',
    breaks: { both: ['RFC6749-5.1-b'], bs2: ['BS2-code-j'], btg: ['OIDCC-3.1.3.3-a'] },
    patch: (bank) => withRenderedTokens(bank, (answer) => withoutHeaders(answer, 'cache-control', 'pragma')),
  }),
  ...atBothBanks({
    name: 'tokens-not-json',
    description: 'An answer with tokens says that it is text/html.',
    breaks: { both: ['RFC6749-5.1-a'], bs2: ['BS2-code-j'], btg: ['BTG-token-f'] },
    patch: (bank) => withRenderedTokens(bank, (answer) => withHeader(answer, 'content-type', 'text/html')),
  }),
  ...atBothBanks({
    name: 'token-type-missing',
    description: 'The token answer has no token_type.',
    breaks: { both: ['RFC6749-5.1-a'], bs2: ['BS2-code-d'], btg: ['BTG-token-a', 'BTG-token-f', 'OIDCC-3.1.3.3-a'] },
    patch: (bank) => withoutMember(bank, 'token_type'),
  }),
  btgMutant({
    name: 'token-type-wrong',
    description: 'The token_type is not Bearer.',
    breaks: ['BTG-token-a', 'OIDCC-3.1.3.3-a'],
    patch: (bank) => withValue(bank, 'token_type', () => 'mac'),
  }),
  ...atBothBanks({
    name: 'expires-in-wrong',
    description: 'expires_in says an hour, whatever the access token’s life.',
    breaks: { both: [], bs2: ['BS2-tokens-d', 'BS2-tokens-q'], btg: ['BTG-token-a'] },
    patch: (bank) => withValue(bank, 'expires_in', () => 3600),
  }),
  ...atBothBanks({
    name: 'expires-in-as-string',
    description: 'expires_in is a string.',
    breaks: { both: [], bs2: ['BS2-tokens-d'], btg: ['BTG-token-a'] },
    patch: (bank) => withValue(bank, 'expires_in', (value) => JSON.stringify(value)),
  }),
  ...atBothBanks({
    name: 'scope-missing',
    description: 'The token answer does not say which scope was granted.',
    breaks: { both: [], bs2: ['BS2-code-d'], btg: ['BTG-token-a', 'BTG-token-f'] },
    patch: (bank) => withoutMember(bank, 'scope'),
  }),
  bs2Mutant({
    name: 'members-reordered',
    description: 'The members of the token answer come in another order than was recorded.',
    breaks: ['BS2-code-d'],
    patch: (bank) => withMembers(bank, (members) => members.toReversed()),
  }),
  bs2Mutant({
    name: 'line-ends-of-unix',
    description: 'The lines of the token answer end in LF and not in CRLF.',
    breaks: ['BS2-code-d'],
    patch: (bank) => withRenderedTokens(bank, (answer) => ({ ...answer, body: answer.body.replaceAll('\r\n', '\n') })),
  }),
  bs2Mutant({
    name: 'json-on-one-line',
    description: 'The token answer is not pretty-printed.',
    breaks: ['BS2-code-d'],
    patch: (bank) => withRenderedTokens(bank, (answer) => ({ ...answer, body: answer.body.replaceAll(/\r\n */g, '') })),
  }),
  bs2Mutant({
    name: 'tokens-not-guids',
    description: 'Access token and refresh token are no GUIDs.',
    breaks: ['BS2-code-k'],
    patch: (bank) =>
      withTokens(bank, () => ({
        newAccessTokenKey: ({ tenant }) => randomBase64url(tenant.random, 32),
        newRefreshTokenKey: ({ tenant }) => randomBase64url(tenant.random, 32),
      })),
  }),
  bs2Mutant({
    name: 'id-token-given',
    description: 'The code exchange gives an id_token, which BS2 does not document.',
    breaks: ['BS2-openid-a', 'BS2-code-d'],
    patch: (bank) =>
      withMembers(bank, (members, { grantType }) =>
        grantType === 'authorization_code' ? [...members, ['id_token', 'a.b.c']] : members,
      ),
  }),
  ...atBothBanks({
    name: 'narrowed-scope-misreported',
    description: 'The answer to a refresh for a part of the scope names all of it.',
    breaks: { both: ['RFC6749-3.3-a'], bs2: [], btg: [] },
    patch: (bank) =>
      withMembers(bank, (members, { grantType, grant }) =>
        grantType === 'refresh_token'
          ? members.map(([name, value]) => [name, name === 'scope' ? grant.scope : value])
          : members,
      ),
  }),
  btgMutant({
    name: 'refresh-token-as-jwt',
    description: 'The refresh token has the three parts of a JWT.',
    breaks: ['BTG-refresh-j'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        newRefreshTokenKey: (exchange) => [0, 1, 2].map(() => honest.newRefreshTokenKey(exchange)).join('.'),
      })),
  }),
  btgMutant({
    name: 'refresh-token-guessable',
    description: 'The refresh token is of 48 random bits.',
    breaks: ['RFC6749-10.10-a'],
    patch: (bank) =>
      withTokens(bank, () => ({ newRefreshTokenKey: ({ tenant }) => randomBase64url(tenant.random, 6) })),
  }),
  btgMutant({
    name: 'id-token-missing-on-refresh',
    description: 'A refresh gives no id_token.',
    breaks: ['BTG-refresh-i'],
    patch: (bank) =>
      withMembers(bank, (members, { grantType }) =>
        grantType === 'refresh_token' ? members.filter(([name]) => name !== 'id_token') : members,
      ),
  }),
  btgMutant({
    name: 'id-token-missing',
    description: 'The code exchange gives no id_token.',
    breaks: ['BTG-token-a', 'BTG-token-f', 'OIDCC-3.1.3.3-a'],
    patch: (bank) =>
      withMembers(bank, (members, { grantType }) =>
        grantType === 'authorization_code' ? members.filter(([name]) => name !== 'id_token') : members,
      ),
  }),
];
