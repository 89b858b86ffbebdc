import { PrerequisiteFailure } from '../check-failure.js';
import { requestParameter } from './authorization-request.js';
import type { BankCall } from './bank-call.js';
import type { Sighting } from './guess-estimate.js';
import type { PartnerRun } from './partner-run.js';
import { describeConnection } from './partner-world.js';
import type { PartnerWorld } from './partner-world.js';

/** An authorization request, and which customer's it was. */
export interface RequestSample {
  readonly request: BankCall;
  readonly customer: number;
}

const enough = 7;
const taken = new WeakMap<PartnerRun, RequestSample[]>();

/**
 * Authorization requests of connects that lead no further than the bank, in their order: of several customers, and two
 * of one of them. A run's checks share them; each adds one, so that its report has an exchange of its own.
 */
export async function sampleRequests(world: PartnerWorld): Promise<readonly RequestSample[]> {
  const { run } = world;
  const { request: controls } = run.control.connection;
  const samples = taken.get(run) ?? (controls === null ? [] : [{ request: controls, customer: 0 }]);
  taken.set(run, samples);
  const missing = Math.max(1, enough - samples.length);
  for (let added = 0; added < missing; added += 1) {
    const customer = await world.newCustomer();
    const number = samples.length;
    samples.push({ request: await requestOf(customer), customer: number });
    if (added === 0 && missing > 1) samples.push({ request: await requestOf(customer), customer: number });
  }
  return samples;
}

async function requestOf(customer: Awaited<ReturnType<PartnerWorld['newCustomer']>>): Promise<BankCall> {
  const connection = await customer.connect({ decision: 'leave' });
  if (connection.request !== null) return connection.request;
  throw new PrerequisiteFailure('an authorization request', describeConnection(connection));
}

/** A parameter in the samples that have it. */
export function sightingsOf(
  samples: readonly RequestSample[],
  name: string,
): readonly (Sighting & { readonly customer: number })[] {
  return samples.flatMap(({ request, customer }) => {
    const value = requestParameter(request, name);
    return value === null ? [] : [{ value, customer, atMs: request.answeredAtMs }];
  });
}

/** Whether a value comes again: in nobody's request, in one of the same customer, or in another customer's. */
export function repetitionOf(
  sightings: readonly { readonly value: string; readonly customer: number }[],
): 'none' | 'same-customer' | 'another-customer' {
  const owners = new Map<string, number>();
  let found: 'none' | 'same-customer' = 'none';
  for (const { value, customer } of sightings) {
    const owner = owners.get(value);
    if (owner !== undefined && owner !== customer) return 'another-customer';
    if (owner !== undefined) found = 'same-customer';
    owners.set(value, customer);
  }
  return found;
}
