import { Given, Then, When } from '@cucumber/cucumber';
import { CheckFailure } from '../check-failure.js';
import { alteredState, cutState, withParameter } from './altered-callback.js';
import { requestParameter } from './authorization-request.js';
import { callWhenRedeemed } from './call-when-redeemed.js';
import { judgeCrash } from './callback-answer.js';
import { codeUse, describeUse } from './code-use.js';
import { judgeForeignCode } from './foreign-code.js';
import type { HeldCallback, PartnerWorld } from './partner-world.js';
import { holdAttacker } from './people.js';
import { perCheck } from './per-check.js';
import { proofOf } from './response-proof.js';

const statelessReason = 'the application sends no state; partner.authorize.state-present judges that';

Given('a customer who is on the way back from the bank', async function (this: PartnerWorld) {
  this.held.set(await this.hold(await this.newCustomer()));
});

Given('an attacker who has an authorization response of their own', async function (this: PartnerWorld) {
  this.attackers.set(await holdAttacker(this));
});

Given('a customer who connected by one of two responses', async function (this: PartnerWorld) {
  const customer = await this.newCustomer();
  const first = await this.hold(customer);
  const second = await this.hold(customer);
  this.held.set(first);
  this.connected.set(await this.finish(second));
});

When("the attacker's response is brought to the application by the customer", async function (this: PartnerWorld) {
  const { customer } = this.held.get();
  const { callbackUrl, code } = this.attackers.get();
  const shown = await customer.deliver(callbackUrl);
  callWhenRedeemed(this, code, [{ customer }]);
  await judgeCrash(this, customer, shown);
});

When('somebody who never connected brings it to the application', async function (this: PartnerWorld) {
  const attacker = this.attackers.get();
  if (attacker.separation === 'none')
    return this.notApplicable('the application has neither login nor cookies to tell people apart');
  const somebody = await this.newCustomer();
  const shown = await somebody.deliver(attacker.callbackUrl);
  callWhenRedeemed(this, attacker.code, [{ customer: somebody }, attacker]);
  await judgeCrash(this, somebody, shown);
  return undefined;
});

Then("the attacker's grant serves nobody but the attacker", function (this: PartnerWorld) {
  const { code, separation } = this.attackers.get();
  const hasNonce = this.bank.bank === 'btg' && requestParameter(this.held.get().request, 'nonce') !== null;
  this.judgeAfterWindow(() => judgeForeignCode(codeUse(this.traffic, code), { separation, hasNonce }));
});

Then('no grant comes of it', function (this: PartnerWorld) {
  const { code, separation } = this.attackers.get();
  // Who never connected has no nonce to compare; an application that redeems all the same may still find that out.
  const hasNonce = this.bank.bank === 'btg' && requestParameter(this.attackers.get().request, 'nonce') !== null;
  this.judgeAfterWindow(() => judgeForeignCode(codeUse(this.traffic, code), { separation, hasNonce }));
});

When('the response arrives with another state', async function (this: PartnerWorld) {
  const state = requestParameter(this.held.get().request, 'state');
  if (state === null) return this.notApplicable(statelessReason);
  const { request: controls } = this.run.control.connection;
  const other = controls === null ? null : requestParameter(controls, 'state');
  await deliverState(this, this.held.get(), alteredState(state, other));
  return undefined;
});

When('the response arrives without its state', async function (this: PartnerWorld) {
  const { customer, callbackUrl, request } = this.held.get();
  if (requestParameter(request, 'state') === null) return this.notApplicable(statelessReason);
  await judgeCrash(this, customer, await customer.deliver(withParameter(callbackUrl, 'state', null)));
  return undefined;
});

Then('the code is not redeemed', function (this: PartnerWorld) {
  judgeNotRedeemed(this, this.held.get());
});

/** Judges a code that came without the right state; `how` says with which one, before what became of it. */
function judgeNotRedeemed(world: PartnerWorld, { code, request }: HeldCallback, how = ''): void {
  const proof = proofOf(request, [world.run.control.connection.request], world.setup.idToken);
  world.judgeAfterWindow(() => {
    const use = codeUse(world.traffic, code);
    if (use.kind === 'never-sent') return null;
    const actual = `${how}${describeUse(use)}`;
    if (use.kind === 'refused') return { finding: 'recorded', actual };
    if (proof === null) throw new CheckFailure('the code not to be redeemed', actual);
    return { finding: 'info', actual: `${actual}; ${proof} is what defends here` };
  });
}

/** Responses with a part of their state, and which part it was. */
const shortened = perCheck<readonly { readonly held: HeldCallback; readonly how: string }[]>('shortened states');

When(
  'responses arrive with an empty state, and with the beginning of the right one',
  async function (this: PartnerWorld) {
    const withEmpty = this.held.get();
    if (requestParameter(withEmpty.request, 'state') === null) return this.notApplicable(statelessReason);
    await deliverState(this, withEmpty, '');
    // Another customer: a response that was refused may have ended what the first one had begun.
    const withBeginning = await this.hold(await this.newCustomer());
    const cut = cutState(
      requestParameter(withBeginning.request, 'state') ?? '',
      requestParameter(withEmpty.request, 'state'),
    );
    if (cut !== null) await deliverState(this, withBeginning, cut);
    shortened(this).set([
      { held: withEmpty, how: 'with an empty state ' },
      ...(cut === null ? [] : [{ held: withBeginning, how: 'with the beginning of the right state ' }]),
    ]);
    return undefined;
  },
);

async function deliverState(
  world: PartnerWorld,
  { customer, callbackUrl }: HeldCallback,
  state: string,
): Promise<void> {
  await judgeCrash(world, customer, await customer.deliver(withParameter(callbackUrl, 'state', state)));
}

Then('neither of their codes is redeemed', function (this: PartnerWorld) {
  for (const { held, how } of shortened(this).get()) judgeNotRedeemed(this, held, how);
});

When('the other response arrives with the state that was used', async function (this: PartnerWorld) {
  const { customer, callbackUrl, request, code } = this.held.get();
  const used = requestParameter(this.connected.get().request, 'state');
  if (used === null) return this.notApplicable(statelessReason);
  if (used === requestParameter(request, 'state'))
    return this.notApplicable(
      'each connect of a customer has the same state; partner.authorize.state-fresh judges that',
    );
  const shown = await customer.deliver(withParameter(callbackUrl, 'state', used));
  callWhenRedeemed(this, code, [{ customer }]);
  await judgeCrash(this, customer, shown);
  return undefined;
});

Then('its code becomes no grant', function (this: PartnerWorld) {
  const { code, request } = this.held.get();
  const proof = proofOf(request, [this.connected.get().request], this.setup.idToken);
  this.judgeAfterWindow(() => {
    const use = codeUse(this.traffic, code);
    if (use.kind === 'never-sent') return null;
    const actual = describeUse(use);
    if (use.kind === 'refused' || (use.kind === 'redeemed' && proof === 'nonce'))
      return { finding: 'recorded', actual };
    return { finding: 'warning', expected: 'a state that works once', actual };
  });
});
