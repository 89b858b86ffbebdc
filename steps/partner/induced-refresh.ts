import type { BankCall } from './bank-call.js';
import type { Shown } from './customer.js';
import type { ConnectedCustomer, PartnerWorld } from './partner-world.js';

/** How the application refreshed, and what it answered meanwhile. */
export interface InducedRefresh {
  /** The request with the customer's refresh token; null where none came in the patience of the run. */
  readonly refresh: BankCall | null;
  /** The last answer of the application to the customer. */
  readonly shown: Shown;
}

/** So short that an application which goes by `expires_in` refreshes at once, whatever its margin. */
export const shortLifetime = 'PT2S';
const betweenCallsMs = 300;

/** A customer whose access token says that it soon expires; also what is refreshed in this check does. */
export async function connectNearExpiry(world: PartnerWorld): Promise<ConnectedCustomer> {
  await world.accessTokensLive(shortLifetime);
  return world.connect();
}

/**
 * Makes the application refresh the tokens of a customer: by `refreshNow` where the file has it, else by calls of the API
 * with an access token that is dead at the bank and, after {@link connectNearExpiry}, about to expire by what the
 * application was told. That reaches those that refresh after a 401, before the expiry, and on a schedule.
 */
export async function induceRefresh(
  world: PartnerWorld,
  connected: Pick<ConnectedCustomer, 'customer' | 'grantId' | 'refreshToken'>,
): Promise<InducedRefresh> {
  const { traffic, bank, run } = world;
  const find = (): BankCall | undefined => traffic.refreshesWith(connected.refreshToken)[0];
  const isIt = (call: BankCall): boolean => call.form.get('refresh_token') === connected.refreshToken;
  const shownAfter = await world.refreshNow(connected);
  if (shownAfter !== null) {
    return { refresh: await traffic.until(isIt, run.control.patienceMs), shown: shownAfter };
  }
  // An hour more than any access token of the check lives; a refresh token has days left.
  await bank.tenant.grants.age(connected.grantId, 'PT1H');
  const deadline = performance.now() + run.control.patienceMs;
  let shown = await world.call(connected);
  while (find() === undefined && performance.now() < deadline) {
    await traffic.until(isIt, betweenCallsMs);
    if (find() === undefined) shown = await world.call(connected);
  }
  return { refresh: find() ?? null, shown };
}
