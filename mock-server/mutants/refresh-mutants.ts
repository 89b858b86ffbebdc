import type { Bank } from '../banks/bank.js';
import type { IssueOccasion } from '../banks/token-dialect.js';
import { expiresAtMs } from '../store/records.js';
import { withGrantPolicy, withTokens } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

interface Lifetimes {
  readonly accessTokenMs: number;
  readonly refreshTokenMs: number;
}

function withLifetimes<B extends Bank>(
  bank: B,
  change: (honest: Lifetimes, occasion: IssueOccasion, nowMs: number) => Partial<Lifetimes>,
): B {
  return withTokens(bank, (dialect) => ({
    lifetimes: (exchange, client, occasion) => {
      const honest = dialect.lifetimes(exchange, client, occasion);
      return { ...honest, ...change(honest, occasion, exchange.tenant.clock.now()) };
    },
  }));
}

const dayMs = 24 * 3_600_000;

/** Refresh tokens: rotation, lifetimes, owners and scope. */
export const refreshMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'refresh-not-rotated',
    description: 'A refresh gives no new refresh token, and the one that was used goes on working.',
    breaks: {
      both: ['RFC9700-4.14.2-b', 'RFC6749-5.2-c'],
      bs2: ['BS2-tokens-c', 'BS2-tokens-h'],
      btg: ['BTG-refresh-c', 'BTG-refresh-d'],
    },
    patch: (bank) => withGrantPolicy(bank, () => ({ rotatesRefreshToken: () => false })),
  }),
  ...atBothBanks({
    name: 'old-refresh-token-lives',
    description: 'A refresh token that was exchanged for a new one goes on working beside it.',
    breaks: {
      both: ['RFC9700-4.14.2-b', 'RFC6749-5.2-c'],
      bs2: ['BS2-tokens-h'],
      btg: ['BTG-refresh-d'],
    },
    patch: (bank) => withGrantPolicy(bank, () => ({ rotatedRefreshTokenWorks: () => true })),
  }),
  ...atBothBanks({
    name: 'refresh-token-outlives-its-time',
    description: 'A refresh token still works one second after its 30 days (10 at BTG).',
    breaks: {
      both: ['RFC9700-4.14.2-c'],
      bs2: ['BS2-tokens-a', 'BS2-tokens-i', 'BS2-grants-c'],
      btg: ['BTG-refresh-b', 'BTG-refresh-f'],
    },
    patch: (bank) => withLifetimes(bank, ({ refreshTokenMs }) => ({ refreshTokenMs: refreshTokenMs + 2000 })),
  }),
  ...atBothBanks({
    name: 'refresh-token-dies-early',
    description: 'A refresh token is dead one day before its 30 days (10 at BTG) are over.',
    breaks: { both: [], bs2: ['BS2-tokens-a', 'BS2-tokens-i'], btg: ['BTG-refresh-b', 'BTG-refresh-f'] },
    patch: (bank) =>
      withLifetimes(bank, ({ refreshTokenMs }) => ({
        refreshTokenMs: refreshTokenMs > dayMs ? refreshTokenMs - dayMs : refreshTokenMs,
      })),
  }),
  ...atBothBanks({
    name: 'refresh-lifetime-fixed',
    description:
      'A refresh starts no new 30 days (10 at BTG): the new refresh token dies when the first would have died.',
    breaks: { both: [], bs2: ['BS2-tokens-i'], btg: ['BTG-refresh-f'] },
    patch: (bank) =>
      withLifetimes(bank, (_honest, { replaces }, nowMs) =>
        replaces === null ? {} : { refreshTokenMs: expiresAtMs(replaces) - Math.floor(nowMs / 1000) * 1000 },
      ),
  }),
  ...atBothBanks({
    name: 'refresh-of-other-client',
    description: 'Another client can refresh with a refresh token.',
    breaks: { both: ['RFC6749-6-c', 'RFC6749-5.2-c'], bs2: [], btg: ['OIDCC-12.1-a'] },
    patch: (bank) => withGrantPolicy(bank, () => ({ refreshTokenBelongsTo: () => true })),
  }),
  ...atBothBanks({
    name: 'scope-widened-on-refresh',
    description: 'A refresh gives any scope that it asks for, more than the user granted too.',
    breaks: { both: ['RFC9700-4.14.2-a'], bs2: ['BS2-error-d'], btg: [] },
    patch: (bank) => withGrantPolicy(bank, () => ({ mayNarrowTo: () => true })),
  }),
  ...atBothBanks({
    name: 'refresh-drops-scope',
    description: 'A refresh leaves out a part of the scope that was granted.',
    breaks: { both: ['RFC6749-6-e'], bs2: [], btg: [] },
    patch: (bank) =>
      withGrantPolicy(bank, () => ({
        scopeAfterRefresh: (decided, granted) => {
          const tokens = decided.split(' ').filter((_token, index) => index !== 1);
          return { accessToken: tokens.join(' '), grant: granted };
        },
      })),
  }),
  ...atBothBanks({
    name: 'refresh-narrows-for-good',
    description: 'After a refresh with a narrower scope the new refresh token gives no more than that.',
    breaks: { both: ['RFC6749-6-e'], bs2: [], btg: [] },
    patch: (bank) =>
      withGrantPolicy(bank, () => ({ scopeAfterRefresh: (decided) => ({ accessToken: decided, grant: decided }) })),
  }),
  ...atBothBanks({
    name: 'revoked-refresh-token-accepted',
    description: 'The refresh token of a grant that was revoked goes on working.',
    breaks: { both: ['RFC6749-4.1.2-d'], bs2: [], btg: ['BTG-revoke-a'] },
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        isGrantRevoked: (grant, kind) => kind !== 'refresh-token' && honest.isGrantRevoked(grant, kind),
      })),
  }),
  ...atBothBanks({
    name: 'refresh-token-withheld',
    description: 'The code exchange gives no refresh token.',
    breaks: { both: [], bs2: ['BS2-code-b'], btg: ['BTG-token-a'] },
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        givesRefreshToken: (grantType) => grantType !== 'authorization_code' && honest.givesRefreshToken(grantType),
      })),
  }),
  bs2Mutant({
    name: 'scope-optional-on-refresh',
    description: 'A refresh without scope is answered with tokens.',
    breaks: ['BS2-refresh-b', 'BS2-error-c'],
    patch: (bank) => withGrantPolicy(bank, () => ({ requiresScopeOnRefresh: () => false })),
  }),
  bs2Mutant({
    name: 'refresh-token-dies-with-access-token',
    description: 'A refresh token is dead as soon as the access token that came with it has expired.',
    breaks: ['BS2-tokens-b', 'BS2-tokens-a', 'BS2-grants-c'],
    patch: (bank) => withLifetimes(bank, ({ accessTokenMs }) => ({ refreshTokenMs: accessTokenMs })),
  }),
  bs2Mutant({
    name: 'refreshed-token-lives-shorter',
    description: 'A refreshed access token lives for half as long as the first.',
    breaks: ['BS2-tokens-e'],
    patch: (bank) =>
      withLifetimes(bank, ({ accessTokenMs }, { replaces }) =>
        replaces === null ? {} : { accessTokenMs: accessTokenMs / 2 },
      ),
  }),
  btgMutant({
    name: 'refresh-unsupported',
    description: 'The token endpoint knows no grant_type refresh_token.',
    breaks: ['BTG-refresh-a'],
    patch: (bank) =>
      withTokens(bank, ({ grantTypes }) => ({ grantTypes: grantTypes.filter((type) => type !== 'refresh_token') })),
  }),
];
