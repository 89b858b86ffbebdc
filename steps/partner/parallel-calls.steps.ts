import { Then, When } from '@cucumber/cucumber';
import { parseDuration } from '../../foundation/iso-duration.js';
import { CheckFailure } from '../check-failure.js';
import { ask, askUntilServed, tellAnswers } from './ask-application.js';
import type { Asked, CustomerOfGrant } from './ask-application.js';
import type { BankCall } from './bank-call.js';
import { shortLifetime } from './induced-refresh.js';
import type { ConnectedCustomer, PartnerWorld } from './partner-world.js';
import { newestTokens, tellRefreshes, times } from './refresh-chain.js';
import { isRefreshOf, needGrantedRefresh, newestOf } from './customer-refreshes.js';
import { connectShortLived, endAccessToken, provokeRefresh } from './token-end.js';

const callsAtOnce = 20;
/** So long that calls which find the token dead meet in the midst of the first refresh. */
const refreshTakes = 'PT0.3S';
/** How long an application gets to refresh once more where a call has to bring it to. */
const nextRefreshMs = 1_000;
const isServed = ({ answer }: Asked): boolean => answer === 'served';

When('the access token has ended and 20 calls come at once', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  let asked = await callAtOnce(this, connected);
  if (!asked.every(isServed) && !this.traffic.since(this.mark.get()).some(isRefreshOf(this))) {
    // An application that goes by expires_in alone learns of the end when that has passed.
    await untilExpired(connected);
    asked = await callAtOnce(this, connected);
  }
  this.refreshing.asked.set({ asked, driven: asked.length, isDone: asked.every(isServed) });
});

async function callAtOnce(world: PartnerWorld, connected: ConnectedCustomer): Promise<readonly Asked[]> {
  const { bank, tenant } = world.bank;
  await endAccessToken(world, connected);
  const { refreshToken } = newestOf(world);
  const fault = await world.fault({
    at: `${bank}.token`,
    when: { refreshToken },
    times: 0,
    effect: { delay: refreshTakes },
  });
  world.mark.set(world.traffic.next);
  const asked = await Promise.all(Array.from({ length: callsAtOnce }, (_, index) => ask(world, connected, index)));
  await tenant.faults.delete(fault);
  return asked;
}

async function untilExpired({ redemption }: ConnectedCustomer): Promise<void> {
  const elapsedMs = Date.now() - redemption.answeredAtMs;
  await new Promise((resolve) => setTimeout(resolve, parseDuration(shortLifetime) - elapsedMs + 50));
}

Then('every call is served', async function (this: PartnerWorld) {
  const { asked, isDone } = this.refreshing.asked.get();
  const connected = this.connected.get();
  const refreshes = (): readonly BankCall[] => this.traffic.since(this.mark.get()).filter(isRefreshOf(this));
  const expected = `all of ${String(callsAtOnce)} calls at once to be served`;
  if (!isDone) {
    const told = `${tellAnswers(this, asked)}; ${tellRefreshes(refreshes())}`;
    const reason = refreshes().length > 1 ? null : await unrelatedReason(this);
    if (reason !== null) return this.notApplicable(reason);
    throw new CheckFailure(expected, told);
  }
  const atOnce = refreshes();
  const after = await askUntilServed(this, connected);
  if (!after.isDone) {
    throw new CheckFailure(expected, `afterwards ${tellAnswers(this, after.asked)}; ${tellRefreshes(refreshes())}`);
  }
  // Where the application answers before it works, what followed belongs to the calls.
  const counted = this.run.control.call?.status === 202 ? refreshes() : atOnce;
  if (counted.length > 1) this.warn('one refresh for all calls that find the token dead', tellRefreshes(counted));
  return undefined;
});

/** Why calls at once failed where it was not for refreshes that met; null where it was. */
async function unrelatedReason(world: PartnerWorld): Promise<string | null> {
  const single = await connectShortLived(world);
  await untilExpired(single);
  await endAccessToken(world, single);
  if (!isServed(await ask(world, single))) {
    world.connected.set(single);
    needGrantedRefresh(world, await provokeRefresh(world, single, isRefreshOf(world), single.redemption.number + 1));
    return 'no call makes the application refresh: it does so on a schedule of its own';
  }
  const living = await world.connect();
  const asked = await Promise.all(Array.from({ length: callsAtOnce }, (_, index) => ask(world, living, index)));
  const served = asked.filter(isServed).length;
  return served === callsAtOnce
    ? null
    : `of ${String(callsAtOnce)} calls at once only ${String(served)} are served even with a token that works`;
}

Then('the refresh token that it keeps is the newest', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const { refreshToken } = newestOf(this);
  const from = this.traffic.next;
  await endAccessToken(this, connected);
  const asked = await ask(this, connected);
  if (asked.answer === 'served') await this.refreshNow(connected);
  const found = await this.traffic.until(isRefreshOf(this), nextRefreshMs, from);
  const expected = 'the next refresh to use the newest refresh token';
  if (found !== null && found.form.get('refresh_token') !== refreshToken) {
    throw new CheckFailure(
      expected,
      `one that had been replaced, which the bank answered with ${String(found.answer.status)}`,
    );
  }
  if (asked.answer === 'consent-asked') throw new CheckFailure(expected, `the application asked for a new consent`);
});

/** How long the answer to one of the two calls is held. */
const holds = ['PT0.6S', 'PT2S'];
const longestHoldMs = 2_500;

When('a call gets its 401 after another one has refreshed', async function (this: PartnerWorld) {
  for (const hold of holds) {
    if (hold !== holds[0]) this.connected.set(await this.connect());
    const connected = this.connected.get();
    const seen = await holdFirstCall(this, connected, hold);
    if (seen === null) {
      return this.notApplicable('no call reaches the bank with the token that ended: it is replaced before');
    }
    const { late, refresh, isConcurrent } = seen;
    if (refresh !== null && refresh.number < late.number) {
      this.refreshing.late.set({ call: late, workedUntilMs: seen.workedUntilMs });
      this.refreshing.asked.set({ asked: seen.asked, driven: seen.asked.length, isDone: true });
      return undefined;
    }
    if (refresh === null) return this.notApplicable('a 401 does not make the application refresh');
    if (!isConcurrent) {
      return this.notApplicable(
        'calls for one customer follow each other: none gets its answer after another’s refresh',
      );
    }
  }
  return this.notApplicable('no refresh was over before the held answer came');
});

interface HeldCall {
  /** The call whose answer was held. */
  readonly late: BankCall;
  readonly refresh: BankCall | null;
  /** Whether another call of the customer was answered meanwhile. */
  readonly isConcurrent: boolean;
  /** When the application had done with the call, in epoch ms: what it does later has other reasons. */
  readonly workedUntilMs: number;
  readonly asked: readonly Asked[];
}

async function holdFirstCall(
  world: PartnerWorld,
  connected: ConnectedCustomer,
  hold: string,
): Promise<HeldCall | null> {
  const { bank, tenant } = world.bank;
  const { traffic } = world;
  const { accessToken } = newestOf(world);
  await endAccessToken(world, connected);
  const from = traffic.next;
  const fault = await world.fault({ at: `${bank}.api`, when: { accessToken }, effect: { delay: hold } });
  const isTaken = async (): Promise<boolean> => !(await tenant.faults.list()).some(({ id }) => id === fault);
  let answeredAtMs = Infinity;
  const first = ask(world, connected).finally(() => {
    answeredAtMs = Date.now();
  });
  // The bank takes the fault when the request arrives, and records the request when it is answered.
  for (let look = 0; look < 100 && !(await isTaken()); look += 1) await new Promise((done) => setTimeout(done, 5));
  const second = await ask(world, connected, 1);
  const asked = [await first, second];
  // Where the application answers before it works.
  if (await isTaken()) await traffic.until(({ faults }) => faults.includes(fault), longestHoldMs, from);
  const rejected = traffic.since(from).filter(({ bearer }) => bearer === accessToken);
  const late = rejected.find(({ faults }) => faults.includes(fault));
  if (late === undefined) return null;
  return {
    late,
    refresh: traffic.since(from).find(isRefreshOf(world)) ?? null,
    isConcurrent: rejected.some(({ number }) => number < late.number),
    // One that answers before it works shows nothing by its answer.
    workedUntilMs: answeredAtMs < late.recorded.answeredAtMs ? Infinity : answeredAtMs,
    asked,
  };
}

Then('it uses the newer token and does not refresh again', function (this: PartnerWorld) {
  const { call: late, workedUntilMs } = this.refreshing.late.get();
  const connected: CustomerOfGrant = this.connected.get();
  const expected = 'the newer access token to be used after a 401 for the old one';
  const [answer] = this.refreshing.asked.get().asked;
  if (answer?.answer === 'consent-asked') throw new CheckFailure(expected, 'the application asked for a new consent');
  const isIt = isRefreshOf(this);
  this.judgeAfterWindow(() => {
    const again = this.traffic
      .since(late.number + 1)
      .find((call) => isIt(call) && call.recorded.receivedAtMs <= workedUntilMs);
    if (again === undefined) return null;
    const before = newestTokens(
      this.traffic.tokenRequestsOf(connected.grantId).filter(({ number }) => number < again.number),
    );
    const which = again.form.get('refresh_token') === before?.refreshToken ? 'the newest' : 'an older';
    const ms = again.recorded.receivedAtMs - late.recorded.answeredAtMs;
    throw new CheckFailure(
      expected,
      `another refresh ${times(ms, 'millisecond', 'milliseconds')} later, with ${which} refresh token`,
    );
  });
});
