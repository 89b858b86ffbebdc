import { formatDuration } from '../../foundation/iso-duration.js';
import { HarnessFault } from '../check-failure.js';
import type { BankCall } from './bank-call.js';
import { isRefresh } from './bank-traffic.js';
import { askUntil } from './ask-application.js';
import type { AskedOften, CustomerOfGrant } from './ask-application.js';
import { shortLifetime } from './induced-refresh.js';
import type { ConnectedCustomer, PartnerWorld } from './partner-world.js';

/** More than any access token of the banks lives; a refresh token lives on for days. */
const longerThanAccessTokens = 'PT25H';

/**
 * A customer whose access token was given for two seconds. What follows it lives as long as usual, so that an application
 * with a margin does not refresh at every call.
 */
export async function connectShortLived(world: PartnerWorld): Promise<ConnectedCustomer> {
  const { tenant, bank } = world.bank;
  const { accessTokenLifetime } = (await tenant.settings.get())[bank];
  await world.accessTokensLive(shortLifetime);
  const connected = await world.connect();
  await world.accessTokensLive(accessTokenLifetime);
  return connected;
}

/** The access token of a grant ends at once, whatever the application was told; its refresh token is a day older. */
export async function endAccessToken(
  world: PartnerWorld,
  { grantId }: Pick<CustomerOfGrant, 'grantId'>,
): Promise<void> {
  await world.bank.tenant.grants.age(grantId, longerThanAccessTokens);
}

/**
 * The newest refresh token of a grant is made so old that whole seconds are left, up to one more than asked for; negative
 * ones where it is to have expired. Its access token is dead by then.
 */
export async function leaveRefreshToken(
  world: PartnerWorld,
  { grantId }: Pick<CustomerOfGrant, 'grantId'>,
  secondsLeft: number,
): Promise<void> {
  const { grants } = world.bank.tenant;
  const grant = (await grants.list()).find(({ id }) => id === grantId);
  const expiresAt = Math.max(...(grant?.refreshTokens ?? []).map((token) => Date.parse(token.expiresAt)));
  if (!Number.isFinite(expiresAt)) throw new HarnessFault('A grant without a refresh token.');
  const seconds = Math.floor((expiresAt - Date.now()) / 1000) - secondsLeft;
  await grants.age(grantId, formatDuration(seconds * 1000));
}

/** Found out in a run: nothing that was tried made the application refresh. Later checks need not wait as long. */
const neverRefreshes = 'never-refreshes';
const shortPatienceMs = 500;

/** The request that was waited for, and what the application answered meanwhile. */
export interface Provoked extends Pick<AskedOften, 'asked' | 'driven'> {
  readonly found: BankCall | null;
}

/**
 * Makes the application refresh for a customer whose access token is dead, by whatever it goes by: a call that the bank's
 * API rejects, `expires_in`, a schedule, or `refreshNow` where a call did not do it.
 */
export async function provokeRefresh(
  world: PartnerWorld,
  connected: CustomerOfGrant,
  fits: (call: BankCall) => boolean,
  from: number,
): Promise<Provoked> {
  const { traffic, run } = world;
  const find = (): BankCall | null => traffic.since(from).find(fits) ?? null;
  const patienceMs = run.found.has(neverRefreshes) ? shortPatienceMs : run.control.patienceMs;
  const { asked, driven } = await askUntil(world, connected, () => find() !== null, patienceMs);
  const isRefreshed = traffic.since(from).some((call) => isRefresh(call) && call.grantId === connected.grantId);
  if (find() === null && !isRefreshed) run.found.set(neverRefreshes, 'within the patience of the run');
  return { found: find(), asked, driven };
}
