import type { HttpTransport } from '../../client/http-transport.js';
import type { Customer } from './customer.js';
import type { CustomerNames } from './customer-names.js';
import { asCustomer } from './customer-placeholder.js';
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
  readonly names: CustomerNames;
  /** The name of a customer who comes with another user agent; null for one more customer. */
  readonly again: string | null;
  /** Names of the customers whom the same check has already, in the order of their coming. */
  readonly ofThisCheck: readonly string[];
}

/** A new customer with the user agent that the file asks for, logged in at the application under a name of their own. */
export async function createCustomer(bank: PartnerBank, setup: PartnerSetup, way: CustomerWay): Promise<Customer> {
  const name = way.again === null ? way.names.draw(setup.customers, way.ofThisCheck) : way.names.drawAgain(way.again);
  try {
    const customer = await openUserAgent(bank, setupFor(setup, name), way, name);
    return {
      ...customer,
      name,
      send: async (request) => customer.send(asCustomer(request, name)),
      close: async () => {
        way.names.release(name);
        await customer.close();
      },
    };
  } catch (error) {
    way.names.release(name);
    throw error;
  }
}

async function openUserAgent(
  bank: PartnerBank,
  setup: PartnerSetup,
  way: CustomerWay,
  name: string,
): Promise<Omit<Customer, 'name'>> {
  if (setup.userAgent === 'browser') {
    // Loaded only where it is used: most machines have no browser for it.
    const { createBrowserCustomer } = await import('./browser-customer.js');
    return createBrowserCustomer(bank, setup, { ...way, name });
  }
  return createHttpCustomer(bank, setup, way.observe(way.transport));
}

/** The requests that a customer begins with, as theirs. */
function setupFor(setup: PartnerSetup, name: string): PartnerSetup {
  const { login, connect } = setup;
  return {
    ...setup,
    login: { ...login, requests: login.requests.map((request) => asCustomer(request, name)) },
    connect: asCustomer(connect, name),
  };
}
