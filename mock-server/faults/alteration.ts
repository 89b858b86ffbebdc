import type { BankId } from '../banks/bank-id.js';
import type { Banks } from '../banks/banks.js';
import type { Exchange } from '../banks/exchange.js';
import type { AuthorizationResponse } from './authorization-response.js';
import type { FaultPoint } from './fault.js';

interface Described<Id extends BankId> {
  readonly id: `${Id}.${string}`;
  readonly bank: Id;
  /** Where it acts, and nowhere else. */
  readonly at: FaultPoint;
  /** What is wrong with the answer; everything else of it is right. */
  readonly description: string;
  /** Ids of the requirements that are broken by the answer, or by an application that falls for it. */
  readonly breaks: readonly string[];
}

/** Says that the answer will differ. Until it is called the fault has not acted, and waits for another request. */
export type Acted = () => void;

/** The bank decides or renders otherwise, for one request. */
interface BankAlteration<Id extends BankId> extends Described<Id> {
  readonly kind: 'bank';
  patch(bank: Banks[Id], acted: Acted): Banks[Id];
}

/** The authorization response is another than the bank made. */
interface ResponseAlteration<Id extends BankId> extends Described<Id> {
  readonly kind: 'response';
  /** Null where this response has nothing to alter. */
  change(
    response: AuthorizationResponse,
    exchange: Exchange,
  ): Promise<AuthorizationResponse | null> | AuthorizationResponse | null;
}

/** One way in which one answer of a bank is wrong, to see what an application does with it. */
export type AlterationOf<Id extends BankId> = BankAlteration<Id> | ResponseAlteration<Id>;
export type Alteration = AlterationOf<'bs2'> | AlterationOf<'btg'>;
