import { Given, Then, When } from '@cucumber/cucumber';
import type { NewFault } from '../../mock-server/tenant-handle.js';
import { CheckFailure, HarnessFault, PrerequisiteFailure } from '../check-failure.js';
import { attempt, describeAttempt, isPlainCrash } from './attempt.js';
import type { BankCall } from './bank-call.js';
import { judgeCompany } from './company-change.js';
import type { CompanyChange } from './company-change.js';
import { loginKind, namesCustomer } from './customer-placeholder.js';
import { judgeSeparation } from './customer-separation.js';
import type { CustomerUses } from './customer-separation.js';
import { isRefreshOf } from './customer-refreshes.js';
import { apiCallsOf, refreshesOf } from './grant-traffic.js';
import { otherCustomerName } from './partner-bank.js';
import type { ConnectedCustomer, PartnerWorld } from './partner-world.js';
import { perCheck } from './per-check.js';
import { asksForConsent, callFor, expectReconnects, judgeRecovery, recover } from './recovery.js';
import type { CallForCustomer } from './recovery.js';
import { judgeRefusedAlways, judgeRefusedOnce } from './refused-token.js';
import { placeOfToken } from './token-place.js';

/** What the bank says of a token in JSON, where it does not say so in plain text. */
const jsonRefusal = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  body: '{"error":"invalid_token","error_description":"The access token provided is expired or revoked"}',
};

/** A call that the bank refused, with the fault that made it do so. */
interface RefusedCall extends CallForCustomer {
  readonly fault: string;
  /** The number of the bank's next request when the application had answered. */
  readonly until: number;
}

const separations = perCheck<{ readonly uses: readonly CustomerUses[]; readonly isOneUser: boolean }>('two customers');
const companyChanges = perCheck<CompanyChange>('a consent for another company');
const refusedCalls = perCheck<RefusedCall>('a call that the bank refused');

/** A refusal that lasts until the token is renewed; who renews it before each call is refused once. */
function refusalOf(
  { run }: PartnerWorld,
  { accessToken, grantId }: ConnectedCustomer,
): Pick<NewFault, 'when' | 'times'> {
  const { apiCall, redemption } = run.control;
  const renewsFirst = apiCall !== null && apiCall.bearer !== redemption?.tokens?.accessToken;
  return renewsFirst ? { when: { grant: grantId }, times: 1 } : { when: { accessToken }, times: 0 };
}

/** Makes the application call for a customer while the bank refuses. @throws PrerequisiteFailure where it did not get to that */
async function callRefused(
  world: PartnerWorld,
  connected: ConnectedCustomer,
  effect: NewFault['effect'],
  { when, times }: Pick<NewFault, 'when' | 'times'> = refusalOf(world, connected),
): Promise<RefusedCall> {
  const fault = await world.fault({ at: `${world.bank.bank}.api`, when, times, effect });
  const call = await callFor(world, connected);
  if (!apiCallsOf(world.traffic, connected.grantId, call.from).some(({ faults }) => faults.includes(fault))) {
    throw new PrerequisiteFailure('a call of the API that the bank could refuse', describeAttempt(call.attempt));
  }
  return { ...call, fault, until: world.traffic.next };
}

Given('an application that got an access token', function (this: PartnerWorld) {
  const { redemption, problem } = this.run.control;
  if (redemption?.tokens?.accessToken == null) {
    throw new PrerequisiteFailure('an application that got an access token', problem ?? 'none');
  }
});

Given('a customer whom the application serves', async function (this: PartnerWorld) {
  this.connected.set(await this.connect());
});

Given('another customer whom the application serves', async function (this: PartnerWorld) {
  this.others.set(await this.connect({ username: otherCustomerName }));
});

When("it calls the bank's API", function (this: PartnerWorld) {
  this.mark.set(this.run.control.redemption?.number ?? 0);
});

Then('the access token is sent as Bearer in the Authorization header alone', function (this: PartnerWorld) {
  const { grantId } = this.run.control.redemption ?? {};
  const tokens = this.traffic.tokenRequestsOf(grantId ?? '').flatMap(({ tokens }) => tokens?.accessToken ?? []);
  const places = this.traffic
    .since(this.mark.get() + 1)
    .filter(({ endpoint }) => endpoint !== 'token' && endpoint !== 'revoke')
    .flatMap((call) => tokens.flatMap((token) => placeOfToken(call, token) ?? []));
  if (places.length === 0) throw new PrerequisiteFailure('a call of the API with the token', 'none with it anywhere');
  const strays = [...new Set(places.flatMap(({ elsewhere }) => elsewhere))];
  if (strays.length === 0) return;
  const isAlsoBearer = places.every(({ isBearer }) => isBearer);
  throw new CheckFailure(
    'the access token as Bearer in the Authorization header, and nowhere else',
    `it is in ${strays.join(' and ')}${isAlsoBearer ? ' too' : ''}`,
  );
});

When('the bank refuses their access token', async function (this: PartnerWorld) {
  refusedCalls(this).set(await callRefused(this, this.connected.get(), { alter: 'api.unauthorized' }));
});

Then('the token is renewed once and the customer is served', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const { attempt: first, isServed, from } = refusedCalls(this).get();
  // Some renew it behind the answer, so that the next call is served.
  if (!isServed) await this.traffic.until(isRefreshOf(this), this.run.control.windowMs, from);
  const next = isServed ? null : await callFor(this, connected);
  const refreshes = refreshesOf(this.traffic, connected.grantId, from).length;
  if (next?.isServed === false) await expectReconnects(this, connected.customer);
  const found = judgeRefusedOnce({ first, isServedAtOnce: isServed, isServedNext: next?.isServed ?? null, refreshes });
  if (found !== null) this.note(found);
});

When('the bank refuses every access token of theirs', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const always = { when: { grant: connected.grantId }, times: 0 };
  refusedCalls(this).set(await callRefused(this, connected, { alter: 'api.unauthorized' }, always));
});

Then('the application does not go on renewing it', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const { attempt: call, from } = refusedCalls(this).get();
  await expectReconnects(this, connected.customer);
  this.judgeAfterWindow(() =>
    judgeRefusedAlways({
      call,
      refreshes: refreshesOf(this.traffic, connected.grantId, from).length,
      apiCalls: apiCallsOf(this.traffic, connected.grantId, from).length,
    }),
  );
});

Then('the plain text is understood as well as JSON would be', async function (this: PartnerWorld) {
  const inText = refusedCalls(this).get();
  if (inText.isServed) return;
  const inJson = await callRefused(this, await this.connect(), jsonRefusal);
  const expected = 'the plain text "Invalid token" to be taken for a refused token';
  const actual = `the customer got ${describeAttempt(inText.attempt)}`;
  if (inJson.isServed) throw new CheckFailure(expected, `${actual}; a refusal in JSON leads to a new token`);
  if (isPlainCrash(inText.attempt) && !isPlainCrash(inJson.attempt)) this.warn(expected, `${actual}, which is a crash`);
  else this.inform(`the application renews no token that is refused, in whatever words; ${actual}`);
});

When('the bank forbids their calls', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const always = { when: { grant: connected.grantId }, times: 0 };
  refusedCalls(this).set(await callRefused(this, connected, { alter: 'api.forbidden' }, always));
});

When('the bank says that their consent lacks a scope', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const always = { when: { grant: connected.grantId }, times: 0 };
  refusedCalls(this).set(await callRefused(this, connected, { alter: 'api.insufficient-scope' }, always));
});

Then('no token is renewed for it', function (this: PartnerWorld) {
  const { grantId } = this.connected.get();
  const { from, until, fault } = refusedCalls(this).get();
  const refusedAt = apiCallsOf(this.traffic, grantId, from).find(({ faults }) => faults.includes(fault))?.number ?? 0;
  // Only what lies between the refusal and the answer to the customer is a consequence of it; others refresh by the clock.
  const renewals = refreshesOf(this.traffic, grantId, refusedAt).filter(({ number }) => number < until);
  if (renewals.length === 0) return;
  throw new CheckFailure(
    'a 403 to be told to the customer, since a new token would not change it',
    `${String(renewals.length)} ${renewals.length === 1 ? 'refresh' : 'refreshes'} because of it`,
  );
});

Then('the customer is served again when the bank allows it', async function (this: PartnerWorld) {
  await this.lift(refusedCalls(this).get().fault);
  const recovery = await recover(this, this.connected.get());
  // A refusal of this kind may well be answered by asking for another consent.
  const found = recovery.kind === 'consented' && recovery.wasAsked ? null : judgeRecovery(recovery, 'API');
  if (found?.finding === 'failed') throw new CheckFailure(found.expected, found.actual);
  if (found !== null) this.note(found);
});

Then('the customer is told that the consent does not reach that far', function (this: PartnerWorld) {
  const { attempt: told } = refusedCalls(this).get();
  const expected = 'the customer to be told that a new consent is needed';
  if (told.kind !== 'answered') throw new CheckFailure(expected, describeAttempt(told));
  if (told.shown.status < 400) this.warn(expected, `they got ${describeAttempt(told)}, as if the bank had answered`);
  else if (!asksForConsent(this, told))
    this.inform(`the customer got ${describeAttempt(told)}, which does not ask for a new consent`);
});

When('both call, one after the other and at once', async function (this: PartnerWorld) {
  const [one, other] = [this.connected.get(), this.others.get()];
  const kind = loginKind(this.setup);
  const isTold = kind !== 'nobody' || this.setup.callApi.every(namesCustomer);
  if (!isTold && (await one.customer.cookieNames()).length === 0) {
    return this.notApplicable('the application has no sessions: it knows one customer only');
  }
  const usesOf = async (who: string, calls: readonly ConnectedCustomer[]): Promise<CustomerUses[]> => {
    const from = this.traffic.next;
    await Promise.all(calls.map((caller) => callFor(this, caller)));
    const used = ({ grantId }: ConnectedCustomer): number => apiCallsOf(this.traffic, grantId, from).length;
    const [own, foreign] = [used(one), used(other)];
    const uses: CustomerUses[] = [
      { who: `the first customer${who}`, own, foreign },
      { who: `the second customer${who}`, own: foreign, foreign: own },
    ];
    return uses.filter((_uses, index) => calls.includes(index === 0 ? one : other));
  };
  const uses: CustomerUses[] = [];
  for (const caller of [one, other, one]) uses.push(...(await usesOf('', [caller])));
  uses.push(...(await usesOf(' at the same time', [one, other, other, one])));
  separations(this).set({ uses, isOneUser: kind === 'one-user' });
  return undefined;
});

Then('each is served with their own consent', function (this: PartnerWorld) {
  const { uses, isOneUser } = separations(this).get();
  const found = judgeSeparation(uses, isOneUser);
  if (found?.finding === 'failed') throw new CheckFailure(found.expected, found.actual);
  if (found !== null) this.note(found);
});

When('a customer consents for another company than the application works for', async function (this: PartnerWorld) {
  const expected = this.bank.placeholders.get('bank.accountsEndpoint') ?? '';
  const other = this.bank.tenant.user?.companies.find(({ cnpj }) => !expected.includes(cnpj));
  if (other === undefined) throw new HarnessFault('The customer of a run has one company only.');
  await this.settings({ btg: { companies: 'linked' } });
  const held = await this.hold(await this.newCustomer(), { company: other.cnpj });
  const from = this.traffic.next;
  const callback = await attempt(held.customer.deliver(held.callbackUrl), this.run.control.patienceMs);
  const isOfCode = (call: BankCall): boolean => call.form.get('code') === held.code;
  const redemption = await this.traffic.until(isOfCode, this.run.control.patienceMs, from);
  const grantId = redemption?.grantId ?? '';
  const call = await callFor(this, { customer: held.customer, grantId });
  companyChanges(this).set({ callback, call: call.attempt, apiCalls: apiCallsOf(this.traffic, grantId, from) });
});

Then('the application notices it', function (this: PartnerWorld) {
  const found = judgeCompany(companyChanges(this).get());
  if (found?.finding === 'failed') throw new CheckFailure(found.expected, found.actual);
  if (found !== null) this.note(found);
});
