import { Slot } from '../slot.js';
import type { PartnerWorld } from './partner-world.js';

/** A place in which the steps of one family leave something for each other; each check has its own. */
export function perCheck<T>(name: string): (world: PartnerWorld) => Slot<T> {
  const slots = new WeakMap<PartnerWorld, Slot<T>>();
  return (world) => {
    const slot = slots.get(world) ?? new Slot<T>(name);
    slots.set(world, slot);
    return slot;
  };
}
