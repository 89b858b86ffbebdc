import type { HttpTransport } from '../../client/http-transport.js';
import type { BankUnderTest, ConsentInput } from '../target.js';

/** How users of a target answer authorization requests. */
export type ConsentMode = 'control' | 'http' | 'browser' | 'person';

/** The bank as one scenario reaches it. */
export interface ConsentAccess {
  /** Noted in the scenario's evidence. */
  readonly fetch: HttpTransport;
  /** Notes exchanges that somebody else made, such as a browser. */
  readonly observe: (transport: HttpTransport) => HttpTransport;
  readonly secondFactorCode: BankUnderTest['secondFactorCode'];
}

/** One way to answer authorization requests, for a whole run. */
export interface ConsentWay {
  /** Gives or denies consent, and returns where the bank sent the user. */
  consent(access: ConsentAccess, input: ConsentInput): Promise<string>;
  close(): Promise<void>;
}
