import { Given, Then, When } from '@cucumber/cucumber';
import { pkceChallenge, randomValue } from '../client/authorization-request.js';
import { CheckFailure, expectThat, PrerequisiteFailure } from './check-failure.js';
import { heldTokens } from './client-driver.js';
import type { HeldCode } from './client-driver.js';
import { holdCode } from './grant-setup.js';
import {
  expectAccessToken,
  expectBearer,
  expectClientRefused,
  expectGrantType,
  expectRefusal,
  expectTaken,
  requireAccessToken,
  requireTaken,
  requireTokens,
} from './judge-token-answer.js';
import { isoSeconds } from './moment.js';
import { callResource, describeApiAnswer, shownData } from './resource.js';
import { describeTokenAnswer } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

Given('the client holds a code', async function (this: ScenarioWorld) {
  await holdCode(this);
});

Given('the client holds a code that it asked for with PKCE', async function (this: ScenarioWorld) {
  await holdCode(this, { pkce: true });
});

Given('the client holds a code that it asked for without PKCE', async function (this: ScenarioWorld) {
  await holdCode(this, { pkce: false });
});

Given('the client holds a code that it asked for with a nonce', async function (this: ScenarioWorld) {
  await holdCode(this, { nonce: true });
});

Given('the client redeemed a code', async function (this: ScenarioWorld) {
  const held = await holdCode(this);
  this.tokens.set(heldTokens(await this.client.redeem(held), held.scope));
});

async function redeem(world: ScenarioWorld, differing: Partial<HeldCode> = {}): Promise<void> {
  world.tokenAnswer.set(await world.client.redeem({ ...world.code.get(), ...differing }));
}

When('the client redeems the code', async function (this: ScenarioWorld) {
  await redeem(this);
});

When('the client redeems the code again', async function (this: ScenarioWorld) {
  await redeem(this);
});

When(
  'the client redeems the code {moment} {duration} have passed',
  async function (this: ScenarioWorld, moment: number, duration: number) {
    await this.control.clock.advance(isoSeconds(duration + moment));
    await redeem(this);
  },
);

When('another client redeems the code', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.otherClient.redeem(this.code.get()));
});

When('an unknown client redeems the code', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.driver(this.unknownClient).redeem(this.code.get()));
});

When('the client redeems the code with a wrong secret', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.clientWithWrongSecret.redeem(this.code.get()));
});

When('the client redeems the code with its credentials in the address only', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.client.redeemWithCredentialsInAddress(this.code.get()));
});

When('the client redeems the code with another redirect URI', async function (this: ScenarioWorld) {
  await redeem(this, { redirectUri: `${this.code.get().redirectUri}/another` });
});

When('the client redeems the code without a redirect URI', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.client.redeemWithoutRedirectUri(this.code.get()));
});

When('the client redeems the code with {verifier}', async function (this: ScenarioWorld, verifier: string) {
  const { codeVerifier } = this.code.get();
  const verifiers: Readonly<Record<string, string | null>> = {
    'another verifier': randomValue(),
    'no verifier': null,
    'the challenge as the verifier': codeVerifier === null ? null : pkceChallenge(codeVerifier),
  };
  await redeem(this, { codeVerifier: verifiers[verifier] === undefined ? codeVerifier : verifiers[verifier] });
});

When('the client redeems the code with a verifier all the same', async function (this: ScenarioWorld) {
  await redeem(this, { codeVerifier: randomValue() });
});

Then('the bank knows the client and the grant type', function (this: ScenarioWorld) {
  expectTaken(this.tokenAnswer.get());
});

Then('the bank knows the grant type', function (this: ScenarioWorld) {
  expectGrantType(this.tokenAnswer.get());
});

Then('the bank gives tokens', function (this: ScenarioWorld) {
  expectAccessToken(this.tokenAnswer.get());
});

Then('the bank gives tokens all the same', async function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  if (answer.accessToken !== null) return;
  // Where the documented request is refused too, this says nothing of the difference.
  requireAccessToken(await this.client.redeem(await holdCode(this)));
  throw new CheckFailure('tokens', describeTokenAnswer(answer));
});

Then('a refresh token comes with them', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  expectAccessToken(answer);
  expectThat(answer.refreshToken !== null, 'a refresh token', 'an access token alone');
});

Then('an id_token comes with them', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  expectAccessToken(answer);
  expectThat(answer.idToken !== null, 'an id_token', 'none');
});

Then('the access token is to be sent as Bearer', function (this: ScenarioWorld) {
  expectBearer(this.tokenAnswer.get());
});

Then('the bank gives an access token and nothing to refresh or identify', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  expectAccessToken(answer);
  const more = [
    answer.refreshToken === null ? [] : ['a refresh token'],
    answer.idToken === null ? [] : ['an id_token'],
  ];
  expectThat(more.flat().length === 0, 'an access token alone', `${more.flat().join(' and ')} with it`);
});

Then('the bank refuses the code', function (this: ScenarioWorld) {
  expectRefusal(this.tokenAnswer.get(), 400, 'invalid_grant', 'the code does not work here');
});

Then('the bank refuses the request', function (this: ScenarioWorld) {
  expectRefusal(this.tokenAnswer.get(), 400, 'invalid_request', 'a mandatory parameter is missing');
});

Then('the bank gives no tokens', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  expectThat(answer.accessToken === null, 'a refusal', describeTokenAnswer(answer));
});

Then('the bank refuses the client', function (this: ScenarioWorld) {
  expectClientRefused(this.tokenAnswer.get());
});

Then('no cache may keep the answer', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  requireAccessToken(answer);
  const cache = answer.http.headers.get('cache-control') ?? 'no Cache-Control';
  expectThat(/\bno-store\b/i.test(cache), 'Cache-Control no-store', cache);
});

Then('the access token is announced for {int} seconds', function (this: ScenarioWorld, seconds: number) {
  const answer = this.tokenAnswer.get();
  requireAccessToken(answer);
  const { expiresIn } = answer;
  expectThat(expiresIn === seconds, `expires_in ${String(seconds)}`, `expires_in ${String(expiresIn)}`);
});

Then('the answer names the scope that was granted', function (this: ScenarioWorld) {
  const sorted = (scope: string): string => scope.split(' ').sort().join(' ');
  const { scope } = this.tokenAnswer.get();
  const asked = sorted(this.code.get().scope);
  if (scope === null) throw new CheckFailure(`the scope ${asked}`, 'no scope');
  expectThat(sorted(scope) === asked, `the scope ${asked}`, sorted(scope));
});

Then('the tokens that the code gave stop working', async function (this: ScenarioWorld) {
  const { accessToken } = this.tokens.get();
  const api = await callResource(this.bank, `Bearer ${accessToken}`);
  expectThat(
    shownData(this.bank, api) === null,
    'the access token that the code gave to be dead',
    describeApiAnswer(api),
  );
  const refresh = await this.client.refreshTokens(this.tokens.get());
  expectThat(
    refresh.accessToken === null,
    'the refresh token that the code gave to be dead',
    describeTokenAnswer(refresh),
  );
});

Then("the answer carries the gateway's code {word}", function (this: ScenarioWorld, code: string) {
  const answer = this.tokenAnswer.get();
  const came = answer.http.headers.get('x-ca-err') ?? 'none';
  if (came !== code && code !== '3003201') requireTaken(answer, 'unsupported_grant_type');
  expectThat(came === code, `X-Ca-Err ${code}`, came);
});

Then("the answer is the gateway's pretty-printed JSON with its members in order", function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  requireTokens(answer);
  const lines = answer.http.body.split('\r\n');
  const members = lines.map((line) => /^ {2}"([a-z_]+)":/.exec(line)?.[1]).filter((name) => name !== undefined);
  const expected = 'access_token, token_type, expires_in, refresh_token, scope';
  expectThat(
    members.join(', ') === expected,
    `lines ended by CRLF with ${expected}`,
    members.join(', ') || 'other JSON',
  );
});

Then('the answer says app-not-found', async function (this: ScenarioWorld) {
  const { http } = this.tokenAnswer.get();
  if (/"brn"[^}]*app-not-found/.test(http.body)) return;
  const known = await this.client.redeem(this.code.get());
  if (known.error === 'invalid_client')
    throw new PrerequisiteFailure('a client that the bank takes', 'another refused');
  throw new CheckFailure('a member brn with app-not-found', 'none');
});

When('the client asks for a token of its own', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await this.client.clientCredentials(this.bank.client.scope));
});

Given('the client holds a token of its own', async function (this: ScenarioWorld) {
  const answer = await this.client.clientCredentials(this.bank.client.scope);
  this.tokens.set(heldTokens({ ...answer, refreshToken: answer.refreshToken ?? '' }, this.bank.client.scope));
});
