import { Given, Then, When } from '@cucumber/cucumber';
import type { Evidence } from '../../reports/evidence.js';
import { CheckFailure, PrerequisiteFailure } from '../check-failure.js';
import { attempt, describeAttempt, tolerantly } from './attempt.js';
import type { Attempt } from './attempt.js';
import type { Customer } from './customer.js';
import type { PartnerWorld } from './partner-world.js';
import { perCheck } from './per-check.js';
import {
  callFor,
  canConnect,
  expectRunning,
  judgeRecovery,
  longestRecoveryMs,
  reconnect,
  recover,
} from './recovery.js';
import type { Recovery } from './recovery.js';
import { atOnceMs, judgeOthers, judgeStallEnd, stallMs } from './stall.js';
import type { StallEnd } from './stall.js';

Given('somebody who is on the way back from the bank and patient', async function (this: PartnerWorld) {
  this.held.set(await this.hold(await this.newCustomer(this.run, patientMs)));
});

Given('somebody whom the application serves and who is patient', async function (this: PartnerWorld) {
  this.others.set(await this.finish(await this.hold(await this.newCustomer(this.run, patientMs))));
});

/** Longer than the stall, so that it is the application which gives up. */
const patientMs = stallMs + 15_000;

/** Somebody for whom the bank does not answer. */
interface Stalled {
  readonly fault: string;
  readonly answer: Promise<Attempt>;
  readonly endsAtMs: number;
  /** Null at the API. */
  readonly code: string | null;
  readonly customer: Customer;
}

const othersMeanwhile = perCheck<Evidence | null>('how others fared');
const stalled = perCheck<Stalled>('somebody for whom the bank does not answer');

/** Waits until the bank holds a request. @throws PrerequisiteFailure where none came */
async function untilHeld(world: PartnerWorld, fault: string, answer: Promise<Attempt>): Promise<void> {
  const deadline = performance.now() + world.run.control.patienceMs;
  const isTaken = async (): Promise<boolean> => (await world.bank.tenant.faults.list()).every(({ id }) => id !== fault);
  while (!(await isTaken())) {
    if (performance.now() > deadline) {
      const given = await Promise.race([answer, Promise.resolve(null)]);
      const actual = given === null ? 'none' : describeAttempt(given);
      throw new PrerequisiteFailure('a request that the bank could leave without an answer', actual);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

When('the token endpoint does not answer for their code', async function (this: PartnerWorld) {
  const { code, customer, callbackUrl } = this.held.get();
  const effect = { delay: `PT${String(stallMs / 1000)}S` };
  const fault = await this.fault({ at: `${this.bank.bank}.token`, when: { code }, times: 1, effect });
  const endsAtMs = performance.now() + stallMs;
  const answer = attempt(customer.deliver(callbackUrl), patientMs);
  await untilHeld(this, fault, answer);
  stalled(this).set({ fault, answer, endsAtMs, code, customer });
});

When("the bank's API does not answer for them", async function (this: PartnerWorld) {
  const { grantId, customer } = this.others.get();
  const effect = { delay: `PT${String(stallMs / 1000)}S` };
  const fault = await this.fault({ at: `${this.bank.bank}.api`, when: { grant: grantId }, times: 1, effect });
  const endsAtMs = performance.now() + stallMs;
  const answer = attempt(this.call({ customer }), patientMs);
  await untilHeld(this, fault, answer);
  stalled(this).set({ fault, answer, endsAtMs, code: null, customer });
});

Then('others are served meanwhile', async function (this: PartnerWorld) {
  const { endsAtMs, answer } = stalled(this).get();
  const other = this.connected.get();
  const called = await callFor(this, other, endsAtMs - performance.now());
  const found = judgeOthers(called, this.run.control.patienceMs);
  if (found?.finding === 'failed') {
    await answer;
    throw new CheckFailure(found.expected, found.actual);
  }
  othersMeanwhile(this).set(found);
});

Then('the application gives up in the end', async function (this: PartnerWorld) {
  const { code } = stalled(this).get();
  const end = stallEnd(this, stalled(this).get());
  this.judgeWhenDone(end, patientMs + longestRecoveryMs, (came): Evidence => {
    expectRunning(this);
    if (came === null)
      throw new CheckFailure('the application to give up and to recover', 'it does not come to an end');
    const found = judgeStallEnd(came);
    if (found.finding === 'failed') return found;
    return (
      judgeRecovery(came.recovery, code === null ? 'API' : 'token endpoint') ?? othersMeanwhile(this).get() ?? found
    );
  });
  // Later checks are not to suffer from this one.
  if (!(await canConnect(this, await this.newCustomer()))) await tolerantly(end);
});

/** Waits for the end of a stall; then the bank answers, whoever still listens, and the customer tries again. */
async function stallEnd(
  world: PartnerWorld,
  { answer, code, endsAtMs, fault, customer }: Stalled,
): Promise<StallEnd & { readonly recovery: Recovery }> {
  const given = await answer;
  // Behind an answer that comes at once somebody else may be waiting for the bank.
  const leftMs = code !== null && given.afterMs < atOnceMs ? endsAtMs - performance.now() : 0;
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, leftMs)));
  const redemptions = code === null ? [] : world.traffic.redemptionsOf(code);
  // The request that the bank held is no repetition.
  const resent = redemptions.filter(({ faults }) => !faults.includes(fault)).length;
  await world.lift(fault);
  const recovery = code === null ? await recover(world, world.others.get()) : await recoverByConsent(world, customer);
  return { answer: given, resent, recovery };
}

async function recoverByConsent(world: PartnerWorld, customer: Customer): Promise<Recovery> {
  const outcome = await reconnect(world, customer);
  if (typeof outcome !== 'string') return recover(world, outcome);
  return { kind: outcome, wasAsked: false, last: 'no page that says that they are connected' };
}
