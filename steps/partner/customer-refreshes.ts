import { HarnessFault, PrerequisiteFailure } from '../check-failure.js';
import { tellAnswers } from './ask-application.js';
import type { BankCall } from './bank-call.js';
import { isRefresh, isTokenRequest } from './bank-traffic.js';
import type { PartnerWorld } from './partner-world.js';
import { newestTokens } from './refresh-chain.js';
import type { NewestTokens } from './refresh-chain.js';
import type { Provoked } from './token-end.js';

/** The tokens that the bank gave this check's customer last. */
export function newestOf({ connected, traffic }: PartnerWorld): NewestTokens {
  const newest = newestTokens(traffic.tokenRequestsOf(connected.get().grantId));
  if (newest === null) throw new HarnessFault('A connected customer without tokens.');
  return newest;
}

/** Refreshes of this check's customer, whatever the bank answered to them. */
export function isRefreshOf({ connected }: PartnerWorld): (call: BankCall) => boolean {
  const { grantId } = connected.get();
  return (call) => isRefresh(call) && isTokenRequest(call) && call.grantId === grantId;
}

/** @throws PrerequisiteFailure where the application did not refresh */
export function needRefresh(world: PartnerWorld, { found, asked }: Provoked): BankCall {
  if (found !== null) return found;
  throw new PrerequisiteFailure('an application that refreshes', `no refresh; ${tellAnswers(world, asked)}`);
}

/** @throws PrerequisiteFailure where the application did not refresh, or so that the bank refuses it for what it asks */
export function needGrantedRefresh(world: PartnerWorld, provoked: Provoked): BankCall {
  const refresh = needRefresh(world, provoked);
  if (refresh.answer.status === 200) return refresh;
  throw new PrerequisiteFailure(
    'a refresh that the bank grants',
    `${String(refresh.answer.status)}, ${refresh.outcome ?? 'no reason'}`,
  );
}
