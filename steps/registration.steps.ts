import { Given, Then, When } from '@cucumber/cucumber';
import { authorizationCodeRequest, passwordRequest } from '../client/token-request.js';
import { exchange } from '../client/http-transport.js';
import { describeReturn, returnedCode, returnedUrl, tryConsent } from './authorization-return.js';
import { CheckFailure, expectThat, HarnessFault } from './check-failure.js';
import { heldTokens } from './client-driver.js';
import { holdCode, holdTokens, requireOpening } from './grant-setup.js';
import { callResource, describeApiAnswer } from './resource.js';
import { readTokenAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';
import type { ClientUnderTest } from './target.js';
import { requireLogin } from './login-shown.js';
import type { ScenarioWorld } from './world.js';

/** Goes on as another client of the bank. */
function becomeClient(world: ScenarioWorld, client: ClientUnderTest): void {
  const { bank, log } = world.opened.get();
  world.opened.set({ bank: { ...bank, client }, log });
}

/** Registers a client with the redirect URIs of a scenario, and goes on as that client; it uses the last of them. */
async function registerClient(world: ScenarioWorld, redirectUris: readonly string[]): Promise<void> {
  const { bank, client } = world.bank;
  const { scope } = client;
  const { id, secret } = await world.control.clients.create({ bank, redirectUris: [...redirectUris], scope });
  if (secret === null) throw new HarnessFault('The mock made a client without a secret.');
  becomeClient(world, { id, secret, scope, redirectUri: redirectUris.at(-1) ?? client.redirectUri });
}

Given('the client registered a redirect URI with a query', async function (this: ScenarioWorld) {
  await registerClient(this, ['https://client.example/callback?tenant=7&view=a%20b']);
});

Given('the client registered two redirect URIs', async function (this: ScenarioWorld) {
  await registerClient(this, ['https://client.example/callback', 'https://client.example/second']);
});

Given('the client registered a redirect URI of http', async function (this: ScenarioWorld) {
  await registerClient(this, ['http://client.example/callback']);
});

Given('the bank takes redirect URIs of https only, as in production', async function (this: ScenarioWorld) {
  const httpsRedirectUris = true;
  await this.control.settings.patch({ bs2: { httpsRedirectUris }, btg: { httpsRedirectUris } });
});

Then('the user comes back to that address with its query kept', async function (this: ScenarioWorld) {
  const { redirectUri } = this.bank.client;
  const end = this.consentEnd.get();
  if (end.kind === 'stuck') await requireLogin(this);
  const url = returnedUrl(end, redirectUri);
  const own = [...new URL(redirectUri).searchParams];
  const isKept = own.every(([name, value]) => url.searchParams.getAll(name).join() === value);
  expectThat(isKept && !url.searchParams.has('error'), `${redirectUri} with parameters added`, describeReturn(url));
});

Given('a client without a secret holds a code that it asked for with PKCE', async function (this: ScenarioWorld) {
  if (this.bank.bank !== 'btg') throw new HarnessFault('Only BTG has clients without a secret.');
  const { redirectUri, scope } = this.bank.client;
  const { id } = await this.control.clients.create({ bank: 'btg', type: 'public', redirectUris: [redirectUri], scope });
  becomeClient(this, { id, secret: '', redirectUri, scope });
  await holdCode(this, { pkce: true });
});

Given('a client without a secret', async function (this: ScenarioWorld) {
  const { redirectUri, scope } = this.bank.client;
  const { id } = await this.control.clients.create({ bank: 'btg', type: 'public', redirectUris: [redirectUri], scope });
  becomeClient(this, { id, secret: '', redirectUri, scope });
});

async function redeemAsPublic(world: ScenarioWorld, codeVerifier: string | null): Promise<TokenAnswer> {
  const { endpoints, client, fetch } = world.bank;
  const context = { tokenEndpoint: endpoints.token, client: { id: client.id }, authentication: 'none' } as const;
  const { code, redirectUri } = world.code.get();
  const request = authorizationCodeRequest(context, { code, redirectUri, codeVerifier });
  return readTokenAnswer(await exchange(fetch, request));
}

When('it redeems the code with its id and verifier', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await redeemAsPublic(this, this.code.get().codeVerifier));
});

When('it redeems the code with its id alone', async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await redeemAsPublic(this, null));
});

async function askByPassword(world: ScenarioWorld): Promise<TokenAnswer> {
  const { endpoints, client, profile, user, fetch } = world.bank;
  const context = { tokenEndpoint: endpoints.token, client, authentication: profile.tokenEndpointAuthentication };
  const request = passwordRequest(context, { ...user, scope: client.scope });
  return readTokenAnswer(await exchange(fetch, request));
}

When("the client asks for tokens with the user's password", async function (this: ScenarioWorld) {
  this.tokenAnswer.set(await askByPassword(this));
});

Given("the client holds tokens that it got with the user's password", async function (this: ScenarioWorld) {
  this.tokens.set(heldTokens(await askByPassword(this), this.bank.client.scope));
});

Given('the client holds tokens of a user who is a developer', async function (this: ScenarioWorld) {
  const { username, password } = await this.control.users.get('desenvolvedor');
  await holdTokens(this, {}, { user: { username, password } });
});

Given('the bank wants operators, as in production', async function (this: ScenarioWorld) {
  await this.control.settings.patch({ btg: { requireOperator: true } });
});

When('another client asks for tokens', async function (this: ScenarioWorld) {
  const { otherClient, bank } = this;
  const { secondClient } = bank;
  if (secondClient === null) throw new HarnessFault('There is no second client.');
  const start = await otherClient.start();
  const end = await tryConsent(bank, this.consentInput(start, { client: secondClient }));
  const code = returnedCode(end);
  const { redirectUri, codeVerifier } = start.transaction;
  this.tokenAnswer.set(await otherClient.redeem({ code, redirectUri, codeVerifier }));
});

Then('the new access token opens the account', async function (this: ScenarioWorld) {
  const answer = await callResource(this.bank, `Bearer ${this.tokenAnswer.get().accessToken ?? ''}`);
  if (answer.status === 200) return;
  await requireOpening(this);
  throw new CheckFailure('the user’s data', describeApiAnswer(answer));
});
