import { HarnessFault } from './check-failure.js';
import { openTarget } from './open-target.js';
import type { Target } from './target.js';

let given: Target | null = null;
let current: Target | null = null;

/** Makes the next run of this process use a target that is open already; null for one by name. */
export function useTarget(target: Target | null): void {
  given = target;
}

/** Opens the target of this run: the one that was given, or the one that `name` says. */
export async function beginTarget(name: string): Promise<void> {
  current = given ?? (await openTarget(name));
}

/** The target of this run. */
export function currentTarget(): Target {
  if (current === null) throw new HarnessFault('The run has no target yet.');
  return current;
}

/** Closes what {@link beginTarget} opened; a target that was given stays its giver's. */
export async function endTarget(): Promise<void> {
  const ending = current;
  current = null;
  if (ending !== null && ending !== given) await ending.close();
}
