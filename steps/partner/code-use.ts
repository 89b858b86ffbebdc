import type { BankCall } from './bank-call.js';
import type { BankTraffic } from './bank-traffic.js';

/** How a code came to be used at the API; null where it did not, redeemed or not. */
export function wasUsed(traffic: BankTraffic, code: string): string | null {
  for (const redemption of traffic.redemptionsOf(code)) {
    const accessToken = redemption.tokens?.accessToken;
    if (accessToken == null) continue;
    const [use] = traffic.usesOf(accessToken);
    if (use !== undefined) return `it was redeemed, and its token used at ${use.url.pathname}`;
    return 'it was redeemed for tokens';
  }
  return null;
}

/** Whether the request bound the code to the session by other means than `state`: PKCE or an OpenID nonce. */
export function defendsByProof({ query }: BankCall): boolean {
  return query.get('code_challenge_method') === 'S256' || query.has('nonce');
}
