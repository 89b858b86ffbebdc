import { Given, Then, When } from '@cucumber/cucumber';
import type { HttpAnswer } from '../client/http-answer.js';
import { badAuthorizations } from './bad-authorization.js';
import { CheckFailure, expectThat, HarnessFault, PrerequisiteFailure } from './check-failure.js';
import { holdTokens, requireOpening } from './grant-setup.js';
import { isoSeconds } from './moment.js';
import { callResource, describeApiAnswer, ownData, resourceUrl, shownData } from './resource.js';
import type { ScenarioWorld } from './world.js';

/** Scope that opens the resource of the scenarios, by bank. */
const scopesOfResource: Readonly<Record<string, readonly string[]>> = {
  bs2: ['saldo'],
  btg: ['empresas.btgpactual.com/accounts.readonly', 'empresas.btgpactual.com/accounts'],
};

/** A CNPJ with right check digits that no sandbox has. */
const foreignCompany = '11222333000181';

async function call(world: ScenarioWorld, accessToken: string, url?: string): Promise<void> {
  world.apiAnswer.set(await callResource(world.bank, `Bearer ${accessToken}`, url));
}

Given('the client holds tokens for another feature', async function (this: ScenarioWorld) {
  const opening = scopesOfResource[this.bank.bank] ?? [];
  const other = this.bank.client.scope.split(' ').filter((scope) => !opening.includes(scope));
  if (other.length === 0) return this.skip('the client has no scope but the one of the resource');
  await holdTokens(this, { scope: other.join(' ') });
  return undefined;
});

Given('a client that the bank has not provisioned holds tokens', async function (this: ScenarioWorld) {
  const { bank, client } = this.bank;
  const { redirectUri, scope } = client;
  const created = await this.control.clients.create({ bank, redirectUris: [redirectUri], scope, provisioned: false });
  if (created.secret === null) throw new HarnessFault('The mock made a client without a secret.');
  const { log } = this.opened.get();
  const unprovisioned = { id: created.id, secret: created.secret, redirectUri, scope };
  this.opened.set({ bank: { ...this.bank, client: unprovisioned }, log });
  await holdTokens(this);
});

When('the client calls the API', async function (this: ScenarioWorld) {
  await call(this, this.tokens.get().accessToken);
});

When('the client calls the API with the access token from before the refresh', async function (this: ScenarioWorld) {
  await call(this, this.previousTokens.get().accessToken);
});

When('the client calls the API with the older access token', async function (this: ScenarioWorld) {
  await call(this, this.previousTokens.get().accessToken);
});

When(
  'the client calls the API {moment} {duration} have passed',
  async function (this: ScenarioWorld, moment: number, duration: number) {
    await call(this, this.tokens.get().accessToken);
    const fresh = this.apiAnswer.get();
    if (fresh.status !== 200) throw new PrerequisiteFailure('a token that opens at first', describeApiAnswer(fresh));
    await this.control.clock.advance(isoSeconds(duration + moment));
    await call(this, this.tokens.get().accessToken);
  },
);

When('the client calls the API {int} times', async function (this: ScenarioWorld, times: number) {
  const { accessToken } = this.tokens.get();
  const answers: HttpAnswer[] = [];
  while (answers.length < times) answers.push(await callResource(this.bank, `Bearer ${accessToken}`));
  this.apiAnswers.set(answers);
});

When('the client calls the API with {badToken}', async function (this: ScenarioWorld, token: string) {
  const make = badAuthorizations[token];
  if (make === undefined) throw new HarnessFault(`There is no bad token "${token}".`);
  const { header, query } = make(this.tokens.get());
  const url = new URL(resourceUrl(this.bank));
  if (query !== undefined) url.searchParams.set('access_token', query);
  this.apiAnswer.set(await callResource(this.bank, header ?? null, url.href));
});

When('the client calls the API with no token', async function (this: ScenarioWorld) {
  this.apiAnswer.set(await callResource(this.bank, null));
});

When("the client calls the API of a company that is not the sandbox's", async function (this: ScenarioWorld) {
  await call(this, this.tokens.get().accessToken, resourceUrl(this.bank, foreignCompany));
});

Then("the API answers with the user's own data", async function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  const shown = shownData(this.bank, answer);
  const expected = (await ownData(this.bank, this.bank.user))?.join('; ') ?? 'the user’s accounts';
  if (shown === null) throw new CheckFailure(expected, describeApiAnswer(answer));
  if (this.bank.control !== null) expectThat(shown.join('; ') === expected, expected, shown.join('; '));
});

Then('the API answers every time', function (this: ScenarioWorld) {
  const [first] = this.apiAnswers.get();
  if (first?.status !== 200) throw new PrerequisiteFailure('a first answer', 'a refusal of the very first call');
  const refused = this.apiAnswers.get().find(({ status }) => status !== 200);
  if (refused !== undefined) throw new CheckFailure('an answer every time', describeApiAnswer(refused));
});

Then('the API lets the client in', async function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  await requireOpeningOn401(answer, this);
  expectThat(answer.status === 200, '200', describeApiAnswer(answer));
});

Then('the API refuses the access token', function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  expectThat(answer.status === 401 || answer.status === 403, '401', describeApiAnswer(answer));
});

Then('the API answers as to an invalid token', function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  const { rejectedTokenBody } = this.bank.profile;
  const text = rejectedTokenBody === null ? '' : ` with the text "${rejectedTokenBody}"`;
  const isText = rejectedTokenBody === null || answer.body === rejectedTokenBody;
  expectThat(answer.status === 401 && isText, `401${text}`, describeApiAnswer(answer));
});

// A token that does not arrive as Bearer may be answered as one that is missing, or as one that does not work.
Then('the API refuses the call with 401', function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  expectThat(answer.status === 401, '401', describeApiAnswer(answer));
});

Then('the API asks for a token and names no error', function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  const challenge = answer.headers.get('www-authenticate') ?? 'no WWW-Authenticate';
  expectThat(answer.status === 401, '401', describeApiAnswer(answer));
  expectThat(/^bearer\b/i.test(challenge), 'WWW-Authenticate for Bearer', challenge);
  expectThat(!/error=/.test(challenge), 'no error, since no token was sent', challenge);
});

/** A bank that refuses every token says nothing of this one. */
async function requireOpeningOn401({ status }: HttpAnswer, world: ScenarioWorld): Promise<void> {
  if (status === 401) await requireOpening(world);
}

Then('the API forbids the call', async function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  await requireOpeningOn401(answer, this);
  expectThat(answer.status === 403, '403', describeApiAnswer(answer));
});

Then('the API forbids the call with an empty body', async function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  await requireOpeningOn401(answer, this);
  expectThat(answer.status === 403 && answer.body === '', '403 with an empty body', describeApiAnswer(answer));
});

Then('the API forbids the call and lists the scopes that would do', async function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  await requireOpeningOn401(answer, this);
  const [scope = ''] = scopesOfResource[this.bank.bank] ?? [];
  const text = 'Insufficient scope. Required: ';
  const lists = answer.body.includes(text) && answer.body.includes(scope);
  expectThat(answer.status === 403 && lists, `403 with "${text}" and ${scope}`, describeApiAnswer(answer));
});

Then('the API does not find it', async function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  await requireOpeningOn401(answer, this);
  expectThat(answer.status === 404, '404', describeApiAnswer(answer));
});

Then("the API's answer is recorded", function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  const works = shownData(this.bank, answer) !== null;
  this.record(
    works ? 'the old access token still works' : `the old access token is refused (${describeApiAnswer(answer)})`,
  );
});
