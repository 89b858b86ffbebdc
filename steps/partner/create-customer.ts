import type { HttpTransport } from '../../client/http-transport.js';
import type { Customer } from './customer.js';
import { createHttpCustomer } from './http-customer.js';
import type { PartnerBank } from './partner-bank.js';
import type { ShownPages } from './shown-pages.js';
import type { PartnerSetup } from './verify-file.js';

/** Who sees what a customer's user agent sends and gets. */
export interface CustomerWay {
  readonly transport: HttpTransport;
  readonly observe: (transport: HttpTransport) => HttpTransport;
  readonly pages: ShownPages;
  /** What paths of the verify file are relative to. */
  readonly folder: string;
}

/** A new customer with the user agent that the file asks for, logged in at the application. */
export async function createCustomer(bank: PartnerBank, setup: PartnerSetup, way: CustomerWay): Promise<Customer> {
  if (setup.userAgent === 'browser') {
    // Loaded only where it is used: most machines have no browser for it.
    const { createBrowserCustomer } = await import('./browser-customer.js');
    return createBrowserCustomer(bank, setup, way);
  }
  return createHttpCustomer(bank, setup, way.observe(way.transport));
}
