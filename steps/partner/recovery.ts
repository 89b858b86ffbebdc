import { HomologaError } from '../../foundation/homologa-error.js';
import type { Evidence } from '../../reports/evidence.js';
import { CheckFailure, HarnessFault } from '../check-failure.js';
import { attempt, describeAttempt, seconds } from './attempt.js';
import type { Attempt } from './attempt.js';
import type { Customer } from './customer.js';
import { loginKind } from './customer-placeholder.js';
import { wasAnswered } from './grant-traffic.js';
import type { ConnectedCustomer, PartnerWorld } from './partner-world.js';

/**
 * How a customer was served again after the bank had failed: `served` with the consent that they had; `consented` after
 * another one, which the application asked for or not; `others-only`: another customer is served, this one is not;
 * `not`: nobody is.
 */
export type Recovery =
  | { readonly kind: 'served'; readonly afterMs: number }
  | { readonly kind: 'consented' | 'others-only'; readonly wasAsked: boolean; readonly last: string }
  | { readonly kind: 'not'; readonly last: string };

/** How long an application may go on turning its customers away when the bank works again, by itself or by a breaker. */
const restMs = 10_000;
const longestRestMs = 35_000;
/** As long as the recovery of a customer takes at the very most. */
export const longestRecoveryMs = 90_000;
const betweenCallsMs = 200;
/** What is done behind the answer to a customer takes a moment. */
const behindAnswerMs = 500;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One call for a connected customer, and whether the bank answered it. */
export interface CallForCustomer {
  readonly attempt: Attempt;
  readonly isServed: boolean;
  /** What the customer got, in a few words. */
  readonly told: string;
  /** The number of the bank's next request when the customer called. */
  readonly from: number;
}

/** Makes the application call the bank for a customer. */
export async function callFor(
  world: PartnerWorld,
  { customer, grantId }: Pick<ConnectedCustomer, 'customer' | 'grantId'>,
  withinMs = world.run.control.patienceMs,
): Promise<CallForCustomer> {
  const { traffic } = world;
  // Where all customers are one to the application, the newest consent serves them.
  const isTheirs = (await separates(world, customer))
    ? () => wasAnswered(traffic, grantId, from)
    : () =>
        traffic
          .since(from)
          .some(({ endpoint, answer }) => endpoint === 'api' && answer.status >= 200 && answer.status < 300);
  const from = traffic.next;
  const made = await attempt(world.call({ customer }), withinMs);
  if (made.kind !== 'answered' || !world.serves(made.shown))
    return { attempt: made, isServed: false, told: describeAttempt(made), from };
  await traffic.until(isTheirs, behindAnswerMs, from);
  const isServed = isTheirs();
  // A page that says the right thing may be an old one, or somebody else’s.
  const told = `${describeAttempt(made)}${isServed ? '' : ', without an answer of the bank to a call with their consent'}`;
  return { attempt: made, isServed, told, from };
}

/**
 * Whether the application tells its customers apart, each with one consent alone: by sessions, or logins that were never
 * there before. Who comes again, as those of a login for all do and those of `customers`, may be served by another of
 * their consents.
 */
export async function separates({ setup }: PartnerWorld, customer: Customer): Promise<boolean> {
  const kind = loginKind(setup);
  return (kind === 'nobody' || kind === 'new-users') && (await customer.cookieNames()).length > 0;
}

/** Whether an answer says that a new consent is needed. */
export function asksForConsent(world: PartnerWorld, made: Attempt): boolean {
  return made.kind === 'answered' && world.answer(made.shown) === 'consent-asked';
}

/** Acts as a customer whose bank works again: calls, calls again, consents once more; the last resort is somebody else. */
export async function recover(world: PartnerWorld, connected: ConnectedCustomer): Promise<Recovery> {
  const began = performance.now();
  let last = '';
  let wasAsked = false;
  while (!wasAsked && performance.now() - began < restMs && isRunning(world)) {
    if (last !== '') await pause(betweenCallsMs);
    const { attempt: made, isServed, told } = await callFor(world, connected);
    if (isServed) return { kind: 'served', afterMs: Math.round(performance.now() - began) };
    last = told;
    wasAsked = asksForConsent(world, made);
  }
  const { disconnect } = world.setup;
  if (disconnect !== null) await attempt(connected.customer.send(disconnect), world.run.control.patienceMs);
  if (await canConnect(world, connected.customer)) return { kind: 'consented', wasAsked, last };
  if (!(await canAnybodyConnect(world))) return { kind: 'not', last };
  // That may have taken as long as a circuit breaker stays open.
  if ((await callFor(world, connected)).isServed)
    return { kind: 'served', afterMs: Math.round(performance.now() - began) };
  return { kind: (await canConnect(world, connected.customer)) ? 'consented' : 'others-only', wasAsked, last };
}

/** Connects a customer, again or for the first time; null where that does not come to tokens. */
export async function tryConnect(world: PartnerWorld, customer: Customer): Promise<ConnectedCustomer | null> {
  try {
    return await world.finish(await world.hold(customer));
  } catch (error) {
    if (!(error instanceof HomologaError) || error instanceof HarnessFault) throw error;
    return null;
  }
}

/** Whether a customer can connect, again or for the first time, and is served. */
export async function canConnect(world: PartnerWorld, customer: Customer): Promise<boolean> {
  const connected = await tryConnect(world, customer);
  for (let tries = 0; tries < 3 && connected !== null; tries += 1) {
    if (tries > 0) await pause(betweenCallsMs);
    if ((await callFor(world, connected)).isServed) return true;
  }
  return false;
}

/** Connects a customer whose code or consent came to nothing, now that the bank works: tries, tries again, tries others. */
export async function reconnect(
  world: PartnerWorld,
  customer: Customer,
): Promise<ConnectedCustomer | 'others-only' | 'not'> {
  const deadline = performance.now() + restMs;
  while (performance.now() < deadline && isRunning(world)) {
    const connected = await tryConnect(world, customer);
    if (connected !== null) return connected;
    await pause(betweenCallsMs);
  }
  if (!(await canAnybodyConnect(world))) return 'not';
  return (await tryConnect(world, customer)) ?? 'others-only';
}

/** The customer, connected now that the bank works. @throws CheckFailure where they cannot connect any more */
export async function connectedAgain(world: PartnerWorld, customer: Customer): Promise<ConnectedCustomer> {
  const outcome = await reconnect(world, customer);
  if (typeof outcome !== 'string') return outcome;
  expectRunning(world);
  throw new CheckFailure(
    'the customer to be served after a new consent',
    outcome === 'not' ? 'nobody can connect any more' : 'this customer cannot connect any more, others can',
  );
}

/** @throws CheckFailure where a customer cannot connect, or is not served then, now that the bank works */
export async function expectReconnects(world: PartnerWorld, customer: Customer): Promise<void> {
  const connected = await connectedAgain(world, customer);
  const recovery = await recover(world, connected);
  const found = judgeRecovery(recovery, 'token endpoint');
  if (found?.finding === 'failed') throw new CheckFailure(found.expected, found.actual);
}

/** Whether every process of the application still runs. */
export function isRunning({ run }: PartnerWorld): boolean {
  return run.processes.every(({ ended }) => ended === null);
}

/** @throws CheckFailure where the application ended */
export function expectRunning({ run }: PartnerWorld): void {
  const ended = run.processes.find((process) => process.ended !== null)?.ended ?? null;
  if (ended !== null) throw new CheckFailure('the application to go on running', `it ended (${ended})`);
}

/** Whether a new customer can connect and is served, sooner or later: circuit breakers open for half a minute. */
export async function canAnybodyConnect(world: PartnerWorld): Promise<boolean> {
  const deadline = performance.now() + longestRestMs;
  while (performance.now() < deadline && isRunning(world)) {
    if (await canConnect(world, await world.newCustomer())) return true;
    await pause(1_000);
  }
  return false;
}

/**
 * What a recovery says of an application, where nothing but an outage that is over was to be got through. After a failure
 * of the token endpoint nobody knows what became of the refresh token, so that another consent is a defensible way out;
 * a failure of the API says nothing of the consent.
 */
export function judgeRecovery(recovery: Recovery | null, failed: 'token endpoint' | 'API'): Evidence | null {
  const expected = 'the customer to be served again when the bank works again';
  switch (recovery?.kind) {
    case 'served':
      if (recovery.afterMs <= restMs) return null;
      return { finding: 'info', expected, actual: `it took the application ${seconds(recovery.afterMs)}` };
    case 'consented':
      return {
        finding: recovery.wasAsked && failed === 'API' ? 'failed' : 'warning',
        expected: `${expected}, with the consent that they gave`,
        actual: recovery.wasAsked
          ? `the application asked for a new consent (${recovery.last})`
          : `${seconds(restMs)} later the customer still got ${recovery.last}; a new consent helped`,
      };
    case 'others-only':
      return {
        finding: 'failed',
        expected,
        actual: `the customer got ${recovery.last}, and a new consent did not help; other customers are served`,
      };
    default:
      return {
        finding: 'failed',
        expected,
        actual: `${recovery === null ? 'nothing' : recovery.last}; no new customer can connect either`,
      };
  }
}
