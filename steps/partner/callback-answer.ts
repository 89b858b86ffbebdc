import { CheckFailure, PrerequisiteFailure } from '../check-failure.js';
import type { Customer, Shown } from './customer.js';
import type { PartnerWorld } from './partner-world.js';

const deliberate = new Set([502, 503, 504]);

/** Whether an answer is a plain error of the server. That the bank failed is no such error, and says what it is. */
export function isCrash({ status }: Pick<Shown, 'status'>): boolean {
  return status >= 500 && !deliberate.has(status);
}

/** Whether a page without scripts is just the one that a connected customer saw. */
export function isSamePage(shown: Shown, success: Shown | null): boolean {
  if (success === null || shown.status >= 400 || shown.body.trim() === '' || /<script/i.test(shown.body)) return false;
  const isSamePlace = new URL(shown.url).pathname === new URL(success.url).pathname;
  return isSamePlace && shown.body === success.body;
}

/** What kept a customer from connecting now; null where nothing did. */
export async function connectProblem(world: PartnerWorld, customer: Customer): Promise<string | null> {
  try {
    await world.finish(await world.hold(customer));
    return null;
  } catch (error) {
    if (error instanceof PrerequisiteFailure) return error.actual;
    throw error;
  }
}

/** Throws unless the customer can connect now. @throws CheckFailure */
export async function expectConnect(world: PartnerWorld, customer: Customer): Promise<void> {
  const problem = await connectProblem(world, customer);
  if (problem !== null) throw new CheckFailure('a customer who can connect afterwards', problem);
}

/** A crash that a customer gets over is a warning, one that they do not get over a failure. @throws CheckFailure */
export async function judgeCrash(world: PartnerWorld, customer: Customer, shown: Shown): Promise<void> {
  if (!isCrash(shown)) return;
  await expectConnect(world, customer);
  world.warn('an answer that says what to do', `status ${String(shown.status)}, a crash; a new connect works`);
}
