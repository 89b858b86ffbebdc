import { CheckFailure, HarnessFault } from '../check-failure.js';
import type { CustomerAnswer } from './customer-answer.js';
import type { ConnectedCustomer, PartnerWorld } from './partner-world.js';

/** What a customer who asked for something got; `silent` where the application broke off or never answered. */
export type Asked =
  | { readonly answer: CustomerAnswer; readonly told: string }
  | { readonly answer: 'silent'; readonly told: 'no answer' };

/** The customer of a check and their grant. */
export type CustomerOfGrant = Pick<ConnectedCustomer, 'customer' | 'grantId'>;

const betweenCallsMs = 300;
const callsToOneRefreshNow = 4;

/** One `callApi` of the customer, through one of the instances. */
export async function ask(world: PartnerWorld, { customer }: CustomerOfGrant, instance = 0): Promise<Asked> {
  try {
    const shown = await world.call({ customer }, instance);
    return { answer: world.answer(shown), told: world.describe(shown) };
  } catch (error) {
    if (error instanceof CheckFailure || error instanceof HarnessFault) throw error;
    return { answer: 'silent', told: 'no answer' };
  }
}

/** What came of asking again and again. */
export interface AskedOften {
  readonly asked: readonly Asked[];
  /** How often the application was made to do something for the customer: calls, and `refreshNow`. */
  readonly driven: number;
  readonly isDone: boolean;
}

/**
 * Asks until `isDone` or the patience of the run is over: an application that answers at once and works later gets time,
 * and one that refreshes when it is told to by `refreshNow` is told to, about once a second.
 */
export async function askUntil(
  world: PartnerWorld,
  connected: CustomerOfGrant,
  isDone: (last: Asked, all: readonly Asked[]) => boolean,
  patienceMs = world.run.control.patienceMs,
): Promise<AskedOften> {
  const { traffic, setup } = world;
  const deadline = performance.now() + patienceMs;
  const asked: Asked[] = [];
  let told = 0;
  const outcome = (done: boolean): AskedOften => ({ asked, driven: asked.length + told, isDone: done });
  for (;;) {
    const last = await ask(world, connected);
    asked.push(last);
    if (isDone(last, asked)) return outcome(true);
    if (setup.refreshNow !== null && asked.length % callsToOneRefreshNow === 1) {
      await world.refreshNow(connected).catch(() => null);
      told += 1;
    }
    await traffic.until(() => isDone(last, asked), betweenCallsMs, traffic.next);
    if (isDone(last, asked)) return outcome(true);
    if (performance.now() >= deadline) return outcome(false);
  }
}

/**
 * Asks until the customer is served with what the bank's API answered just now. An answer of the application alone
 * proves nothing: it may promise, or show what it kept.
 */
export async function askUntilServed(world: PartnerWorld, connected: CustomerOfGrant): Promise<AskedOften> {
  const { traffic } = world;
  const from = traffic.next;
  const isServedByBank = (): boolean =>
    traffic
      .since(from)
      .some(
        ({ endpoint, grantId, answer }) => endpoint === 'api' && grantId === connected.grantId && answer.status < 400,
      );
  return askUntil(world, connected, ({ answer }) => answer === 'served' && isServedByBank());
}

/** @throws CheckFailure where the customer is not served within the patience of the run */
export async function expectServed(world: PartnerWorld, connected: CustomerOfGrant, expected: string): Promise<void> {
  const { asked, isDone } = await askUntilServed(world, connected);
  if (!isDone) throw new CheckFailure(expected, tellAnswers(world, asked));
}

/** Answers in a few words: how often which, and which way the application says that a consent is needed. */
export function tellAnswers(world: Pick<PartnerWorld, 'setup'>, asked: readonly Asked[]): string {
  const counted = new Map<string, number>();
  for (const { told } of asked) counted.set(told, (counted.get(told) ?? 0) + 1);
  const answers = [...counted].map(([told, count]) => (count === 1 ? told : `${told} (${String(count)} times)`));
  const { needsConsent } = world.setup.signals;
  const isServed = asked.at(-1)?.answer === 'served';
  const hint =
    isServed && needsConsent === undefined
      ? ' (if that says that a consent is needed, name it in signals.needsConsent)'
      : '';
  return `the application answered ${answers.join(', ')}${hint}`;
}

/** A new consent of the same customer, and a call with it. @throws CheckFailure where either fails */
export async function expectReconnect(world: PartnerWorld, { customer }: CustomerOfGrant): Promise<void> {
  const expected = 'a new consent to connect the customer again';
  let again: ConnectedCustomer;
  try {
    again = await world.finish(await world.hold(customer));
  } catch (error) {
    if (error instanceof HarnessFault) throw error;
    throw new CheckFailure(expected, error instanceof Error ? error.message : 'an error');
  }
  const { asked, isDone } = await askUntilServed(world, again);
  if (!isDone) throw new CheckFailure(expected, `connected, but then ${tellAnswers(world, asked)}`);
}
