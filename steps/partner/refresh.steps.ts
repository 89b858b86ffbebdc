import { Given, Then, When } from '@cucumber/cucumber';
import { parseDuration } from '../../foundation/iso-duration.js';
import { CheckFailure, PrerequisiteFailure } from '../check-failure.js';
import type { AskedOften } from './ask-application.js';
import { ask, askUntilServed, expectServed, tellAnswers } from './ask-application.js';
import type { BankCall } from './bank-call.js';
import { isRefreshOf, needGrantedRefresh, needRefresh, newestOf } from './customer-refreshes.js';
import { connectNearExpiry, shortLifetime } from './induced-refresh.js';
import type { PartnerWorld } from './partner-world.js';
import { isRefused, mentions, refusedForItsAge } from './refresh-chain.js';
import { describeMargin } from './refresh-margin.js';
import type { MarginMeasurement } from './refresh-margin.js';
import { refreshFault } from './refresh-request.js';
import { connectShortLived, endAccessToken, leaveRefreshToken, provokeRefresh } from './token-end.js';

Given('a connected customer', async function (this: PartnerWorld) {
  this.connected.set(await this.connect());
  this.mark.set(this.connected.get().redemption.number + 1);
});

Given('a connected customer whose access token soon ends', async function (this: PartnerWorld) {
  this.connected.set(await connectShortLived(this));
  this.mark.set(this.connected.get().redemption.number + 1);
});

Given('a connected customer all of whose access tokens soon end', async function (this: PartnerWorld) {
  this.connected.set(await connectNearExpiry(this));
  this.mark.set(this.connected.get().redemption.number + 1);
});

When('the access token has ended', async function (this: PartnerWorld) {
  const connected = this.connected.get();
  await endAccessToken(this, connected);
  // A refresh that is put together wrongly is a refresh, too.
  const { refreshToken, grantId } = connected;
  const fits = (call: BankCall): boolean =>
    call.endpoint === 'token' &&
    !call.form.has('code') &&
    (call.grantId === grantId || mentions(call, refreshToken) || mentions(call, newestOf(this).refreshToken));
  this.refreshing.provoked.set(await provokeRefresh(this, connected, fits, this.mark.get()));
});

Then('the application refreshes', function (this: PartnerWorld) {
  const { found, asked } = this.refreshing.provoked.get();
  if (found !== null) return;
  const seconds = Math.round(this.run.control.patienceMs / 1000);
  throw new CheckFailure(
    `a request with the refresh token within ${String(seconds)} s`,
    `none; ${tellAnswers(this, asked)}`,
  );
});

Then('the customer is served again', async function (this: PartnerWorld) {
  await expectServed(this, this.connected.get(), 'the customer to be served after the refresh');
});

Then('the refresh is what this bank asks for', function (this: PartnerWorld) {
  const { bank, client } = this.bank;
  const { refreshToken } = this.connected.get();
  const call = needRefresh(this, this.refreshing.provoked.get());
  const sent = call.form.get('refresh_token') ?? refreshToken;
  // An application on a schedule may be further along in the chain of refresh tokens.
  const isOfGrant = this.traffic
    .tokenRequestsOf(this.connected.get().grantId)
    .some(({ tokens }) => tokens?.refreshToken === sent);
  const fault = refreshFault(call, {
    bank,
    refreshToken: isOfGrant ? sent : refreshToken,
    clientSecret: client.secret,
  });
  if (fault !== null) throw new CheckFailure(fault.expected, fault.actual);
});

When('the access token ends by itself', async function (this: PartnerWorld) {
  const { redemption } = this.connected.get();
  const elapsedMs = Date.now() - redemption.answeredAtMs;
  await new Promise((resolve) => setTimeout(resolve, parseDuration(shortLifetime) - elapsedMs + 50));
  this.refreshing.asked.set(await askUntilServed(this, this.connected.get()));
});

Then('the customer is served all the same', function (this: PartnerWorld) {
  const { asked, isDone } = this.refreshing.asked.get();
  const expected = 'a call to be served after the two seconds that expires_in gave the token';
  if (!isDone) throw new CheckFailure(expected, tellAnswers(this, asked));
  const failed = asked.filter(({ answer }) => answer !== 'served');
  if (failed.length > 0) this.note({ finding: 'recorded', actual: `served, after ${tellAnswers(this, failed)}` });
});

When('access tokens of several lifetimes are used at once', async function (this: PartnerWorld) {
  const measured: MarginMeasurement[] = [];
  for (const lifetime of ['PT10S', 'PT1M', this.bank.bank === 'bs2' ? 'PT5M' : 'PT10M', 'PT1H']) {
    await this.accessTokensLive(lifetime);
    const connected = await this.connect();
    this.connected.set(connected);
    await ask(this, connected);
    // Where the application answers before it works.
    await this.traffic.until(({ grantId }) => grantId === connected.grantId, 300, connected.redemption.number + 1);
    const refreshed = this.traffic.since(connected.redemption.number + 1).some(isRefreshOf(this));
    measured.push({ expiresInSeconds: parseDuration(lifetime) / 1000, refreshedAtOnce: refreshed });
  }
  this.refreshing.margins.set(measured);
});

Then('the margin of its refreshes is known', function (this: PartnerWorld) {
  this.inform(describeMargin(this.refreshing.margins.get()));
});

When('the application refreshes for the customer, and again', async function (this: PartnerWorld) {
  const { asked, isDone } = await refreshOnce(this);
  if (!isDone) {
    refuseOlderToken(this);
    throw new PrerequisiteFailure('a customer who is served after a refresh', tellAnswers(this, asked));
  }
  await refreshAgain(this);
});

When(
  'the application refreshes for the customer, gets no new refresh token, and refreshes again',
  async function (this: PartnerWorld) {
    const { bank } = this.bank;
    const { grantId } = this.connected.get();
    const alter = `${bank}.token-response.refresh-token-missing`;
    const when = { grant: grantId, grantType: 'refresh_token' };
    await this.fault({ at: `${bank}.token`, when, times: 0, effect: { alter } });
    const { asked, isDone } = await refreshOnce(this);
    if (!isDone) {
      const expected = 'the customer to be served after a refresh that brings an access token alone';
      throw new CheckFailure(expected, tellAnswers(this, asked));
    }
    await refreshAgain(this);
  },
);

const newestExpected = 'the next refresh to use the newest refresh token';

/** Who refreshes before the token ends comes to the next refresh early. @throws CheckFailure where an older one was used */
function refuseOlderToken(world: PartnerWorld): void {
  const refreshes = world.traffic.since(world.mark.get()).filter(isRefreshOf(world));
  const refused = refusedForItsAge(refreshes, newestOf(world).refreshToken);
  if (refused === null) return;
  throw new CheckFailure(newestExpected, `an older one, which the bank answered with ${String(refused.answer.status)}`);
}

async function refreshOnce(world: PartnerWorld): Promise<AskedOften> {
  const connected = world.connected.get();
  await endAccessToken(world, connected);
  needGrantedRefresh(world, await provokeRefresh(world, connected, isRefreshOf(world), world.mark.get()));
  return askUntilServed(world, connected);
}

async function refreshAgain(world: PartnerWorld): Promise<void> {
  const connected = world.connected.get();
  world.refreshing.token.set(newestOf(world).refreshToken);
  world.mark.set(world.traffic.next);
  await endAccessToken(world, connected);
  world.refreshing.provoked.set(await provokeRefresh(world, connected, isRefreshOf(world), world.mark.get()));
}

Then('it uses the refresh token that is the newest', function (this: PartnerWorld) {
  const newest = this.refreshing.token.get();
  const { found, asked } = this.refreshing.provoked.get();
  if (found === null) throw new CheckFailure(newestExpected, `no refresh; ${tellAnswers(this, asked)}`);
  if (isRefused(found) || found.form.get('refresh_token') !== newest) {
    throw new CheckFailure(newestExpected, `an older one, which the bank answered with ${String(found.answer.status)}`);
  }
});

/** Enough for an application that refreshes once a call finds the token dead; a schedule may need the second. */
const secondsBefore = [1, 60];

When('the refresh token is one second before its end', async function (this: PartnerWorld) {
  for (const seconds of secondsBefore) {
    const isLate = seconds !== secondsBefore[0];
    if (isLate) this.connected.set(await connectShortLived(this));
    const connected = this.connected.get();
    this.mark.set(connected.redemption.number + 1);
    await leaveRefreshToken(this, connected, seconds);
    const provoked = await provokeRefresh(this, connected, isRefreshOf(this), this.mark.get());
    this.refreshing.provoked.set(provoked);
    // It came too late for one second, which is no fault of the application's.
    if (provoked.found === null || !isRefused(provoked.found)) return;
  }
});

Then('the refresh is granted', function (this: PartnerWorld) {
  const { found } = this.refreshing.provoked.get();
  if (found !== null && found.answer.status !== 200) {
    throw new CheckFailure(
      'a refresh with a token that still lives',
      `one that the bank refused (${found.outcome ?? 'no reason'})`,
    );
  }
});
