import { Given, Then, When } from '@cucumber/cucumber';
import { CheckFailure, PrerequisiteFailure } from '../check-failure.js';
import { ask, askUntilServed, tellAnswers } from './ask-application.js';
import type { Asked } from './ask-application.js';
import { isRefresh } from './bank-traffic.js';
import type { BankCall } from './bank-call.js';
import { unaskedRepeats } from './dead-token.js';
import type { UnaskedRefreshes } from './token-request-rate.js';
import type { PartnerWorld } from './partner-world.js';
import { perCheck } from './per-check.js';
import { times } from './refresh-chain.js';
import { isRefreshOf, newestOf } from './customer-refreshes.js';
import { judgeUnaskedRefreshes } from './token-request-rate.js';
import { endAccessToken, provokeRefresh } from './token-end.js';

const callCount = 6;
/** BS2 in production; BTG’s are a day long. */
const shortestLife = { bs2: 'PT5M', btg: 'PT24H' } as const;
/** Long enough for what an application does every second or two; later checks are made meanwhile. */
const watchMs = 12_000;

Given('a connected customer whose access token lives as it does in production', async function (this: PartnerWorld) {
  await this.accessTokensLive(shortestLife[this.bank.bank]);
  this.connected.set(await this.connect());
  this.mark.set(this.connected.get().redemption.number + 1);
});

When('the customer is served several times', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const asked: Asked[] = [];
  for (let count = 0; count < callCount; count += 1) asked.push(await ask(this, connected));
  const { isDone } = await askUntilServed(this, connected);
  this.refreshing.asked.set({ asked, driven: asked.length, isDone });
});

Then('the access token is not replaced at every call', function (this: PartnerWorld) {
  needServed(this);
  const refreshes = this.traffic.since(this.mark.get()).filter(isRefreshOf(this));
  const told = `${times(refreshes.length, 'refresh', 'refreshes')} for ${String(callCount)} calls`;
  if (2 * refreshes.length >= callCount) {
    throw new CheckFailure('calls to share an access token that lives', told);
  }
  this.note({ finding: 'recorded', actual: told });
});

Then('the application makes few token requests', function (this: PartnerWorld) {
  needServed(this);
  const { grantId } = this.connected.get();
  const requests = this.traffic.tokenRequestsOf(grantId);
  const told = `${times(requests.length, 'token request', 'token requests')} to connect and for ${String(callCount)} calls`;
  if (requests.length > 10) throw new CheckFailure('10 token requests a minute at most', told);
  this.note({ finding: 'recorded', actual: told });
  const { apiCall } = this.run.control;
  // From now on nobody asks for this customer; for the control's, nobody has since its call.
  const watched = [{ grantId, sinceMs: Date.now() }];
  if (apiCall?.grantId != null) watched.push({ grantId: apiCall.grantId, sinceMs: apiCall.answeredAtMs });
  this.judgeAfterWindow(() => {
    for (const { grantId: id, sinceMs } of watched) judgeUnaskedRefreshes(unaskedSince(this, id, sinceMs));
    return null;
  }, watchMs);
  // Whoever’s refresh tokens the bank refuses in the course of the run: they bring nothing, and use up the same quota.
  this.judgeAtEnd(() => {
    const repeats = unaskedRepeats(this.traffic.calls, this.run.driving);
    if (repeats !== null) {
      judgeUnaskedRefreshes({ what: 'with tokens that the bank had refused', ...repeats, untilMs: Date.now() });
    }
    return null;
  }, watchMs);
});

function needServed(world: PartnerWorld): void {
  const { asked, isDone } = world.refreshing.asked.get();
  if (!isDone) throw new PrerequisiteFailure('a customer who is served', tellAnswers(world, asked));
}

/** Refreshes of a grant for which nothing was asked, whose tokens live long, and which no fault has touched. */
function unaskedSince({ traffic }: PartnerWorld, grantId: string, sinceMs: number): UnaskedRefreshes {
  const refreshes = traffic.calls.filter(
    (call) => isRefresh(call) && call.grantId === grantId && call.recorded.receivedAtMs >= sinceMs,
  );
  const atMs = refreshes.map(({ recorded }) => recorded.receivedAtMs);
  return { what: 'of one customer whose token lived', atMs, sinceMs, untilMs: Date.now() };
}

const retryAfterMs = 8_000;
/** The bank refuses a little shorter than it says: nobody is to be refused who waited. */
const refusesMs = 7_600;
const callsMeanwhile = 3;
/** What an application does later than this after it was asked, it does by itself. */
const causedWithinMs = 2_500;
const askedUntilMs = perCheck<number>('when the application was asked last');

When('the bank answers the refresh with 429 and a time to wait', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  const { bank, tenant } = this.bank;
  await endAccessToken(this, connected);
  const { refreshToken } = newestOf(this);
  this.refreshing.token.set(refreshToken);
  const alter = `${bank}.token-error.too-many-requests-for-PT8S`;
  const fault = await this.fault({ at: `${bank}.token`, when: { refreshToken }, times: 0, effect: { alter } });
  // Not awaited: an application may keep its customer waiting until the bank takes the refresh.
  const provoking = provokeRefresh(this, connected, (call) => isLimited(call, refreshToken), this.mark.get());
  const first = await this.traffic.until((call) => isLimited(call, refreshToken), this.run.control.patienceMs);
  if (first === null) {
    throw new PrerequisiteFailure('an application that refreshes', tellAnswers(this, (await provoking).asked));
  }
  const opening = new Promise((resolve) => setTimeout(resolve, refusesMs)).then(() => tenant.faults.delete(fault));
  const meanwhile = Array.from({ length: callsMeanwhile }, () => ask(this, connected));
  askedUntilMs(this).set(Date.now());
  const provoked = await provoking;
  const asked = [...provoked.asked, ...(await Promise.all(meanwhile))];
  await opening;
  this.refreshing.asked.set({ asked, driven: provoked.driven + callsMeanwhile, isDone: true });
});

function isLimited(call: BankCall, refreshToken: string): boolean {
  return call.form.get('refresh_token') === refreshToken && call.answer.status === 429;
}

Then('it waits', function (this: PartnerWorld) {
  const { asked, driven } = this.refreshing.asked.get();
  const refreshToken = this.refreshing.token.get();
  const limited = this.traffic.refreshesWith(refreshToken).filter((call) => isLimited(call, refreshToken));
  const early = limited.length - 1;
  const causedUntilMs = askedUntilMs(this).get() + causedWithinMs;
  const unasked = limited.filter(({ recorded }) => recorded.receivedAtMs > causedUntilMs).length;
  const expected = `no token request for the ${String(retryAfterMs / 1000)} s of Retry-After`;
  const alone = unasked === 0 ? '' : `, ${String(unasked)} of them when nobody asked`;
  const told = `${times(early, 'token request', 'token requests')} in that time, for ${times(driven, 'call', 'calls')}${alone}`;
  if (early > driven || unasked > 1) throw new CheckFailure(expected, told);
  if (early > 0) this.warn(expected, told);
  if (asked.some(({ answer }) => answer === 'consent-asked')) {
    throw new CheckFailure('the customer to be asked for patience', `for a new consent; ${tellAnswers(this, asked)}`);
  }
});

Then('the customer is served when the wait is over', async function (this: PartnerWorld) {
  const { asked, isDone } = await askUntilServed(this, this.connected.get());
  if (isDone) return;
  const seconds = Math.round(this.run.control.patienceMs / 1000);
  const last = asked.at(-1)?.answer;
  const hasTried = this.traffic.refreshesWith(this.refreshing.token.get()).some(({ answer }) => answer.status !== 429);
  if (!hasTried && last === 'unavailable') {
    this.inform(`no refresh within ${String(seconds)} s after the wait was over; it waits longer than it was told to`);
    return;
  }
  throw new CheckFailure('the customer to be served when the wait is over', tellAnswers(this, asked));
});
