import { Given, Then, When } from '@cucumber/cucumber';
import { randomValue } from '../client/authorization-request.js';
import { expectThat, PrerequisiteFailure } from './check-failure.js';
import { holdTokens } from './grant-setup.js';
import { describeTokenAnswer, readTokenAnswer } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

Given('the client revoked its refresh token', async function (this: ScenarioWorld) {
  const { refreshToken } = await holdTokens(this);
  const answer = await this.client.revoke(refreshToken);
  if (answer.status !== 200) {
    throw new PrerequisiteFailure('a confirmed revocation', describeTokenAnswer(readTokenAnswer(answer)));
  }
});

Given("another client tried to revoke the client's refresh token", async function (this: ScenarioWorld) {
  const { refreshToken } = await holdTokens(this);
  await this.otherClient.revoke(refreshToken);
});

When('the client revokes its refresh token', async function (this: ScenarioWorld) {
  this.revocation.set(await this.client.revoke(this.tokens.get().refreshToken));
});

When('the client revokes its refresh token with a wrong secret', async function (this: ScenarioWorld) {
  const answer = await this.clientWithWrongSecret.revoke(this.tokens.get().refreshToken);
  this.tokenAnswer.set(readTokenAnswer(answer));
});

When('the client revokes a token that the bank does not know', async function (this: ScenarioWorld) {
  this.revocation.set(await this.client.revoke(randomValue()));
});

Then('the bank confirms the revocation', function (this: ScenarioWorld) {
  const answer = this.revocation.get();
  expectThat(answer.status === 200, '200', describeTokenAnswer(readTokenAnswer(answer)));
});
