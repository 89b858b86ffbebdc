import type { Bank } from '../banks/bank.js';
import type { Bs2Mutant, BtgMutant, Mutant } from './mutant.js';

type Definition<M extends Mutant> = Pick<M, 'description' | 'breaks' | 'patch'> & { readonly name: string };

/** A bug that either bank may have. */
interface SharedDefinition {
  readonly name: string;
  readonly description: string;
  /** Requirements that it breaks at both banks, and those of one bank. */
  readonly breaks: {
    readonly both: readonly string[];
    readonly bs2: readonly string[];
    readonly btg: readonly string[];
  };
  readonly patch: <B extends Bank>(bank: B) => B;
}

/** A mutant of BS2. */
export function bs2Mutant({ name, ...rest }: Definition<Bs2Mutant>): Bs2Mutant {
  return { id: `bs2.${name}`, bank: 'bs2', ...rest };
}

/** A mutant of BTG. */
export function btgMutant({ name, ...rest }: Definition<BtgMutant>): BtgMutant {
  return { id: `btg.${name}`, bank: 'btg', ...rest };
}

/** The same bug at each bank. */
export function atBothBanks({ name, description, breaks, patch }: SharedDefinition): readonly Mutant[] {
  return [
    bs2Mutant({ name, description, breaks: [...breaks.bs2, ...breaks.both], patch }),
    btgMutant({ name, description, breaks: [...breaks.btg, ...breaks.both], patch }),
  ];
}
