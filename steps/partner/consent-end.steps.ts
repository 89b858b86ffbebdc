import { Given, Then, When } from '@cucumber/cucumber';
import { CheckFailure, PrerequisiteFailure } from '../check-failure.js';
import { ask, askUntil, expectReconnect, tellAnswers } from './ask-application.js';
import type { Asked, AskedOften, CustomerOfGrant } from './ask-application.js';
import { judgeDeadToken, slowLoopMs } from './dead-token.js';
import type { PartnerWorld } from './partner-world.js';
import { isRefused, times } from './refresh-chain.js';
import { isRefreshOf, needGrantedRefresh, newestOf } from './customer-refreshes.js';
import { connectShortLived, endAccessToken, leaveRefreshToken, provokeRefresh } from './token-end.js';
import type { Provoked } from './token-end.js';

const askedForConsent = ({ answer }: Asked): boolean => answer === 'consent-asked';
const expectedConsent = 'the application to ask for a new consent';

Given('the customer revoked the consent at the bank', async function (this: PartnerWorld) {
  await this.bank.tenant.grants.delete(this.connected.get().grantId);
});

Given('the refresh token ended a second ago', async function (this: PartnerWorld) {
  await leaveRefreshToken(this, this.connected.get(), -2);
});

When('the application finds out', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const { refreshToken } = newestOf(this);
  this.refreshing.token.set(refreshToken);
  const isRefreshOfIt = isRefreshOf(this);
  const provoked = await provokeRefresh(
    this,
    connected,
    (call) => isRefreshOfIt(call) && isRefused(call),
    this.mark.get(),
  );
  if (provoked.found === null) {
    throw new PrerequisiteFailure(
      'an application that refreshes and is refused',
      `no refresh that the bank refused; ${tellAnswers(this, provoked.asked)}`,
    );
  }
  this.refreshing.asked.set(await goOnAsking(this, connected, provoked));
});

Then('it asks the customer for a new consent', function (this: PartnerWorld) {
  const { asked, isDone } = this.refreshing.asked.get();
  if (isDone) return;
  if (isAnsweredBeforehand(this, asked)) {
    this.inform(
      'callApi is answered before the work is done: whether the customer is asked for a consent cannot be seen',
    );
    return;
  }
  throw new CheckFailure(expectedConsent, tellAnswers(this, asked));
});

Then('the refused refresh token is left alone', function (this: PartnerWorld) {
  const refreshToken = this.refreshing.token.get();
  const until = { driven: this.refreshing.asked.get().driven, quietSinceMs: Date.now() };
  const { driving, control } = this.run;
  this.judgeAtEnd(
    () =>
      judgeDeadToken(this.traffic.refreshesWith(refreshToken), {
        ...until,
        toldSince: driving.timesToldSince(until.quietSinceMs),
      }),
    Math.max(control.windowMs, slowLoopMs),
  );
});

Then('a new consent connects the customer again', async function (this: PartnerWorld) {
  await expectReconnect(this, this.connected.get());
});

When('no answer to the refresh arrives', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  await endAccessToken(this, connected);
  const { refreshToken } = newestOf(this);
  this.refreshing.token.set(refreshToken);
  await this.fault({ at: `${this.bank.bank}.token`, when: { refreshToken }, times: 0, effect: { drop: 'after' } });
  const provoked = await provokeRefresh(this, connected, isRefreshOf(this), this.mark.get());
  needGrantedRefresh(this, provoked);
  this.refreshing.asked.set({ ...provoked, isDone: true });
});

Then('the refresh is repeated once at most', function (this: PartnerWorld) {
  const refreshToken = this.refreshing.token.get();
  const expected = 'a refresh without an answer to be repeated once at most';
  const { driven } = this.refreshing.asked.get();
  const toldAtMs = Date.now();
  const repeated = this.traffic.refreshesWith(refreshToken).length - 1;
  const told = `it was repeated ${times(repeated, 'time', 'times')} for ${times(driven, 'call', 'calls')}`;
  if (repeated > 3 * driven) throw new CheckFailure(expected, told);
  if (repeated > driven) this.warn(expected, told);
  this.judgeAfterWindow(() => {
    const more = this.traffic.refreshesWith(refreshToken).length - 1 - repeated;
    if (more < 3) return null;
    const seconds = Math.max(1, Math.round((Date.now() - toldAtMs) / 1000));
    const afterwards = `${told}, and ${times(more, 'time', 'times')} more in the ${String(seconds)} s that followed`;
    // A schedule that is set to a second for this run is no storm.
    if (more <= seconds + 2) return { finding: 'warning', expected, actual: afterwards };
    throw new CheckFailure(expected, afterwards);
  });
});

Then('after a single answer that was lost it asks for a new consent', async function (this: PartnerWorld) {
  const connected = await connectShortLived(this);
  this.connected.set(connected);
  await endAccessToken(this, connected);
  const { refreshToken } = newestOf(this);
  this.refreshing.token.set(refreshToken);
  await this.fault({ at: `${this.bank.bank}.token`, when: { refreshToken }, effect: { drop: 'after' } });
  const provoked = await provokeRefresh(this, connected, isRefreshOf(this), connected.redemption.number + 1);
  needGrantedRefresh(this, provoked);
  const after = await goOnAsking(this, connected, provoked);
  this.refreshing.asked.set(after);
  if (after.isDone) return;
  const hasTriedAgain = this.traffic.refreshesWith(refreshToken).some(isRefused);
  const last = after.asked.at(-1)?.answer;
  if (!hasTriedAgain && (last === 'unavailable' || isAnsweredBeforehand(this, after.asked))) {
    const seconds = Math.round(this.run.control.patienceMs / 1000);
    this.inform(`it waits after the loss: no second try within ${String(seconds)} s, and so no new consent yet`);
    return;
  }
  throw new CheckFailure(expectedConsent, tellAnswers(this, after.asked));
});

/** Asks on until the application asks for a consent, and twice more: one that found out need not find out again. */
async function goOnAsking(world: PartnerWorld, connected: CustomerOfGrant, before: Provoked): Promise<AskedOften> {
  const last = before.asked.at(-1);
  const isToldAlready = last !== undefined && askedForConsent(last);
  const until = isToldAlready
    ? { asked: [], driven: 0, isDone: true }
    : await askUntil(world, connected, askedForConsent);
  const more = until.isDone ? [await ask(world, connected), await ask(world, connected)] : [];
  return {
    asked: [...before.asked, ...until.asked, ...more],
    driven: before.driven + until.driven + more.length,
    isDone: until.isDone,
  };
}

/** An application that says "accepted" to everything and works later. */
function isAnsweredBeforehand({ run }: PartnerWorld, asked: readonly Asked[]): boolean {
  return run.control.call?.status === 202 && asked.at(-1)?.answer === 'served';
}
