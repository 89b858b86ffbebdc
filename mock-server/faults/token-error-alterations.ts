import type { Bank } from '../banks/bank.js';
import { withGrantPolicy, withTokens } from '../mutants/bank-patches.js';
import type { Acted, Alteration } from './alteration.js';
import { atBothBanks } from './define-alterations.js';

function overTheLimit<B extends Bank>(bank: B, acted: Acted, windowMs: number): B {
  return withTokens(bank, () => ({
    rateLimit: () => {
      acted();
      return { requests: 0, windowMs };
    },
  }));
}

/** Requests that are right, and refused in the bank's own words. Nothing is done with them. */
export const tokenErrorAlterations: readonly Alteration[] = [
  ...atBothBanks(
    {
      name: 'token-error.invalid-grant',
      description: 'A code or refresh token that works is refused with invalid_grant, and works again afterwards.',
      breaks: { both: ['RFC6749-5.2-c'], bs2: ['BS2-tokens-o'] },
    },
    'token',
    (bank, acted) =>
      withGrantPolicy(bank, () => ({
        isExpired: () => {
          acted();
          return true;
        },
      })),
  ),
  ...atBothBanks(
    {
      name: 'token-error.invalid-client',
      description: 'The right client secret is refused with invalid_client.',
      breaks: { both: ['RFC6749-5.2-b'], bs2: ['BS2-error-a'], btg: ['BTG-error-a'] },
    },
    'token',
    (bank, acted) =>
      withTokens(bank, (honest) => ({
        authentication: (exchange) => {
          const policy = honest.authentication(exchange);
          return {
            ...policy,
            isRightSecret: (client, sent) => {
              if (policy.isRightSecret(client, sent)) acted();
              return false;
            },
          };
        },
      })),
  ),
  ...atBothBanks(
    {
      name: 'token-error.too-many-requests',
      description: 'The request is refused as over the limit, with Retry-After: 60.',
      breaks: { both: [], bs2: ['BS2-limit-b'], btg: ['BTG-refresh-g'] },
    },
    'token',
    (bank, acted) => overTheLimit(bank, acted, 60_000),
  ),
  ...atBothBanks(
    {
      name: 'token-error.too-many-requests-for-PT8S',
      description: 'The request is refused as over the limit, with Retry-After: 8.',
      breaks: { both: [], bs2: ['BS2-limit-b'], btg: ['BTG-refresh-g'] },
    },
    'token',
    (bank, acted) => overTheLimit(bank, acted, 8000),
  ),
];
