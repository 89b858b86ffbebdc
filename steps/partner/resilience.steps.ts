import { defineParameterType, Then, When } from '@cucumber/cucumber';
import type { NewFault } from '../../mock-server/tenant-handle.js';
import { CheckFailure, HarnessFault, PrerequisiteFailure } from '../check-failure.js';
import { attempt, describeAttempt, tolerantly } from './attempt.js';
import type { BankCall } from './bank-call.js';
import { isTokenRequest } from './bank-traffic.js';
import type { Customer } from './customer.js';
import { apiCallsOf } from './grant-traffic.js';
import { shortLifetime } from './induced-refresh.js';
import { countRequests, judgeOutageRequests, untilQuiet } from './outage.js';
import type { OutageRequests } from './outage.js';
import type { ConnectedCustomer, PartnerWorld } from './partner-world.js';
import { perCheck } from './per-check.js';
import {
  callFor,
  canConnect,
  connectedAgain,
  isRunning,
  judgeRecovery,
  longestRecoveryMs,
  recover,
  separates,
} from './recovery.js';
import { endAccessToken, provokeRefresh } from './token-end.js';

const maintenance = '<!doctype html><title>Manutenção</title><h1>Serviço indisponível</h1>';

/** How the bank fails, and how long it asks to be left alone. */
interface Outage {
  readonly effect: NewFault['effect'];
  readonly retryAfterMs: number | null;
}

const outages: ReadonlyMap<string, Outage> = new Map([
  ['answers 500', { effect: { status: 500, body: maintenance }, retryAfterMs: null }],
  [
    'answers 503 with Retry-After',
    { effect: { status: 503, headers: { 'retry-after': '1' }, body: maintenance }, retryAfterMs: 1_000 },
  ],
  ['resets the connection', { effect: { drop: 'before' }, retryAfterMs: null }],
]);

defineParameterType({
  name: 'outage',
  regexp: [...outages.keys()].join('|'),
  transformer: (words: string): Outage => {
    const outage = outages.get(words);
    if (outage === undefined) throw new HarnessFault(`The bank has no outage in which it ${words}.`);
    return outage;
  },
});

/** An outage that is over, and whom the application should serve again. */
interface PassedOutage {
  readonly requests: readonly OutageRequests[];
  readonly connected: ConnectedCustomer;
  readonly failed: 'token endpoint' | 'API';
  /** Their access token was ended, and the application did not try to get another one. */
  readonly isOverForIt: boolean;
}

/** A recovery that takes no longer is waited for. */
const soonMs = 300;
const passedOutage = perCheck<PassedOutage>('an outage');

When('the token endpoint {outage} for a while', async function (this: PartnerWorld, outage: Outage) {
  const held = this.held.get();
  const at = `${this.bank.bank}.token` as const;
  const { effect, retryAfterMs } = outage;
  const { patienceMs } = this.run.control;
  // First for a code, then for a refresh of the same customer: an application may know one customer only.
  const ofCode = await this.fault({ at, when: { code: held.code }, times: 0, effect });
  const hasCode = (call: BankCall): boolean => isTokenRequest(call) && call.form.get('code') === held.code;
  const callback = await attempt(held.customer.deliver(held.callbackUrl), patienceMs);
  if ((await this.traffic.until(hasCode, patienceMs)) === null) {
    throw new PrerequisiteFailure('a token request that the bank could fail', describeAttempt(callback));
  }
  await untilQuiet(this.traffic, hasCode);
  const redemptions = countRequests('requests with the same code', this.traffic.redemptionsOf(held.code), retryAfterMs);
  await this.lift(ofCode);

  const connected = await connectedShortly(this, held.customer);
  const { refreshToken } = connected;
  const ofRefresh = await this.fault({ at, when: { refreshToken }, times: 0, effect });
  await endAccessToken(this, connected);
  const isRefreshOfTheirs = (call: BankCall): boolean => call.form.get('refresh_token') === refreshToken;
  await provokeRefresh(this, connected, isRefreshOfTheirs, connected.redemption.number);
  await untilQuiet(this.traffic, isRefreshOfTheirs);
  const sent = this.traffic.refreshesWith(refreshToken);
  await this.lift(ofRefresh);
  const refreshes = sent.length === 0 ? [] : [countRequests('refreshes', sent, retryAfterMs)];
  passedOutage(this).set({
    requests: [redemptions, ...refreshes],
    connected,
    isOverForIt: sent.length === 0,
    failed: 'token endpoint',
  });
});

/** The customer with an access token that soon ends; what follows it lives as long as usual. */
async function connectedShortly(world: PartnerWorld, customer: Customer): Promise<ConnectedCustomer> {
  const { tenant, bank } = world.bank;
  const { accessTokenLifetime } = (await tenant.settings.get())[bank];
  await world.accessTokensLive(shortLifetime);
  const connected = await connectedAgain(world, customer);
  await world.accessTokensLive(accessTokenLifetime);
  return connected;
}

When("the bank's API {outage} for a while", async function (this: PartnerWorld, outage: Outage) {
  const connected = this.connected.get();
  const { effect, retryAfterMs } = outage;
  const when = { grant: connected.grantId };
  const fault = await this.fault({ at: `${this.bank.bank}.api`, when, times: 0, effect });
  const { attempt: made, from } = await callFor(this, connected);
  const failed = (): readonly BankCall[] =>
    apiCallsOf(this.traffic, connected.grantId, from).filter(({ faults }) => faults.includes(fault));
  if (failed().length === 0) {
    throw new PrerequisiteFailure('a call of the API that the bank could fail', describeAttempt(made));
  }
  await untilQuiet(this.traffic, ({ faults }) => faults.includes(fault));
  const requests = [countRequests('calls of the API', failed(), retryAfterMs)];
  await this.lift(fault);
  passedOutage(this).set({ requests, connected, isOverForIt: false, failed: 'API' });
});

Then('the application does not storm the bank', function (this: PartnerWorld) {
  const found = judgeOutageRequests(passedOutage(this).get().requests);
  if (found.finding === 'failed') throw new CheckFailure(found.expected, found.actual);
  this.note(found);
});

Then('the customer is served when the bank works again', async function (this: PartnerWorld) {
  const { connected, isOverForIt, failed } = passedOutage(this).get();
  const mayGoOn = await separates(this, connected.customer);
  const recovery = recover(this, connected);
  this.judgeWhenDone(recovery, longestRecoveryMs, (came) => {
    if (came?.kind === 'not' && !isRunning(this)) {
      // What ended it is told by the check that was under way then.
      throw new PrerequisiteFailure('an application that goes on running', 'one that ended before it had recovered');
    }
    // One that never refreshes asks for another consent because a token is over, not because of the outage.
    const isItsWay = isOverForIt && came?.kind === 'consented' && came.wasAsked;
    return isItsWay ? null : judgeRecovery(came, failed);
  });
  const isSoonOver = Promise.race([tolerantly(recovery), new Promise((resolve) => setTimeout(resolve, soonMs, null))]);
  if ((await isSoonOver) !== null) return;
  // Later checks, which may fail the bank again, are to find an application that has recovered as a whole.
  const isWellAlready = mayGoOn && (await canConnect(this, await this.newCustomer()));
  if (!isWellAlready) await tolerantly(recovery);
});
