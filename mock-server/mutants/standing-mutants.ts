import { banks } from '../banks/banks.js';
import type { Banks } from '../banks/banks.js';
import { applyMutants } from './mutant.js';
import type { Mutant } from './mutant.js';

/** The mutants that stand in one tenant, and its banks as they are with them. */
export class StandingMutants {
  #standing: readonly Mutant[] = [];
  #banks: Banks = banks;

  /** Patched when mutants are set, so that a request pays nothing for them. */
  get banks(): Banks {
    return this.#banks;
  }

  list(): readonly Mutant[] {
    return this.#standing;
  }

  /** Puts these in the place of those that stood; one that is named twice stands once. */
  replace(mutants: readonly Mutant[]): void {
    this.#standing = [...new Set(mutants)];
    this.#banks = applyMutants(banks, this.#standing);
  }

  clear(): void {
    this.replace([]);
  }
}
