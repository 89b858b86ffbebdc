import { Given, Then, When } from '@cucumber/cucumber';
import { expectThat, PrerequisiteFailure } from './check-failure.js';
import { holdCode, refreshHeldTokens } from './grant-setup.js';
import { heldTokens } from './client-driver.js';
import { expectTooOften, requireAccessToken } from './judge-token-answer.js';
import { describeTokenAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

/**
 * Stops the clock in the midst of a minute: a bank that counts by the minutes of the clock would look like one whose
 * minute slides if the scenario began at the turn of one.
 */
async function stopAmidAMinute({ clock }: ScenarioWorld['control']): Promise<void> {
  const { now } = await clock.freeze();
  const minuteMs = 60_000;
  const nextMinute = Math.ceil(Date.parse(now) / minuteMs) * minuteMs;
  await clock.set(new Date(nextMinute + minuteMs / 2));
}

Given('the bank limits token requests to {int} a minute', async function (this: ScenarioWorld, requests: number) {
  await stopAmidAMinute(this.control);
  await this.control.settings.patch({ bs2: { rateLimit: { requests, window: 'PT1M' } } });
});

Given('the bank limits refreshes to {int} an hour', async function (this: ScenarioWorld, requests: number) {
  await this.control.settings.patch({ btg: { refreshQuota: { requests, window: 'PT1H' } } });
});

/** The code exchange counts as the first request; the refreshes of what it gave are the others. */
async function redeemAndRefresh(world: ScenarioWorld, refreshes: number): Promise<void> {
  const held = await holdCode(world);
  world.tokens.set(heldTokens(await world.client.redeem(held), held.scope));
  for (let made = 0; made < refreshes; made += 1) await refreshHeldTokens(world);
}

Given('the client made {int} token requests', async function (this: ScenarioWorld, requests: number) {
  await redeemAndRefresh(this, requests - 1);
});

Given('the client made {int} refreshes', async function (this: ScenarioWorld, refreshes: number) {
  await redeemAndRefresh(this, refreshes);
});

Given('someone made {int} token requests with a wrong secret', async function (this: ScenarioWorld, requests: number) {
  for (let made = 0; made < requests; made += 1) {
    const answer = await this.clientWithWrongSecret.refresh('unknown', this.bank.client.scope);
    if (answer.http.status !== 401)
      throw new PrerequisiteFailure('a stranger to be refused', describeTokenAnswer(answer));
  }
});

Given(
  'the client made {int} token requests, and half a minute later {int} too many',
  async function (this: ScenarioWorld, requests: number, more: number) {
    await redeemAndRefresh(this, requests - 1);
    // At the same moment they would leave the window with the others, counted or not.
    await this.control.clock.advance('PT30S');
    for (let made = 0; made < more; made += 1) {
      const answer = await this.client.refreshTokens(this.tokens.get());
      if (answer.accessToken !== null) throw new PrerequisiteFailure('requests that are too many', 'tokens');
    }
  },
);

When('the client makes {int} token requests', async function (this: ScenarioWorld, requests: number) {
  const held = await holdCode(this);
  const first = await this.client.redeem(held);
  const answers: TokenAnswer[] = [first];
  let tokens = heldTokens(first, held.scope);
  while (answers.length < requests) {
    const answer = await this.client.refreshTokens(tokens);
    answers.push(answer);
    // Where the bank does not rotate, the old refresh token goes on.
    tokens = { ...tokens, refreshToken: answer.refreshToken ?? tokens.refreshToken };
  }
  this.tokenAnswers.set(answers);
});

When('the client makes one more token request', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.client.refreshTokens(this.tokens.get()));
});

Then('the answer is 429 with Retry-After and an empty body', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  const { status, headers, body } = answer.http;
  if (answer.accessToken !== null) throw new PrerequisiteFailure('a refusal', describeTokenAnswer(answer));
  const retryAfter = headers.get('retry-after');
  expectThat(status === 429, '429', describeTokenAnswer(answer));
  expectThat(retryAfter !== null && /^\d+$/.test(retryAfter), 'Retry-After in seconds', retryAfter ?? 'none');
  expectThat(body === '', 'an empty body', 'a body');
});

Then('the bank gives tokens {int} times', function (this: ScenarioWorld, times: number) {
  const first = this.tokenAnswers.get().slice(0, times);
  if (first[0] !== undefined) requireAccessToken(first[0]);
  const refused = first.find(({ accessToken }) => accessToken === null);
  const came = refused === undefined ? 'fewer answers' : `${describeTokenAnswer(refused)} among the first`;
  expectThat(first.length === times && refused === undefined, `tokens ${String(times)} times`, came);
});

Then('the bank refuses the last for coming too often', function (this: ScenarioWorld) {
  const last = this.tokenAnswers.get().at(-1);
  if (last !== undefined) expectTooOften(last);
});
