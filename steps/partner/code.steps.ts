import { Then, When } from '@cucumber/cucumber';
import { CheckFailure, expectThat, PrerequisiteFailure } from '../check-failure.js';
import { requestParameter } from './authorization-request.js';
import type { Breach } from './authorization-request.js';
import { isTokenRequest } from './bank-traffic.js';
import { isCrash } from './callback-answer.js';
import type { NewFault } from '../../mock-server/tenant-handle.js';
import { needControl } from './partner-hooks.steps.js';
import type { PartnerWorld } from './partner-world.js';
import {
  authenticationBreach,
  authenticationOf,
  bringsCode,
  formBreach,
  redirectUriBreach,
  verifierBreach,
} from './token-request.js';

// The control's own token request shows a breach even where the bank refused it, and the application got no further.

When('the application redeems a code', function (this: PartnerWorld) {
  const { connection, problem } = this.run.control;
  const code = connection.kind === 'callback' ? new URL(connection.callbackUrl).searchParams.get('code') : null;
  const redemption = code === null ? undefined : this.traffic.calls.find((call) => bringsCode(call, code));
  if (code === null || redemption === undefined || connection.request === null)
    throw new PrerequisiteFailure('a token request', problem ?? 'none');
  this.request.set(connection.request);
  this.redemption.set({ call: redemption, code });
});

function refuse(breach: Breach | null): void {
  if (breach !== null) throw new CheckFailure(breach.expected, breach.actual);
}

Then('its redirect URI is the one of the authorization request', function (this: PartnerWorld) {
  refuse(redirectUriBreach(this.redemption.get().call, this.request.get()));
  needControl();
});

Then('the client authenticates in one way', function (this: PartnerWorld) {
  const { call } = this.redemption.get();
  refuse(authenticationBreach(call));
  needControl();
  this.note({ finding: 'recorded', actual: authenticationOf(call) });
});

Then('it is a form by POST, with nothing in the address', function (this: PartnerWorld) {
  refuse(formBreach(this.redemption.get().call));
  needControl();
});

Then('it brings the verifier of the challenge', function (this: PartnerWorld) {
  const request = this.request.get();
  refuse(verifierBreach(this.redemption.get().call, request));
  if (requestParameter(request, 'code_challenge') === null)
    return this.notApplicable('the application does not use PKCE; partner.authorize.pkce says more');
  needControl();
  return undefined;
});

Then('the code is sent once', function (this: PartnerWorld) {
  const { code } = this.redemption.get();
  this.judgeAfterWindow(() => {
    const count = this.traffic.calls.filter((call) => bringsCode(call, code)).length;
    if (count > 1) throw new CheckFailure('a code to be sent once', `${String(count)} token requests with it`);
    return null;
  });
  needControl();
});

/** Brings a response, and waits for its token request. @throws PrerequisiteFailure */
async function redeem(world: PartnerWorld): Promise<void> {
  const { customer, callbackUrl, code } = world.held.get();
  const from = world.traffic.next;
  world.shown.set(await customer.deliver(callbackUrl));
  const sends = (call: Parameters<typeof isTokenRequest>[0]): boolean =>
    isTokenRequest(call) && call.form.get('code') === code;
  const redemption = await world.traffic.until(sends, world.run.control.patienceMs, from);
  if (redemption === null) throw new PrerequisiteFailure('a token request', 'none');
}

async function redeemWith(world: PartnerWorld, fault: Pick<NewFault, 'effect' | 'times'>): Promise<void> {
  const { code } = world.held.get();
  await world.fault({ at: `${world.bank.bank}.token`, when: { code }, ...fault });
  await redeem(world);
}

When('the answer to the token request is lost', async function (this: PartnerWorld) {
  await redeemWith(this, { times: 1, effect: { drop: 'after' } });
  const { status } = this.shown.get();
  if (isCrash(this.shown.get())) this.warn('an answer that says what to do', `status ${String(status)}, a crash`);
});

When('the bank refuses the code', async function (this: PartnerWorld) {
  await redeemWith(this, { times: 0, effect: { alter: `${this.bank.bank}.token-error.invalid-grant` } });
});

Then('the application does not crash', function (this: PartnerWorld) {
  const shown = this.shown.get();
  expectThat(!isCrash(shown), 'an answer that says what happened', `status ${String(shown.status)}, a crash`);
});
