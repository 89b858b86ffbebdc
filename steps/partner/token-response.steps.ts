import { defineParameterType, Then, When } from '@cucumber/cucumber';
import type { NewFault } from '../../mock-server/tenant-handle.js';
import { CheckFailure, HarnessFault, PrerequisiteFailure } from '../check-failure.js';
import { attempt, describeAttempt, isPlainCrash } from './attempt.js';
import type { Attempt } from './attempt.js';
import type { BankCall } from './bank-call.js';
import type { Shown } from './customer.js';
import { loginKind } from './customer-placeholder.js';
import type { PartnerWorld } from './partner-world.js';
import { perCheck } from './per-check.js';
import { asksForConsent, callFor, expectReconnects } from './recovery.js';
import { callsWithoutToken, tokenPartIn } from './token-answer-use.js';

const answers: ReadonlyMap<string, NewFault['effect']> = new Map([
  ['has members that nobody knows', { alter: 'token-response.unknown-members' }],
  ['spells the type bEARER', { alter: 'token-response.token-type-case' }],
  ['lacks scope', { alter: 'token-response.scope-missing' }],
  ['lacks expires_in', { alter: 'token-response.expires-in-missing' }],
  ['names the type mac', { alter: 'token-response.token-type-unknown' }],
  ['is a page', { alter: 'token-response.html' }],
  ['is empty', { alter: 'token-response.empty' }],
  ['is cut in half', { truncate: true }],
]);

defineParameterType({
  name: 'tokenAnswer',
  regexp: [...answers.keys()].join('|'),
  transformer: (words: string): NewFault['effect'] => {
    const effect = answers.get(words);
    if (effect === undefined) throw new HarnessFault(`There is no token answer that ${words}.`);
    return effect;
  },
});

/** A redemption whose answer was another than usual, and what the customer then got. */
interface AnsweredRedemption {
  readonly redemption: BankCall;
  readonly callback: Attempt;
  readonly call: Attempt;
  readonly isServed: boolean;
  /** The bank's requests from the callback up to the answer of the first call. */
  readonly from: number;
  readonly until: number;
}

const answered = perCheck<AnsweredRedemption>('a redemption with an unusual answer');
const mostCalls = 3;
const betweenCallsMs = 200;

function isPendingAttempt(world: PartnerWorld, made: Attempt): boolean {
  return made.kind === 'answered' && world.isPending(made.shown);
}

When('the token answer {tokenAnswer}', async function (this: PartnerWorld, effect: NewFault['effect']) {
  const { customer, code, callbackUrl } = this.held.get();
  const { patienceMs } = this.run.control;
  const fault = await this.fault({ at: `${this.bank.bank}.token`, when: { code }, times: 1, effect });
  const from = this.traffic.next;
  const callback = await attempt(customer.deliver(callbackUrl), patienceMs);
  const redemption = await this.traffic.until((call) => call.form.get('code') === code, patienceMs, from);
  if (redemption?.faults.includes(fault) !== true) {
    throw new PrerequisiteFailure('a token request that could be answered so', describeAttempt(callback));
  }
  const grantId = redemption.grantId ?? '';
  let { attempt: call, isServed } = await callFor(this, { customer, grantId });
  // Who redeems behind the callback's answer may need a moment more, and says so or not.
  const deadline = performance.now() + patienceMs;
  const mayYetBe = (calls: number): boolean =>
    (calls < mostCalls && redemption.tokens !== null) || (isPendingAttempt(this, call) && performance.now() < deadline);
  for (let calls = 1; !isServed && mayYetBe(calls); calls += 1) {
    await new Promise((resolve) => setTimeout(resolve, betweenCallsMs));
    ({ attempt: call, isServed } = await callFor(this, { customer, grantId }));
  }
  answered(this).set({ redemption, callback, call, isServed, from, until: this.traffic.next });
});

const servedWith = 'the customer to be served with the tokens of that answer';

function whatTheyGot({ callback, call }: AnsweredRedemption): string {
  return `they got ${describeAttempt(callback)} at the callback and ${describeAttempt(call)} after it`;
}

Then('the application serves the customer with its tokens', function (this: PartnerWorld) {
  const came = answered(this).get();
  if (!came.isServed) throw new CheckFailure(servedWith, whatTheyGot(came));
});

Then('the application had better serve the customer with its tokens', async function (this: PartnerWorld) {
  const came = answered(this).get();
  if (came.isServed) return;
  await expectReconnects(this, this.held.get().customer);
  this.warn(servedWith, whatTheyGot(came));
});

Then('the application had better not use its tokens', function (this: PartnerWorld) {
  const accessToken = answered(this).get().redemption.tokens?.accessToken ?? '';
  this.judgeAfterWindow(() => {
    if (this.traffic.usesOf(accessToken).length === 0) return null;
    const expected = 'a token of a type that is not Bearer not to be used as one';
    return { finding: 'warning', expected, actual: 'it was sent to the API as a Bearer token' };
  });
});

/**
 * Whether the customer was told that it had worked, and then neither served nor asked for a new consent, nor treated as
 * one who never connected.
 */
async function isTakenForConnected(world: PartnerWorld, { callback, call }: AnsweredRedemption): Promise<boolean> {
  const usual = world.run.control.callback;
  if (callback.kind !== 'answered' || usual === null || asksForConsent(world, call)) return false;
  // A stranger of a list may have consented before.
  if (loginKind(world.setup) === 'users-in-turn') return false;
  const pathOf = ({ url }: Shown): string => new URL(url).pathname;
  const isUsual = callback.shown.status === usual.status && pathOf(callback.shown) === pathOf(usual);
  if (!isUsual || usual.status >= 400) return false;
  const stranger = await attempt(world.call({ customer: await world.newCustomer() }), world.run.control.patienceMs);
  return describeAttempt(stranger) !== describeAttempt(call);
}

Then('the application takes nothing in it for a token', async function (this: PartnerWorld) {
  const came = answered(this).get();
  const { redemption, callback, from, until } = came;
  const expected = 'an answer without tokens to be an error';
  const part = tokenPartIn(redemption.answer.body);
  const parts = part === null ? [] : [part];
  const mistaken = callsWithoutToken(this.traffic.since(from).slice(0, until - from), this.traffic, parts);
  if (mistaken.length > 0) {
    const sent = mistaken.some(({ bearer }) => bearer !== null && bearer === part);
    throw new CheckFailure(
      expected,
      `the API was called with ${sent ? 'what could be read of the token' : 'something in it that is no token'}`,
    );
  }
  if (await isTakenForConnected(this, came)) {
    throw new CheckFailure(expected, `${whatTheyGot(came)}: for the application they are connected`);
  }
  if (isPlainCrash(callback))
    this.warn(`${expected}, which the customer is told`, `they got ${describeAttempt(callback)}`);
  if (part === null) return;
  this.judgeAfterWindow(() => {
    if (this.traffic.usesOf(part).length === 0) return null;
    throw new CheckFailure(expected, 'the API was called with what could be read of the token');
  });
});

Then('the customer can connect once more', async function (this: PartnerWorld) {
  await expectReconnects(this, this.held.get().customer);
});
