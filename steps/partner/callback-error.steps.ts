import { Given, Then, When } from '@cucumber/cucumber';
import { parse } from 'node-html-parser';
import { CheckFailure, expectThat, PrerequisiteFailure } from '../check-failure.js';
import { withParameter } from './altered-callback.js';
import { grantTypeOf } from './bank-call.js';
import type { BankCall } from './bank-call.js';
import { expectConnect, isCrash, isSamePage } from './callback-answer.js';
import type { Shown } from './customer.js';
import { describeConnection } from './partner-world.js';
import type { PartnerWorld, Refusal } from './partner-world.js';

/** An error that no specification has. */
const strangeError = 'account_under_review';
const markId = 'homologa-markup';
/** Markup wherever it is written: in a text, an attribute, a title, a field or a script. */
const markup = `Recusado"'></title></textarea></script><b id="${markId}" onclick="x()">x</b>`;

Given('a customer who refused at the bank', async function (this: PartnerWorld) {
  this.refused.set(await refuseAtBank(this));
});

/** @throws PrerequisiteFailure */
async function refuseAtBank(world: PartnerWorld): Promise<Refusal> {
  const customer = await world.newCustomer();
  const connection = await customer.connect({ decision: 'deny' });
  if (connection.kind !== 'callback' || !new URL(connection.callbackUrl).searchParams.has('error'))
    throw new PrerequisiteFailure('the bank’s redirect with an error', describeConnection(connection));
  return { customer, request: connection.request, callbackUrl: connection.callbackUrl };
}

async function deliver(world: PartnerWorld, change: (callbackUrl: string) => string): Promise<void> {
  const { customer, callbackUrl } = world.refused.get();
  world.mark.set(world.traffic.next);
  world.shown.set(await customer.deliver(change(callbackUrl)));
}

When('the refusal is brought to the application', async function (this: PartnerWorld) {
  await deliver(this, (url) => url);
});

When('the error that is brought to the application is one that nobody knows', async function (this: PartnerWorld) {
  await deliver(this, (url) =>
    withParameter(withParameter(url, 'error', strangeError), 'error_description', 'Conta em análise'),
  );
});

When('the error is brought to the application without a state', async function (this: PartnerWorld) {
  await deliver(this, (url) => withParameter(url, 'state', null));
});

Then('the customer is told', function (this: PartnerWorld) {
  const shown = this.shown.get();
  expectThat(!isCrash(shown), 'an answer that says what happened', `status ${String(shown.status)}, a crash`);
  if (isSamePage(shown, this.run.control.callback))
    this.warn('an answer that says what happened', 'the page of a customer who is connected');
});

Then('the customer can connect afterwards', async function (this: PartnerWorld) {
  await expectConnect(this, (this.refused.isSet ? this.refused : this.held).get().customer);
});

Then('nothing was taken for a code', function (this: PartnerWorld) {
  // Asked for after the new connect, which gives a worker its time.
  const taken = this.traffic.since(this.mark.get()).find((call) => call.bank === this.bank.bank && lacksCode(call));
  if (taken === undefined) return;
  throw new CheckFailure(
    'no token request, since there is no code',
    `one with ${taken.form.has('code') ? 'something else in its place' : 'no code'}, answered ${String(taken.answer.status)}`,
  );
});

/** Codes are GUIDs or longer; `undefined`, `null` and the name of an error are not. */
function lacksCode(call: BankCall): boolean {
  if (grantTypeOf(call) !== 'authorization_code') return false;
  const code = call.form.get('code') ?? '';
  return code.length < 20 || code === strangeError;
}

When('errors are brought to the application with markup in their description', async function (this: PartnerWorld) {
  const { customer, callbackUrl } = this.refused.get();
  const described = withParameter(callbackUrl, 'error_description', markup);
  const strange = withParameter(described, 'error', strangeError);
  const another = await refuseAtBank(this);
  // A link from anywhere has no state of a customer: who opens it never connected.
  const somebody = await this.newCustomer();
  this.calls.set([
    await customer.deliver(strange),
    await another.customer.deliver(withParameter(another.callbackUrl, 'error_description', markup)),
    await somebody.deliver(withParameter(strange, 'state', null)),
  ]);
});

Then('no page has it as markup', function (this: PartnerWorld) {
  const marked = this.calls.get().findIndex(holdsMark);
  const where = marked === 2 ? 'a page that anybody’s link opens' : 'the page for the customer';
  expectThat(marked < 0, 'error_description as text, if at all', `its markup in ${where}`);
});

function holdsMark({ headers, body }: Shown): boolean {
  const type = headers.get('content-type') ?? 'text/html';
  if (!/html|xml/i.test(type)) return false;
  const page = parse(body, { blockTextElements: { script: true, style: true } });
  return page.querySelector(`#${markId}`) !== null;
}
