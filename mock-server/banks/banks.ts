import { bs2 } from './bs2/bank.js';
import type { Bs2 } from './bs2/bank.js';
import { btg } from './btg/bank.js';
import type { Btg } from './btg/bank.js';

/** Every bank of the mock, by its id. */
export interface Banks {
  readonly bs2: Bs2;
  readonly btg: Btg;
}

/** The banks as they are; a tenant's may have mutants. */
export const banks: Banks = { bs2, btg };
