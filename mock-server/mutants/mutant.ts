import type { BankId } from '../banks/bank-id.js';
import type { Banks } from '../banks/banks.js';

/** A bank with one standing bug, to prove that a suite notices. */
interface MutantOf<Id extends BankId> {
  readonly id: `${Id}.${string}`;
  readonly bank: Id;
  /** What goes wrong, as it is seen from outside. */
  readonly description: string;
  /** Ids of the requirements that it breaks. */
  readonly breaks: readonly string[];
  /** The bank with the bug; the bank that is given stays as it is. */
  patch(bank: Banks[Id]): Banks[Id];
}

export type Bs2Mutant = MutantOf<'bs2'>;
export type BtgMutant = MutantOf<'btg'>;
export type Mutant = Bs2Mutant | BtgMutant;

/** The banks with the bugs of all these mutants, the first applied first. */
export function applyMutants(banks: Banks, mutants: readonly Mutant[]): Banks {
  return mutants.reduce<Banks>(
    (changed, mutant) =>
      mutant.bank === 'bs2'
        ? { ...changed, bs2: mutant.patch(changed.bs2) }
        : { ...changed, btg: mutant.patch(changed.btg) },
    banks,
  );
}
