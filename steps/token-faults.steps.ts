import { Then, When } from '@cucumber/cucumber';
import { CheckFailure, expectThat, HarnessFault } from './check-failure.js';
import { holdCode } from './grant-setup.js';
import { expectAccessToken, expectRefusal } from './judge-token-answer.js';
import { sendTokenRequest } from './raw-token-request.js';
import { codeFaults, refreshFaults } from './token-faults.js';
import { describeTokenAnswer, errorMembers } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

async function send(world: ScenarioWorld, faults: typeof codeFaults, fault: string): Promise<void> {
  const make = faults[fault];
  if (make === undefined) throw new HarnessFault(`There is no fault "${fault}".`);
  const { bank, client, code, tokens } = world;
  const right = {
    bank,
    basic: client.basic,
    code: code.isSet ? code.get() : null,
    tokens: tokens.isSet ? tokens.get() : null,
  };
  world.tokenAnswer.set(await sendTokenRequest(bank, make(right)));
}

When('the client redeems the code {codeFault}', async function (this: ScenarioWorld, fault: string) {
  await send(this, codeFaults, fault);
});

When('the client refreshes {refreshFault}', async function (this: ScenarioWorld, fault: string) {
  await send(this, refreshFaults, fault);
});

When('the client refreshes for a part of its scope', async function (this: ScenarioWorld) {
  const { refreshToken, scope } = this.tokens.get();
  const scopes = scope.split(' ');
  if (scopes.length < 2) return this.skip('the client has a single scope, of which there is no part');
  const part = scopes.slice(0, -1).join(' ');
  this.askedScope.set(part);
  this.tokenAnswer.set(await this.client.refresh(refreshToken, part));
  return undefined;
});

When('the client refreshes with a wrong secret', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.clientWithWrongSecret.refreshTokens(this.tokens.get()));
});

When('the client redeems the code of a new consent', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.client.redeem(await holdCode(this)));
});

Then('the bank refuses the grant type', function (this: ScenarioWorld) {
  expectRefusal(this.tokenAnswer.get(), 400, 'unsupported_grant_type', 'the bank does not offer this grant type');
});

Then('the error is JSON in the allowed characters', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  const { status, headers } = answer.http;
  const type = headers.get('content-type') ?? 'no Content-Type';
  expectThat(status === 400 || status === 401, '400 or 401', describeTokenAnswer(answer));
  expectThat(/^application\/json\b/i.test(type), 'Content-Type application/json', type);
  const { error, description } = errorMembers(answer);
  if (error === null) throw new CheckFailure('a member error', describeTokenAnswer(answer));
  const isAllowed = (text: string): boolean => /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/.test(text);
  expectThat(isAllowed(error), 'an error of the allowed characters', 'one with others');
  const isDescribed = description === null || isAllowed(description);
  expectThat(isDescribed, 'an error_description of the allowed characters', 'one with others');
});

Then('the error says in words what is wrong', function (this: ScenarioWorld) {
  const { description } = errorMembers(this.tokenAnswer.get());
  expectThat((description ?? '').trim() !== '', 'an error_description', 'none');
});

Then('the answer names no more than that part of the scope', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  expectAccessToken(answer);
  // RFC 6749 section 5.1: an answer without scope grants what was asked for.
  const asked = this.askedScope.get().split(' ');
  const more = (answer.scope ?? '').split(' ').filter((scope) => scope !== '' && !asked.includes(scope));
  expectThat(more.length === 0, `no more than ${asked.join(' ')}`, `${more.join(' ')} besides`);
});
