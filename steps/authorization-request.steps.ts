import { Given, Then, When } from '@cucumber/cucumber';
import { siteOf } from '../client/user-agent/same-site.js';
import { askForAuthorization, describeAuthorization, expectErrorPage } from './authorization-outcome.js';
import type { RequestCredentials } from './authorization-outcome.js';
import { expectState, isAt } from './authorization-return.js';
import { changeParameters, differingRedirectUri, repeatParameter } from './authorization-url.js';
import type { ParameterChanges, RedirectUriDifference } from './authorization-url.js';
import { CheckFailure, expectThat, PrerequisiteFailure } from './check-failure.js';
import { wrongSecret } from './client-driver.js';
import type { AuthorizationStart } from './client-driver.js';
import { credentialsOf, requireLogin } from './login-shown.js';
import type { ScenarioWorld } from './world.js';

async function ask(
  world: ScenarioWorld,
  change: (url: string, start: AuthorizationStart) => string,
  credentials: RequestCredentials = credentialsOf(world),
): Promise<void> {
  const start = await world.client.start();
  world.request.set(start);
  world.outcome.set(await askForAuthorization(world.bank, change(start.url, start), credentials));
}

const askWith = (world: ScenarioWorld, changes: ParameterChanges): Promise<void> =>
  ask(world, (url) => changeParameters(url, changes));

// Without it a bank that refuses everything would pass for one that refuses the right thing.
Given("the bank shows its login to the client's own request", async function (this: ScenarioWorld) {
  await requireLogin(this);
});

When(
  'the client asks for authorization with a redirect URI that has {difference}',
  async function (this: ScenarioWorld, difference: RedirectUriDifference) {
    const redirectUri = differingRedirectUri(this.bank.client.redirectUri, difference);
    if (redirectUri === null) return this.skip(`${difference} may differ where the redirect URI is of loopback`);
    await askWith(this, { redirect_uri: redirectUri });
    return undefined;
  },
);

When('the client asks for authorization', async function (this: ScenarioWorld) {
  await ask(this, (url) => url);
});

When('the client asks for authorization without PKCE', async function (this: ScenarioWorld) {
  await askWith(this, { code_challenge: null, code_challenge_method: null });
});

When('the client asks for authorization without a scope', async function (this: ScenarioWorld) {
  await askWith(this, { scope: null });
});

When('the client asks for authorization with an empty response type', async function (this: ScenarioWorld) {
  await askWith(this, { response_type: '' });
});

When('the client asks for authorization with the prompt {word}', async function (this: ScenarioWorld, prompt: string) {
  await askWith(this, { prompt });
});

When('the browser posts the authorization request', async function (this: ScenarioWorld) {
  const start = await this.client.start();
  this.request.set(start);
  this.outcome.set(await askForAuthorization(this.bank, start.url, null, 'POST'));
});

Then("the page carries the gateway's code {word}", function (this: ScenarioWorld, code: string) {
  const outcome = this.outcome.get();
  if (outcome.kind !== 'page' || outcome.asksForLogin) {
    throw new PrerequisiteFailure('an error page of the bank', describeAuthorization(outcome));
  }
  const came = outcome.headers.get('x-ca-err') ?? 'none';
  expectThat(came === code, `X-Ca-Err ${code}`, came);
});

When('the client asks for authorization without a redirect URI', async function (this: ScenarioWorld) {
  await askWith(this, { redirect_uri: null });
});

When('the client asks for authorization with its own and a foreign redirect URI', async function (this: ScenarioWorld) {
  await ask(this, (url) => repeatParameter(url, 'redirect_uri', 'https://attacker.example/callback'));
});

When('an unknown client asks for authorization', async function (this: ScenarioWorld) {
  const { unknownClient } = this;
  const isNamed = this.bank.profile.clientIdentification === 'query';
  await ask(
    this,
    (url) => (isNamed ? changeParameters(url, { client_id: unknownClient.id }) : url),
    credentialsOf(this, unknownClient),
  );
});

When('the client asks for authorization with a wrong secret', async function (this: ScenarioWorld) {
  const { client } = this.bank;
  await ask(this, (url) => url, { ...client, secret: wrongSecret(client) });
});

When('a browser asks for authorization for no client', async function (this: ScenarioWorld) {
  await ask(this, (url) => changeParameters(url, { client_id: null }), null);
});

When(
  'the client asks for authorization with the response type {word}',
  async function (this: ScenarioWorld, responseType: string) {
    await askWith(this, { response_type: responseType === 'missing' ? null : responseType });
  },
);

When('the client asks for authorization with a scope of nobody', async function (this: ScenarioWorld) {
  await askWith(this, { scope: `${this.bank.client.scope} scope-of-nobody` });
});

When('the client asks for authorization without openid in the scope', async function (this: ScenarioWorld) {
  const scope = this.bank.client.scope.split(' ').filter((token) => token !== 'openid');
  await askWith(this, { scope: scope.join(' ') });
});

When('the client asks for authorization with the scope sent twice', async function (this: ScenarioWorld) {
  await ask(this, (url) => repeatParameter(url, 'scope', this.bank.client.scope));
});

When(
  'the client asks for authorization with a parameter that the bank does not know',
  async function (this: ScenarioWorld) {
    await askWith(this, { 'x-homologa-unknown': '1' });
  },
);

When('the client asks for authorization and forbids any page', async function (this: ScenarioWorld) {
  await askWith(this, { prompt: 'none' });
});

When(
  'the client asks for authorization with the challenge method {word}',
  async function (this: ScenarioWorld, method: string) {
    await askWith(this, { code_challenge_method: method === 'missing' ? null : method });
  },
);

Then('the bank shows an error and redirects nowhere', function (this: ScenarioWorld) {
  expectErrorPage(this.outcome.get());
});

Then('the browser is not asked for the API Secret', function (this: ScenarioWorld) {
  const outcome = this.outcome.get();
  const isAsked = outcome.kind === 'page' && outcome.headers.has('www-authenticate');
  expectThat(!isAsked, 'no WWW-Authenticate header', 'one that makes the browser ask its user');
});

Then('the error is AppNotFoundError', function (this: ScenarioWorld) {
  const outcome = this.outcome.get();
  const isNamed = outcome.kind === 'page' && outcome.text.includes('AppNotFoundError');
  expectThat(isNamed, 'a page that names AppNotFoundError', describeAuthorization(outcome));
});

Then('the bank shows its login', function (this: ScenarioWorld) {
  const outcome = this.outcome.get();
  const isLogin = outcome.kind === 'page' && outcome.asksForLogin;
  expectThat(isLogin, 'the bank’s login', describeAuthorization(outcome));
});

Then("the login is in the bank's own environment", function (this: ScenarioWorld) {
  const outcome = this.outcome.get();
  if (outcome.kind !== 'page') throw new PrerequisiteFailure('the bank’s login', describeAuthorization(outcome));
  const { authorization, token, api } = this.bank.endpoints;
  const own = [authorization, token, api].map((address) => siteOf(new URL(address)));
  const site = siteOf(new URL(outcome.url));
  if (own.includes(site)) return;
  const said = { expected: `a login on ${[...new Set(own)].join(' or ')}`, actual: `one on ${site}` };
  // Of a mock all is known. Which other sites a real bank has nothing tells: a person has to look.
  if (this.bank.control !== null) throw new CheckFailure(said.expected, said.actual);
  this.note({ finding: 'warning', ...said });
});

Then('the client gets the error {word} and its state', function (this: ScenarioWorld, error: string) {
  const outcome = this.outcome.get();
  const expected = `a redirect to the client with the error ${error}`;
  if (outcome.kind === 'page') throw new CheckFailure(expected, describeAuthorization(outcome));
  const url = new URL(outcome.to);
  const isError = isAt(url, this.bank.client.redirectUri) && url.searchParams.get('error') === error;
  expectThat(isError && !url.searchParams.has('code'), expected, describeAuthorization(outcome));
  expectState(url, this.request.get().transaction.state);
});
