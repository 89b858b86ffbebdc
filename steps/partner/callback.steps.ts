import { Given, Then, When } from '@cucumber/cucumber';
import { CheckFailure } from '../check-failure.js';
import { alteredLastCharacter } from './altered-callback.js';
import { defendsByProof, wasUsed } from './code-use.js';
import { attackerName } from './partner-bank.js';
import type { PartnerWorld } from './partner-world.js';

Given('a customer who is on the way back from the bank', async function (this: PartnerWorld) {
  this.held.set(await this.hold(await this.newCustomer()));
});

Given('an attacker who has an authorization response of their own', async function (this: PartnerWorld) {
  this.attackers.set(await this.hold(await this.newCustomer(), { username: attackerName }));
});

When("the attacker's response is brought to the application by the customer", async function (this: PartnerWorld) {
  const { customer } = this.held.get();
  this.shown.set(await customer.deliver(this.attackers.get().callbackUrl));
  // What a customer does next: had the attacker's grant become theirs, it would serve them now.
  await this.call({ customer });
});

Then("the attacker's grant serves nobody but the attacker", function (this: PartnerWorld) {
  const { code } = this.attackers.get();
  this.judgeAfterWindow(() => {
    const use = wasUsed(this.traffic, code);
    if (use !== null) throw new CheckFailure('the attacker’s code not to become the customer’s grant', use);
    return null;
  });
});

When('the response arrives with another state', async function (this: PartnerWorld) {
  const { customer, callbackUrl } = this.held.get();
  const url = new URL(callbackUrl);
  const state = url.searchParams.get('state');
  if (state === null)
    return this.notApplicable('the application sends no state; partner.authorize.state-present judges that');
  url.searchParams.set('state', alteredLastCharacter(state));
  this.shown.set(await customer.deliver(url.href));
  return undefined;
});

Then('the code is not redeemed', function (this: PartnerWorld) {
  const { code, request } = this.held.get();
  this.judgeAfterWindow(() => {
    const [redemption] = this.traffic.redemptionsOf(code);
    if (redemption === undefined) return null;
    const actual = `it was sent to the token endpoint, which answered ${String(redemption.answer.status)}`;
    if (defendsByProof(request))
      return { finding: 'info', actual: `${actual}; PKCE or the nonce is what defends here` };
    throw new CheckFailure('the code not to be redeemed', actual);
  });
});
