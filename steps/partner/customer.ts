import type { BankCall } from './bank-call.js';
import type { ApplicationRequest } from './verify-file.js';

/** What the application showed: the last answer of a request and its redirects. */
export interface Shown {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

/** What a customer does at the bank. */
export interface ConsentAnswer {
  /** `leave`: goes no further than the bank's first page. */
  readonly decision?: 'approve' | 'deny' | 'leave';
  /** Who logs in; default: the customer of the run. */
  readonly username?: string;
  /** CNPJ; default: what the bank preselects. */
  readonly company?: string;
}

/**
 * How `connect` ended. `callback`: the bank sent the customer back, and the address has not been given to the
 * application yet. Else the customer stands before a page: of the application, of the bank, or of the application with
 * the bank's own login in it.
 */
export type Connection =
  | { readonly kind: 'callback'; readonly callbackUrl: string; readonly request: BankCall }
  | {
      readonly kind: 'application-page' | 'bank-page' | 'proxied-login';
      readonly shown: Shown;
      readonly request: BankCall | null;
    };

/** One customer of the application with a user agent of their own: its cookies are shared with nobody. */
export interface Customer {
  /** What `${customer}` is for them. */
  readonly name: string;
  /** From the application's `connect` through the bank's pages, up to the redirect back, which is held. */
  connect(answer?: ConsentAnswer): Promise<Connection>;
  /** Brings an authorization response to the application, as the bank's redirect would. */
  deliver(callbackUrl: string): Promise<Shown>;
  /** A request to the application as this customer, with their name in it; `callApi` and its like. */
  send(request: ApplicationRequest): Promise<Shown>;
  /** Names of the cookies that the application's origin gets. */
  cookieNames(): Promise<readonly string[]>;
  close(): Promise<void>;
}
