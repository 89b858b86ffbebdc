import type { AuthorizationStart } from './client-driver.js';
import type { BankUnderTest, ConsentInput } from './target.js';

/** How the user answers a request of the client, where nobody says otherwise. */
export function consentInput(
  bank: BankUnderTest,
  start: AuthorizationStart,
  differing: Partial<ConsentInput> = {},
): ConsentInput {
  const { client, user, factor, profile } = bank;
  return {
    authorizationUrl: start.url,
    client,
    identification: profile.clientIdentification,
    decision: 'approve',
    user,
    factor,
    ...differing,
  };
}
