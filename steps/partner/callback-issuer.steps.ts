import { Given, Then, When } from '@cucumber/cucumber';
import type { Evidence } from '../../reports/evidence.js';
import { CheckFailure, HarnessFault } from '../check-failure.js';
import { withParameter } from './altered-callback.js';
import { requestParameter } from './authorization-request.js';
import { judgeCrash } from './callback-answer.js';
import { codeUse, describeUse } from './code-use.js';
import type { HeldCallback, PartnerWorld } from './partner-world.js';

/** An issuer that no application knows. */
const strangeIssuer = 'https://emissor.exemplo.invalid';

async function deliverFrom(world: PartnerWorld, issuer: string | null): Promise<void> {
  const { customer, callbackUrl } = world.held.get();
  await judgeCrash(world, customer, await customer.deliver(withParameter(callbackUrl, 'iss', issuer)));
}

When('the response arrives with the issuer of nobody', async function (this: PartnerWorld) {
  await deliverFrom(this, strangeIssuer);
});

When('the response arrives without its issuer', async function (this: PartnerWorld) {
  await deliverFrom(this, null);
});

When('the response arrives with a slash after its issuer', async function (this: PartnerWorld) {
  await deliverFrom(this, `${new URL(this.held.get().callbackUrl).searchParams.get('iss') ?? ''}/`);
});

When('the response arrives with the address of the other bank as its issuer', async function (this: PartnerWorld) {
  await deliverFrom(this, (await this.bank.tenant.describe()).bs2.baseUrl);
});

Then('its code is sent to nobody', function (this: PartnerWorld) {
  const { code } = this.held.get();
  const { other } = this.run;
  this.judgeAfterWindow(() => {
    const use = codeUse(this.traffic, code);
    if (use.kind === 'never-sent') return null;
    const breach = { expected: 'a response of another issuer to be refused', actual: describeUse(use) };
    // With one bank alone there is nobody else whom its code could be sent to.
    return { finding: other === null ? ('warning' as const) : ('failed' as const), ...breach };
  });
});

Given('an authorization response of the other bank', async function (this: PartnerWorld) {
  this.foreign.set(await this.hold(await this.newCustomer(otherOf(this))));
});

function otherOf({ run }: PartnerWorld): NonNullable<PartnerWorld['run']['other']> {
  if (run.other === null) throw new HarnessFault('This check is for clients of both banks.');
  return run.other;
}

When('responses arrive as if the banks had been mixed up', async function (this: PartnerWorld) {
  const { customer, callbackUrl } = this.held.get();
  const other = this.foreign.get();
  const { redirectUri } = otherOf(this).setup;
  if (redirectUri !== this.setup.redirectUri) await customer.deliver(at(redirectUri, callbackUrl));
  // The customer began at this bank, and an attacker's page had them sent to the other one.
  const second = await this.hold(await this.newCustomer());
  const state = requestParameter(second.request, 'state');
  await second.customer.deliver(withParameter(other.callbackUrl, 'state', state));
});

/** The same response at another redirect URI. */
function at(redirectUri: string, callbackUrl: string): string {
  const url = new URL(redirectUri);
  const response = new URL(callbackUrl).searchParams;
  for (const name of ['code', 'iss', 'state']) {
    const value = response.get(name);
    if (value !== null) url.searchParams.set(name, value);
  }
  return url.href;
}

Then('no bank gets a code of the other', function (this: PartnerWorld) {
  const [own, foreign] = [this.held.get(), this.foreign.get()];
  this.judgeAfterWindow(() => judgeMixUp(this, own, foreign));
});

function judgeMixUp({ traffic, bank }: PartnerWorld, own: HeldCallback, foreign: HeldCallback): Evidence | null {
  const leaked =
    traffic.redemptionsOf(own.code).find((call) => call.bank !== bank.bank) ??
    traffic.redemptionsOf(foreign.code).find((call) => call.bank === bank.bank);
  if (leaked !== undefined) {
    const [to, of] = leaked.bank === 'bs2' ? ['BS2', 'BTG'] : ['BTG', 'BS2'];
    const actual = `a code of ${of} was sent to ${to}`;
    throw new CheckFailure('each code at the bank that gave it, if anywhere', actual);
  }
  const taken = codeUse(traffic, foreign.code);
  if (taken.kind !== 'never-sent') {
    const expected = 'a response of another bank than was asked to be refused';
    return { finding: 'warning', expected, actual: `its code was taken: ${describeUse(taken)}` };
  }
  const sent = codeUse(traffic, own.code);
  if (sent.kind === 'never-sent') return null;
  return {
    finding: 'info',
    actual: `a code that came to the redirect URI of the other bank went to its own: ${describeUse(sent)}`,
  };
}

When('the application is a client of both', function (this: PartnerWorld) {
  otherOf(this);
});

Then('each has a redirect URI of its own', function (this: PartnerWorld) {
  const { redirectUri } = otherOf(this).setup;
  if (redirectUri !== this.setup.redirectUri) return;
  throw new CheckFailure('a redirect URI for each bank', 'one for both, to which BS2 sends no iss');
});
