import { Then, When } from '@cucumber/cucumber';
import { CheckFailure, PrerequisiteFailure } from '../check-failure.js';
import { askUntil, tellAnswers } from './ask-application.js';
import type { BankCall } from './bank-call.js';
import { isRefreshOf, needGrantedRefresh } from './customer-refreshes.js';
import { olderTokenSent } from './older-refresh-token.js';
import { untilQuiet } from './outage.js';
import type { PartnerWorld } from './partner-world.js';
import { perCheck } from './per-check.js';
import { judgeRecovery, recover } from './recovery.js';
import type { Recovery } from './recovery.js';
import { endAccessToken, provokeRefresh } from './token-end.js';

const outage = { status: 500, body: '<!doctype html><title>Erro</title><h1>Erro interno do servidor</h1>' };
/** The longest that a refresh is held until the API fails; what is left of it is let go at once. */
const heldAtMost = 'PT30S';
const betweenLooksMs = 10;

/** The first call of the API that failed with a token which the refresh before it had brought. */
const failedCall = perCheck<BankCall>('a call that failed after a refresh');

When(
  "the application refreshes, and the bank's API answers 500 to the call that follows",
  async function (this: PartnerWorld) {
    const connected = this.connected.get();
    const { grantId } = connected;
    const { traffic } = this;
    await endAccessToken(this, connected);
    const when = { grant: grantId, grantType: 'refresh_token' };
    const hold = await this.fault({ at: `${this.bank.bank}.token`, when, effect: { delay: heldAtMost } });
    const failing = failBehind(this, hold);
    const isRefreshOfTheirs = isRefreshOf(this);
    const isHeld = (call: BankCall): boolean => isRefreshOfTheirs(call) && call.faults.includes(hold);
    const provoked = await provokeRefresh(this, connected, isHeld, this.mark.get());
    const fault = await failing.end();
    const refresh = needGrantedRefresh(this, provoked);
    const failed = (): BankCall | null => {
      const { accessToken } = refresh.tokens ?? {};
      const calls = accessToken == null ? [] : traffic.usesOf(accessToken);
      return calls.find(({ faults }) => fault !== null && faults.includes(fault)) ?? null;
    };
    const { asked } = await askUntil(this, connected, () => failed() !== null);
    const first = failed();
    if (fault === null || first === null) {
      throw new PrerequisiteFailure(
        'a call of the API with the new access token that the bank could fail',
        `none; ${tellAnswers(this, asked)}`,
      );
    }
    await untilQuiet(traffic, ({ faults }) => faults.includes(fault));
    await this.lift(fault);
    failedCall(this).set(first);
  },
);

/**
 * Has the API fail from the moment at which the bank holds a refresh, and lets that go on then: a call before it gets the
 * answer that makes the application refresh, and none behind it escapes. `end` stops waiting and gives the fault of the
 * API, or null where no refresh came.
 */
function failBehind(world: PartnerWorld, hold: string): { end(): Promise<string | null> } {
  const { bank, tenant } = world.bank;
  const when = { grant: world.connected.get().grantId };
  let isOver = false;
  const isTaken = async (): Promise<boolean> => (await tenant.faults.list()).every(({ id }) => id !== hold);
  const failing = (async (): Promise<string | null> => {
    while (!(await isTaken())) {
      if (isOver) return null;
      await new Promise((resolve) => setTimeout(resolve, betweenLooksMs));
    }
    const fault = await world.fault({ at: `${bank}.api`, when, times: 0, effect: outage });
    await world.lift(hold);
    return fault;
  })();
  // What goes wrong is told by whoever asks for its end.
  failing.catch(() => undefined);
  return {
    end: () => {
      isOver = true;
      return failing;
    },
  };
}

const expectedNewest = 'the refresh token that the refresh brought to be kept, though the call after it failed';

/** @throws CheckFailure where an older refresh token was sent since the call that failed */
function refuseOlderToken(world: PartnerWorld): void {
  const requests = world.traffic.tokenRequestsOf(world.connected.get().grantId);
  const older = olderTokenSent(requests, failedCall(world).get().number);
  if (older === null) return;
  throw new CheckFailure(
    expectedNewest,
    `an older one was sent, which the bank answered with ${String(older.answer.status)}`,
  );
}

/** How the customer fared when the API worked again. */
const recovered = perCheck<Recovery>('a recovery');

Then('the customer is served with the consent that they gave', async function (this: PartnerWorld) {
  const recovery = await recover(this, this.connected.get());
  recovered(this).set(recovery);
  refuseOlderToken(this);
  const found = judgeRecovery(recovery, 'API');
  if (found?.finding === 'failed') throw new CheckFailure(found.expected, found.actual);
  if (found !== null) this.note(found);
});

Then('it goes on with the refresh token that the refresh brought', async function (this: PartnerWorld) {
  // With another consent there is nothing left of the one that is judged.
  if (recovered(this).get().kind !== 'served') return;
  const connected = this.connected.get();
  const from = this.traffic.next;
  await endAccessToken(this, connected);
  const { found, asked } = await provokeRefresh(this, connected, isRefreshOf(this), from);
  refuseOlderToken(this);
  if (found !== null) return;
  throw new PrerequisiteFailure('an application that refreshes again', `no refresh; ${tellAnswers(this, asked)}`);
});
