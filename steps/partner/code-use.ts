import type { BankCall } from './bank-call.js';
import type { BankTraffic } from './bank-traffic.js';

/** What became of a code: nothing, refused by the bank, exchanged for tokens, or its tokens used at the API. */
export type CodeUse =
  | { readonly kind: 'never-sent' }
  | { readonly kind: 'refused' | 'redeemed'; readonly redemption: BankCall }
  | { readonly kind: 'used'; readonly use: BankCall };

/** Reads what became of a code, its grant's refreshed tokens included. */
export function codeUse(traffic: BankTraffic, code: string): CodeUse {
  const redemptions = traffic.redemptionsOf(code);
  const [first] = redemptions;
  if (first === undefined) return { kind: 'never-sent' };
  const redemption = redemptions.find(({ tokens }) => tokens?.accessToken != null);
  if (redemption === undefined) return { kind: 'refused', redemption: first };
  const { grantId } = redemption;
  const answers = grantId === null ? [redemption] : traffic.tokenRequestsOf(grantId);
  const [use] = answers.flatMap(({ tokens }) =>
    tokens?.accessToken == null ? [] : traffic.usesOf(tokens.accessToken),
  );
  return use === undefined ? { kind: 'redeemed', redemption } : { kind: 'used', use };
}

/** The same in words, of a code that was sent. */
export function describeUse(use: Exclude<CodeUse, { readonly kind: 'never-sent' }>): string {
  switch (use.kind) {
    case 'refused':
      return `it was sent to the token endpoint, which refused it (${String(use.redemption.answer.status)})`;
    case 'redeemed':
      return 'it was redeemed for tokens';
    case 'used':
      return `it was redeemed, and its token used at ${use.use.url.pathname}`;
  }
}
