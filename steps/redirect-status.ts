import { HarnessFault } from './check-failure.js';
import type { ScenarioWorld } from './world.js';

/** The status of the answer that sent the user back; null where none came. */
export function statusOfRedirect({ bank, opened }: ScenarioWorld): number | null {
  if (!bank.seesRedirect) throw new HarnessFault('The redirect is judged where it is not seen.');
  return opened.get().log.exchanges.at(-1)?.status ?? null;
}
