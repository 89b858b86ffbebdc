import type { Bank } from './bank.js';
import type { Banks } from './banks.js';
import type { Exchange } from './exchange.js';

/** The banks that answer a request: its tenant's, changed by the mutants that stand there and by faults of this request. */
export function banksOf({ tenant, alteredBanks }: Pick<Exchange, 'tenant' | 'alteredBanks'>): Banks {
  return alteredBanks ?? tenant.banks;
}

/** The bank that answers a request. */
export function bankOf(exchange: Pick<Exchange, 'tenant' | 'bank' | 'alteredBanks'>): Bank {
  return banksOf(exchange)[exchange.bank];
}
