import type { BankVisit } from './bank-visit.js';

/** Looks at the wire: true where the bank misbehaves as the mutant's description says, false at the honest bank. */
export type Probe = (visit: BankVisit) => Promise<boolean>;

/** Probes by the names of the mutants, which may stand at either bank. */
export type Probes = Readonly<Record<string, Probe>>;
