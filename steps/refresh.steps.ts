import { Given, Then, When } from '@cucumber/cucumber';
import { CheckFailure, expectThat, PrerequisiteFailure } from './check-failure.js';
import { heldTokens } from './client-driver.js';
import { holdTokens, holdTokensOnceMore, refreshHeldTokens, requireOpening } from './grant-setup.js';
import { expectAccessToken, expectRefusal, expectTooOften, requireAccessToken } from './judge-token-answer.js';
import { isoSeconds } from './moment.js';
import { callResource, describeApiAnswer } from './resource.js';
import { describeTokenAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

Given('the client holds tokens', async function (this: ScenarioWorld) {
  await holdTokens(this);
});

Given('the client holds tokens for a part of its scope', async function (this: ScenarioWorld) {
  const scope = this.bank.client.scope.split(' ');
  if (scope.length < 2) return this.skip('the client has a single scope, of which there is no part');
  await holdTokens(this, { scope: scope.slice(0, -1).join(' ') });
  return undefined;
});

Given(
  'the client holds tokens that were refreshed after {duration}',
  async function (this: ScenarioWorld, duration: number) {
    await holdTokens(this);
    await this.control.clock.advance(isoSeconds(duration));
    await refreshHeldTokens(this);
  },
);

Given('the client holds tokens of a login an hour ago', async function (this: ScenarioWorld) {
  await holdTokens(this);
  await this.control.clock.advance('PT1H');
});

Given('the client holds tokens of which the refresh token has expired', async function (this: ScenarioWorld) {
  const tokens = await holdTokens(this);
  await this.control.clock.advance('P31D');
  const answer = await this.client.refreshTokens(tokens);
  if (answer.accessToken !== null)
    throw new PrerequisiteFailure('an expired refresh token', describeTokenAnswer(answer));
});

Given('the client refreshed its tokens', async function (this: ScenarioWorld) {
  await holdTokens(this);
  await refreshHeldTokens(this);
});

Given('the same user consented once more', async function (this: ScenarioWorld) {
  await holdTokensOnceMore(this);
});

Given('the used refresh token was tried again', async function (this: ScenarioWorld) {
  await this.client.refreshTokens(this.previousTokens.get());
});

When('the client refreshes', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.client.refreshTokens(this.tokens.get()));
});

When(
  'the client refreshes {moment} {duration} have passed',
  async function (this: ScenarioWorld, moment: number, duration: number) {
    await this.control.clock.advance(isoSeconds(duration + moment));
    this.tokenAnswer.set(await this.client.refreshTokens(this.tokens.get()));
  },
);

When('the client refreshes with the refresh token that it already used', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.client.refreshTokens(this.previousTokens.get()));
});

Given('the client refreshed for a part of its scope', async function (this: ScenarioWorld) {
  const { refreshToken, scope } = await holdTokens(this);
  const part = scope.split(' ').slice(0, -1).join(' ');
  if (part === '') return this.skip('the client has a single scope, of which there is no part');
  const narrow = heldTokens(await this.client.refresh(refreshToken, part), part);
  this.tokens.set({ ...narrow, scope });
  return undefined;
});

When('another client refreshes with that refresh token', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.otherClient.refreshTokens(this.tokens.get()));
});

When('the client refreshes without a scope', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.client.refresh(this.tokens.get().refreshToken, null));
});

When('the client refreshes with its whole scope', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.client.refresh(this.tokens.get().refreshToken, this.bank.client.scope));
});

When(
  'the client refreshes {int} times at once with the same refresh token',
  async function (this: ScenarioWorld, times: number) {
    const send = (): Promise<TokenAnswer> => this.client.refreshTokens(this.tokens.get());
    this.tokenAnswers.set(await Promise.all(Array.from({ length: times }, send)));
  },
);

Then('the bank gives new tokens', function (this: ScenarioWorld) {
  const accessToken = expectAccessToken(this.tokenAnswer.get());
  expectThat(accessToken !== this.tokens.get().accessToken, 'a new access token', 'the old one again');
});

Then('the refresh token is a new one', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  requireAccessToken(answer);
  const { refreshToken } = answer;
  if (refreshToken === null) throw new CheckFailure('a new refresh token', 'an access token alone');
  expectThat(refreshToken !== this.tokens.get().refreshToken, 'a new refresh token', 'the old one again');
});

Then('the new tokens work', async function (this: ScenarioWorld) {
  const accessToken = requireAccessToken(this.tokenAnswer.get());
  const answer = await callResource(this.bank, `Bearer ${accessToken}`);
  if (answer.status === 200) return;
  await requireOpening(this);
  throw new CheckFailure('the new access token to work', describeApiAnswer(answer));
});

Then('the granted scope is unchanged', function (this: ScenarioWorld) {
  const sorted = (scope: string): string => scope.split(' ').sort().join(' ');
  // RFC 6749 section 5.1: an answer without scope grants what was asked for.
  requireAccessToken(this.tokenAnswer.get());
  const before = sorted(this.tokens.get().scope);
  const after = sorted(this.tokenAnswer.get().scope ?? before);
  expectThat(after === before, `the scope ${before}`, after);
});

Then('the bank refuses the refresh token', function (this: ScenarioWorld) {
  expectRefusal(this.tokenAnswer.get(), 400, 'invalid_grant', 'the refresh token does not work here');
});

Then('the bank refuses the scope', function (this: ScenarioWorld) {
  expectRefusal(this.tokenAnswer.get(), 400, 'invalid_scope', 'the scope is more than was granted');
});

Then('exactly one refresh gets tokens', function (this: ScenarioWorld) {
  const answers = this.tokenAnswers.get();
  const winners = answers.filter(({ accessToken }) => accessToken !== null);
  if (winners.length === 0) throw new PrerequisiteFailure('a refresh', answers.map(describeTokenAnswer).join(', '));
  expectThat(winners.length === 1, 'one winner', answers.map(describeTokenAnswer).join(', '));
  const odd = answers.find(({ accessToken, error }) => accessToken === null && error !== 'invalid_grant');
  if (odd !== undefined) throw new CheckFailure('invalid_grant for the others', describeTokenAnswer(odd));
});

Then("the winner's tokens work", async function (this: ScenarioWorld) {
  const winner = this.tokenAnswers.get().find(({ accessToken }) => accessToken !== null);
  const api = await callResource(this.bank, `Bearer ${winner?.accessToken ?? ''}`);
  if (api.status !== 200) await requireOpening(this);
  expectThat(api.status === 200, "the winner's access token to work", describeApiAnswer(api));
  const next = await this.client.refreshTokens({
    refreshToken: winner?.refreshToken ?? '',
    scope: this.tokens.get().scope,
  });
  expectThat(next.accessToken !== null, "the winner's refresh token to work", describeTokenAnswer(next));
});

Then('the answer is recorded', function (this: ScenarioWorld) {
  const { http } = this.tokenAnswer.get();
  const retryAfter = http.headers.get('retry-after');
  const told = retryAfter === null ? '' : `, Retry-After ${retryAfter}`;
  this.record(`${describeTokenAnswer(this.tokenAnswer.get())}${told}`);
});

Then('the bank refuses it for coming too often', function (this: ScenarioWorld) {
  expectTooOften(this.tokenAnswer.get());
});
