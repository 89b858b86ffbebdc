import { Given, Then, When } from '@cucumber/cucumber';
import { randomValue } from '../client/authorization-request.js';
import { expectThat, PrerequisiteFailure } from './check-failure.js';
import { holdTokens } from './grant-setup.js';
import { describeTokenAnswer, readTokenAnswer } from './token-answer.js';
import { sendRevocation } from './raw-token-request.js';
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

When(
  'the client revokes its refresh token under a hint that the bank does not know',
  async function (this: ScenarioWorld) {
    const token = this.tokens.get().refreshToken;
    const parameters = [['token', token] as const, ['token_type_hint', 'unknown_kind'] as const];
    this.revocation.set(await sendRevocation(this.bank, { parameters, authorization: this.client.basic }));
  },
);

When('the client revokes no token', async function (this: ScenarioWorld) {
  const answer = await sendRevocation(this.bank, { parameters: [], authorization: this.client.basic });
  this.tokenAnswer.set(readTokenAnswer(answer));
});

Given('the client revoked its access token', async function (this: ScenarioWorld) {
  const { accessToken } = await holdTokens(this);
  const parameters = [['token', accessToken] as const, ['token_type_hint', 'access_token'] as const];
  await sendRevocation(this.bank, { parameters, authorization: this.client.basic });
});

Then('the bank takes the revocation', function (this: ScenarioWorld) {
  const answer = this.revocation.get();
  const isTaken = answer.status >= 200 && answer.status < 300;
  expectThat(isTaken, 'a success', describeTokenAnswer(readTokenAnswer(answer)));
});

Then('the bank confirms the revocation', function (this: ScenarioWorld) {
  const answer = this.revocation.get();
  expectThat(answer.status === 200, '200', describeTokenAnswer(readTokenAnswer(answer)));
});
