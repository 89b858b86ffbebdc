import { Then } from '@cucumber/cucumber';
import { CheckFailure, expectThat } from './check-failure.js';
import { requireAccessToken, requireTokens } from './judge-token-answer.js';
import { parseJson } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

Then('access token and refresh token are GUIDs', function (this: ScenarioWorld) {
  const { accessToken, refreshToken } = requireTokens(this.tokenAnswer.get());
  expectThat(guid.test(accessToken) && guid.test(refreshToken), 'two GUIDs', 'tokens of another form');
});

Then('the answer identifies nobody', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  requireAccessToken(answer);
  expectThat(answer.idToken === null, 'no id_token', 'an id_token');
});

Then("the answer has the gateway's recorded headers", function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  requireTokens(answer);
  const { headers } = answer.http;
  const came = ['content-type', 'cache-control', 'pragma'].map((name) => headers.get(name) ?? `no ${name}`).join('; ');
  const expected = 'application/json;charset=UTF-8; no-store; no-cache';
  expectThat(came.toLowerCase().replaceAll(', ', ',') === expected.toLowerCase(), expected, came);
});

Then('the answer is JSON with the documented members in order', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  requireTokens(answer);
  const type = answer.http.headers.get('content-type') ?? 'no Content-Type';
  expectThat(/^application\/json\b/i.test(type), 'Content-Type application/json', type);
  const json = parseJson(answer.http.body);
  const names = typeof json === 'object' && json !== null ? Object.keys(json).slice(0, 6).join(', ') : 'no object';
  const expected = 'access_token, refresh_token, scope, id_token, token_type, expires_in';
  expectThat(names === expected, expected, names);
});

Then('the refresh token is opaque', function (this: ScenarioWorld) {
  const { refreshToken } = requireTokens(this.tokenAnswer.get());
  expectThat(refreshToken.split('.').length !== 3, 'a refresh token that is no JWT', 'one of three parts');
});

Then('code and tokens are too long to be guessed', function (this: ScenarioWorld) {
  const { accessToken, refreshToken } = requireTokens(this.tokenAnswer.get());
  // 128 bits are 22 characters of base64url and 32 hexadecimal digits.
  const short = Object.entries({ code: this.code.get().code, accessToken, refreshToken })
    .filter(([, value]) => value.length < (/^[0-9a-f-]+$/i.test(value) ? 32 : 22))
    .map(([name]) => name);
  if (short.length > 0) throw new CheckFailure('code and tokens of 128 bits at least', `a short ${short.join(', ')}`);
});

Then('every member of the answer has its type', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  requireAccessToken(answer);
  const type = answer.http.headers.get('content-type') ?? 'no Content-Type';
  expectThat(/^application\/json\b/i.test(type), 'Content-Type application/json', type);
  const json = parseJson(answer.http.body);
  if (typeof json !== 'object' || json === null) throw new CheckFailure('a JSON object', 'something else');
  const wrong = Object.entries(json)
    .filter(([name, value]) => (typeof value === 'number') !== (name === 'expires_in'))
    .map(([name, value]) => `${name} as ${typeof value}`);
  expectThat(wrong.length === 0, 'expires_in as a number, all others as text', wrong.join(', '));
  const { expiresIn } = answer;
  const isWhole = expiresIn !== null && Number.isInteger(expiresIn) && expiresIn > 0;
  expectThat(isWhole, 'expires_in as a whole number of seconds', `expires_in ${String(expiresIn)}`);
});
