import type { Bank } from './bank.js';
import type { BankId } from './bank-id.js';
import { bs2 } from './bs2/bank.js';
import { btg } from './btg/bank.js';

/** Every bank of the mock, by its id. */
export const banks: Readonly<Record<BankId, Bank>> = { bs2, btg };
