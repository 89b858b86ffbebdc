import { TransportError } from '../../client/transport-error.js';
import { CheckFailure, PrerequisiteFailure } from '../check-failure.js';
import type { BankCall } from './bank-call.js';
import type { LeewayRung } from './clock-leeway.js';
import type { Customer, Shown } from './customer.js';
import type { IdTokenFault } from './id-token-fault.js';
import { useOf, useWithinMs } from './id-token-use.js';
import type { WrongAnswer } from './id-token-use.js';
import { induceRefresh, shortLifetime } from './induced-refresh.js';
import type { PartnerWorld } from './partner-world.js';

/** A wrong answer that the application got for a customer, and had an occasion to use. */
export interface DeliveredAnswer extends WrongAnswer {
  readonly customer: Customer;
}

/** A delivered answer with what is wrong with its id_token. */
export interface WrongIdToken {
  readonly fault: IdTokenFault;
  readonly answer: DeliveredAnswer;
}

/** Delivered answers whose id_token is wrong in a time alone, with how wrong it is. */
export interface LeewayAnswers {
  readonly expired: readonly { readonly rung: LeewayRung; readonly answer: DeliveredAnswer }[];
  readonly ahead: readonly { readonly rung: LeewayRung; readonly answer: DeliveredAnswer }[];
}

const betweenCallsMs = 50;

/**
 * Connects a new customer whose code the bank answers with that alteration, and calls the API as the customer would:
 * tokens that were accepted are used then.
 *
 * @throws PrerequisiteFailure where the answer did not come about
 * @throws CheckFailure where the application leaves its customer without an answer over it
 */
export async function answerCode(world: PartnerWorld, alteration: string): Promise<DeliveredAnswer> {
  const held = await world.hold(await patientCustomer(world));
  const { customer, code } = held;
  const id = await world.fault({ at: 'btg.token', when: { code }, effect: { alter: alteration } });
  return withAnswer(world, id, async () => {
    const { redemption, grantId } = await world.finish(held);
    if (!redemption.faults.includes(id)) throw new PrerequisiteFailure('an altered answer', 'one that is not');
    const delivered: DeliveredAnswer = { customer, call: redemption, grantId, kind: 'redemption' };
    await callUntil(world, customer, useWithinMs(world.run.control), () => isUsed(world, delivered));
    return delivered;
  });
}

const noRefresh = 'id-token.no-refresh';

/**
 * Connects a new customer, and has the bank answer the next refresh of that grant with that alteration.
 *
 * @throws PrerequisiteFailure where the answer did not come about
 * @throws CheckFailure where the application leaves its customer without an answer over it
 */
export async function answerRefresh(world: PartnerWorld, alteration: string): Promise<DeliveredAnswer> {
  const { traffic, run } = world;
  const wanted = 'an application that refreshes';
  const known = run.found.get(noRefresh);
  // Each wait for a refresh that never comes is as long as the patience of the run.
  if (known !== undefined) throw new PrerequisiteFailure(wanted, known);
  await world.accessTokensLive(shortLifetime);
  const connected = await world.finish(await world.hold(await patientCustomer(world)));
  const { customer, grantId } = connected;
  // By its grant: who refreshes on a schedule may have another refresh token already.
  const when = { grant: grantId, grantType: 'refresh_token' };
  const id = await world.fault({ at: 'btg.token', when, effect: { alter: alteration } });
  return withAnswer(world, id, async () => {
    const { refresh } = await induceRefresh(world, connected);
    if (refresh === null) run.found.set(noRefresh, 'no refresh within the patience of this run');
    const isAltered = ({ faults }: BankCall): boolean => faults.includes(id);
    const call = refresh === null ? null : await traffic.until(isAltered, run.control.patienceMs);
    if (call === null) throw new PrerequisiteFailure(wanted, run.found.get(noRefresh) ?? 'no refresh but an early one');
    const delivered: DeliveredAnswer = { customer, call, grantId, kind: 'refresh' };
    await callUntil(world, customer, useWithinMs(run.control), () => isUsed(world, delivered));
    return delivered;
  });
}

const silence = 'id-token.silence';
/** Enough for the rest of the checks, once it is known that the application goes silent. */
const silentWithinMs = 1_000;

/** One whose user agent waits no longer than the run does. */
async function patientCustomer(world: PartnerWorld, again?: Customer): Promise<Customer> {
  const { found, control } = world.run;
  return world.newCustomer(world.run, found.has(silence) ? silentWithinMs : control.patienceMs, again);
}

/** An application that gives its customer no answer any more has fallen over what the bank sent it. */
async function withAnswer<T>(world: PartnerWorld, fault: string, talk: () => Promise<T>): Promise<T> {
  try {
    return await talk();
  } catch (error) {
    const isDelivered = world.traffic.calls.some(({ faults }) => faults.includes(fault));
    if (!(error instanceof TransportError) || !isDelivered) throw error;
    world.run.found.set(silence, 'the application went silent over an id_token');
    throw new CheckFailure('the application to answer its customer', 'no answer came when it had that id_token');
  }
}

/**
 * A customer whose connection was refused, or lost, must get one by connecting again. Whoever has one is left alone:
 * some applications do not connect twice.
 *
 * @throws CheckFailure
 */
export async function expectNextConnect(
  world: PartnerWorld,
  { customer, grantId, kind }: DeliveredAnswer,
): Promise<void> {
  const { login } = world.setup;
  const expected = 'the customer to be able to connect again';
  try {
    if (kind === 'refresh' && (await isServed(world, customer, grantId, 0))) return;
    const problem = await problemOfConnect(world, customer);
    if (problem === null) return;
    // To log somebody out over a wrong id_token is legal: they log in again then.
    const hasLogin = login.script !== null || login.requests.length > 0;
    if (hasLogin && (await problemOfConnect(world, await patientCustomer(world, customer))) === null) return;
    throw new CheckFailure(expected, problem);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw new CheckFailure(expected, 'the application does not answer');
  }
}

/** Why a customer cannot connect and call the API; null where they can. */
async function problemOfConnect(world: PartnerWorld, customer: Customer): Promise<string | null> {
  try {
    const { grantId } = await world.finish(await world.hold(customer));
    const isDone = await isServed(world, customer, grantId, world.run.control.patienceMs);
    return isDone ? null : 'the application connected them, and does not call the API for them';
  } catch (error) {
    if (!(error instanceof PrerequisiteFailure)) throw error;
    return error.actual;
  }
}

/** Whether calls for a customer reach the API with a token of that grant. */
async function isServed(world: PartnerWorld, customer: Customer, grant: string, withinMs: number): Promise<boolean> {
  const from = world.traffic.next;
  const isDone = (): boolean =>
    world.traffic
      .since(from)
      .some(({ endpoint, grantId, answer }) => endpoint === 'api' && grantId === grant && answer.status < 400);
  await callUntil(world, customer, withinMs, isDone);
  return isDone();
}

/** Whether the tokens of an answer have been used by now. */
export function isUsed({ traffic }: PartnerWorld, answer: WrongAnswer): boolean {
  return useOf(traffic.since(answer.call.number), answer) !== null;
}

/** Calls the API as a customer, and again until the call has had its effect or time is up. */
export async function callUntil(
  world: PartnerWorld,
  customer: Customer,
  withinMs: number,
  isDone: () => boolean,
): Promise<Shown> {
  const deadline = performance.now() + withinMs;
  let shown = await world.call({ customer });
  while (!isDone() && performance.now() < deadline) {
    await world.traffic.until(isDone, Math.min(betweenCallsMs, withinMs), world.traffic.next);
    if (!isDone()) shown = await world.call({ customer });
  }
  return shown;
}
