import type { Bank } from './bank.js';
import type { Exchange } from './exchange.js';

/** The bank that answers a request: its tenant's, changed by the mutants that stand there. */
export function bankOf({ tenant, bank }: Pick<Exchange, 'tenant' | 'bank'>): Bank {
  return tenant.banks[bank];
}
