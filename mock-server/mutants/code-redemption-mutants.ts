import { withGrantPolicy } from './bank-patches.js';
import { atBothBanks } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Authorization codes that are good for more, longer or for others than they should be. */
export const codeRedemptionMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'code-usable-twice',
    description: 'An authorization code can be redeemed again and again.',
    breaks: {
      both: ['RFC6749-4.1.2-c', 'RFC6749-4.1.2-d', 'RFC6749-5.2-c'],
      bs2: ['BS2-error-b'],
      btg: [],
    },
    patch: (bank) => withGrantPolicy(bank, () => ({ isCodeSpent: () => false })),
  }),
  ...atBothBanks({
    name: 'code-replay-keeps-tokens',
    description: 'The replay of a code is refused, and the tokens that the code gave live on.',
    breaks: { both: ['RFC6749-4.1.2-d'], bs2: [], btg: [] },
    patch: (bank) => withGrantPolicy(bank, () => ({ codeReplayRevokesTokens: () => false })),
  }),
  ...atBothBanks({
    name: 'code-not-bound-to-client',
    description: 'Another client can redeem a code.',
    breaks: { both: ['RFC6749-4.1.2-e', 'RFC6749-4.1.3-b', 'RFC6749-5.2-c'], bs2: [], btg: [] },
    patch: (bank) => withGrantPolicy(bank, () => ({ codeBelongsTo: () => true })),
  }),
  ...atBothBanks({
    name: 'code-not-bound-to-redirect-uri',
    description: 'A code can be redeemed with any redirect_uri.',
    breaks: { both: ['RFC6749-4.1.2-e', 'RFC6749-4.1.3-c'], bs2: [], btg: [] },
    patch: (bank) => withGrantPolicy(bank, () => ({ codeMatchesRedirectUri: () => true })),
  }),
  ...atBothBanks({
    name: 'redirect-uri-optional-at-exchange',
    description: 'A code can be redeemed without a redirect_uri.',
    breaks: { both: ['RFC6749-4.1.3-c'], bs2: ['BS2-code-a', 'BS2-error-c', 'BS2-code-i'], btg: [] },
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        requiresRedirectUri: () => false,
        codeMatchesRedirectUri: (code, sent) => sent === undefined || honest.codeMatchesRedirectUri(code, sent),
      })),
  }),
  ...atBothBanks({
    name: 'code-outlives-its-time',
    description: 'A code still works one second after its ten minutes.',
    breaks: { both: ['RFC6749-4.1.2-a'], bs2: ['BS2-code-c'], btg: ['BTG-token-c'] },
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        isExpired: (issued, nowMs) => honest.isExpired(issued, issued.kind === 'code' ? nowMs - 2000 : nowMs),
      })),
  }),
  ...atBothBanks({
    name: 'code-dies-early',
    description: 'A code is dead after five minutes.',
    breaks: { both: [], bs2: ['BS2-code-c'], btg: ['BTG-token-c'] },
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        isExpired: (issued, nowMs) =>
          honest.isExpired(issued, issued.kind === 'code' ? nowMs + issued.lifetimeMs / 2 : nowMs),
      })),
  }),
];
