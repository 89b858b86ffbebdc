import { Given, Then, When } from '@cucumber/cucumber';
import { CheckFailure, expectThat, PrerequisiteFailure } from '../check-failure.js';
import { alteredState, withMoreParameters } from './altered-callback.js';
import { askUntil, tellAnswers } from './ask-application.js';
import { isTokenRequest } from './bank-traffic.js';
import { isCrash, judgeCrash } from './callback-answer.js';
import { codeUse, describeUse } from './code-use.js';
import type { PartnerWorld } from './partner-world.js';

Given('a bank whose codes are long', async function (this: PartnerWorld) {
  const { bank, client } = this.bank;
  const effect = { alter: `${bank}.authorization-response.long-code` };
  await this.fault({ at: `${bank}.redirect`, when: { client: client.id }, times: 1, effect });
});

When('the response arrives', async function (this: PartnerWorld) {
  await arrive(this, this.held.get().callbackUrl);
});

When('the response arrives with parameters that nobody knows', async function (this: PartnerWorld) {
  const more = [
    ['session_state', 'f9e8d7.c6b5'],
    ['x_canal', 'conexão & teste'],
  ] as const;
  await arrive(this, withMoreParameters(this.held.get().callbackUrl, more));
});

/** Brings a response that has to be taken. @throws CheckFailure */
async function arrive(world: PartnerWorld, callbackUrl: string): Promise<void> {
  try {
    world.connected.set(await world.finish(world.held.get(), callbackUrl));
  } catch (error) {
    if (!(error instanceof PrerequisiteFailure)) throw error;
    const { code } = world.held.get();
    const isPart = (sent: string | null): boolean => sent !== null && sent.length > 8 && code.includes(sent);
    const isCut = world.traffic.calls.some((call) => isTokenRequest(call) && isPart(call.form.get('code')));
    const actual = isCut && world.traffic.redemptionsOf(code).length === 0 ? 'a part of it was sent' : error.actual;
    throw new CheckFailure('the code to be redeemed', actual);
  }
}

Then('the response is taken, and the customer served', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const { shown, code } = connected;
  expectThat(!isCrash(shown), 'a customer who is connected', `status ${String(shown.status)}, a crash`);
  // With whatever token of that consent: there are those that refresh before they call.
  const isUsed = (): boolean => codeUse(this.traffic, code).kind === 'used';
  const { asked, isDone } = await askUntil(this, connected, isUsed);
  expectThat(isDone, 'a call of the bank with a token of the new consent', `none; ${tellAnswers(this, asked)}`);
});

When('the response arrives with two codes', async function (this: PartnerWorld) {
  const { customer, callbackUrl, code } = this.held.get();
  const shown = await customer.deliver(withMoreParameters(callbackUrl, [['code', alteredState(code, null)]]));
  await judgeCrash(this, customer, shown);
});

Then('neither code is taken', function (this: PartnerWorld) {
  const { code } = this.held.get();
  this.judgeAfterWindow(() => {
    const expected = 'a response with two codes to be refused';
    const first = codeUse(this.traffic, code);
    if (first.kind !== 'never-sent')
      return { finding: 'warning', expected, actual: `the first was taken: ${describeUse(first)}` };
    const second = codeUse(this.traffic, alteredState(code, null));
    return second.kind === 'never-sent' ? null : { finding: 'warning', expected, actual: 'the second was taken' };
  });
});

Given('a customer who connected', async function (this: PartnerWorld) {
  this.connected.set(await this.connect());
});

When('the customer opens the same response again', async function (this: PartnerWorld) {
  const { customer, callbackUrl } = this.connected.get();
  const shown = await customer.deliver(callbackUrl);
  if (isCrash(shown)) this.warn('an answer that says what to do', `status ${String(shown.status)}, a crash`);
});

Then('the code is not sent again', function (this: PartnerWorld) {
  const { code } = (this.connected.isSet ? this.connected : this.held).get();
  this.judgeAfterWindow(() => {
    const count = this.traffic.redemptionsOf(code).length;
    if (count > 1) throw new CheckFailure('a code to be sent once', `${String(count)} token requests with it`);
    return null;
  });
});

Then('the customer stays connected', async function (this: PartnerWorld) {
  const shown = await this.call(this.connected.get());
  expectThat(this.serves(shown), 'a customer who is served as before', `status ${String(shown.status)}`);
});
