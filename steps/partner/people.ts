import { HomologaError } from '../../foundation/homologa-error.js';
import { HarnessFault } from '../check-failure.js';
import type { Customer } from './customer.js';
import { loginKind } from './customer-placeholder.js';
import type { LoginKind } from './customer-placeholder.js';
import type { Separation } from './foreign-code.js';
import { attackerName } from './partner-bank.js';
import type { HeldCallback, PartnerWorld } from './partner-world.js';
import type { PartnerSetup } from './verify-file.js';

/** Somebody with bad intentions, sent back by the bank, and what tells them from the customers. */
export interface Attacker extends HeldCallback {
  readonly separation: Separation;
}

/**
 * An attacker with an authorization response of their own. Where the file logs customers in, each as the same user, the
 * attacker tries without: only a stranger is certainly not that user. Where it logs each in as another, they are another.
 */
export async function holdAttacker(world: PartnerWorld): Promise<Attacker> {
  const kind = loginKind(world.setup);
  const consent = { username: attackerName };
  if (kind === 'one-user') {
    const stranger = await holdOrNull(world, await newStranger(world));
    if (stranger !== null) return { ...stranger, separation: 'sessions' };
    return { ...(await world.hold(await world.newCustomer(), consent)), separation: 'one-user' };
  }
  const held = await world.hold(await world.newCustomer(), consent);
  const cookies = await held.customer.cookieNames();
  return { ...held, separation: separationOf(kind, world.setup.userAgent, cookies) };
}

/** What tells apart those whom the file does not log in as one user. */
export function separationOf(
  kind: Exclude<LoginKind, 'one-user'>,
  userAgent: PartnerSetup['userAgent'],
  cookies: readonly string[],
): Separation {
  // A browser may keep a login elsewhere than in a cookie.
  const keepsLogin = kind !== 'nobody' && userAgent === 'browser';
  return cookies.length > 0 || keepsLogin ? 'sessions' : 'none';
}

/** A customer who is not logged in, even where the file says how. */
async function newStranger(world: PartnerWorld): Promise<Customer> {
  const { bank, setup } = world;
  return world.newCustomer({ bank, setup: { ...setup, login: { script: null, requests: [] } } });
}

async function holdOrNull(world: PartnerWorld, customer: Customer): Promise<HeldCallback | null> {
  try {
    return await world.hold(customer, { username: attackerName });
  } catch (error) {
    // However the application turns a stranger away: a page, the login, a circle of redirects.
    if (error instanceof HomologaError && !(error instanceof HarnessFault)) return null;
    throw error;
  }
}
