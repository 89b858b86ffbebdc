import { HomologaError } from '../../foundation/homologa-error.js';
import { matches } from './fault.js';
import type { Fault, FaultPoint, FaultScript, FaultSubject } from './fault.js';

const faultLimit = 1000;

/** Thrown when a tenant has a thousand faults; `cause` holds `{ limit }`. */
export class TooManyFaultsError extends HomologaError {
  constructor() {
    super('ERR_TOO_MANY_FAULTS', `A tenant holds at most ${String(faultLimit)} faults; delete some first.`, {
      cause: { limit: faultLimit },
    });
  }
}

/** The faults of one tenant, in the order in which they were set. */
export class FaultBook {
  readonly #faults = new Map<string, Fault>();
  /** How many requests each alteration is held for, until it is known whether it finds something to alter. */
  readonly #held = new Map<string, number>();
  #made = 0;

  get isEmpty(): boolean {
    return this.#faults.size === 0;
  }

  /** @throws TooManyFaultsError */
  add(script: FaultScript): Fault {
    if (this.#faults.size >= faultLimit) throw new TooManyFaultsError();
    this.#made += 1;
    const fault: Fault = { id: `fault-${String(this.#made)}`, ...script, acted: 0 };
    this.#faults.set(fault.id, fault);
    return fault;
  }

  list(): Fault[] {
    return [...this.#faults.values()];
  }

  remove(id: string): boolean {
    return this.#faults.delete(id);
  }

  clear(): void {
    this.#faults.clear();
    this.#held.clear();
  }

  /**
   * Takes every fault that acts on this request, counting it; one whose times are used up is gone. A fault of several
   * requests at a barrier counts each of them. An alteration is only held: {@link settle} counts it.
   */
  take(at: FaultPoint, subject: FaultSubject): Fault[] {
    if (this.#faults.size === 0) return [];
    const taken: Fault[] = [];
    for (const fault of this.#faults.values()) {
      if (fault.at !== at || !matches(fault.when, subject)) continue;
      if ('alter' in fault.effect) {
        const held = this.#held.get(fault.id) ?? 0;
        if (fault.times > 0 && fault.acted + held >= fault.times) continue;
        this.#held.set(fault.id, held + 1);
      } else {
        this.#countAction(fault);
      }
      taken.push(fault);
    }
    return taken;
  }

  /** Lets go of an alteration that was taken; one that acted is counted, another waits for a request that suits it. */
  settle(id: string, hasActed: boolean): void {
    const held = this.#held.get(id) ?? 0;
    if (held > 1) this.#held.set(id, held - 1);
    else this.#held.delete(id);
    const fault = this.#faults.get(id);
    if (fault !== undefined && hasActed) this.#countAction(fault);
  }

  #countAction(fault: Fault): void {
    const acted = fault.acted + 1;
    const allowed = 'barrier' in fault.effect && fault.times > 0 ? fault.times * fault.effect.barrier : fault.times;
    if (allowed > 0 && acted >= allowed) this.#faults.delete(fault.id);
    else this.#faults.set(fault.id, { ...fault, acted });
  }
}
