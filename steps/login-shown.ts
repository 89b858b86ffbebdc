import { askForAuthorization, describeAuthorization } from './authorization-outcome.js';
import type { RequestCredentials } from './authorization-outcome.js';
import { PrerequisiteFailure } from './check-failure.js';
import type { ScenarioWorld } from './world.js';

/** Credentials of the first request, where the bank wants the client's backend to make it. */
export function credentialsOf({ bank }: ScenarioWorld, client: RequestCredentials = bank.client): RequestCredentials {
  return bank.profile.clientIdentification === 'basic' ? client : null;
}

/**
 * The bank leads a right request of the client to its login: where it does not, a user who did not come back proves
 * nothing, nor does a refusal of something else.
 *
 * @throws PrerequisiteFailure
 */
export async function requireLogin(world: ScenarioWorld): Promise<void> {
  const { url } = await world.client.start();
  const outcome = await askForAuthorization(world.bank, url, credentialsOf(world));
  if (outcome.kind === 'page' && outcome.asksForLogin) return;
  throw new PrerequisiteFailure('the bank’s login for a right request', describeAuthorization(outcome));
}
