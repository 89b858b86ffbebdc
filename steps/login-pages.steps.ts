import { Given, Then, When } from '@cucumber/cucumber';
import { readConsentStep, submitLogin } from '../client/user-agent/consent-steps.js';
import { createHttpUserAgent } from '../client/user-agent/http-user-agent.js';
import { askForAuthorization } from './authorization-outcome.js';
import { changeParameters } from './authorization-url.js';
import { expectThat, HarnessFault } from './check-failure.js';
import { describeNavigation, givesCode, pageOf, typeToken, typeTokenWhereAsked } from './consent-browsing.js';
import { isoSeconds } from './moment.js';
import type { ScenarioWorld } from './world.js';

When('the user types the right password', async function (this: ScenarioWorld) {
  const { userAgent } = this.browsing.get();
  this.browsing.set({ userAgent, navigation: await submitLogin(userAgent, pageOf(this), this.bank.user) });
});

When('the user types no token', async function (this: ScenarioWorld) {
  await typeTokenWhereAsked(this, '');
});

When("the user types another user's app token", async function (this: ScenarioWorld) {
  const others = (await this.control.users.list()).filter(({ username }) => username !== this.bank.user.username);
  const codes = await Promise.all(others.map(({ username }) => this.control.secondFactor.get(username)));
  const own = await this.control.secondFactor.get(this.bank.user.username);
  const foreign = codes.map(({ app }) => app).find((code) => code !== null && code !== own.app);
  if (foreign === undefined || foreign === null) throw new HarnessFault('The mock has no other user with an app.');
  await typeToken(this, foreign);
});

When('the user types an app token that is {duration} old', async function (this: ScenarioWorld, age: number) {
  const code = await this.bank.secondFactorCode(this.bank.user, 'app');
  await this.control.clock.advance(isoSeconds(age));
  await typeToken(this, code);
});

When(
  'the user types the right password {moment} {duration} have passed',
  async function (this: ScenarioWorld, moment: number, duration: number) {
    const { userAgent } = this.browsing.get();
    await this.control.clock.advance(isoSeconds(duration + moment));
    this.browsing.set({ userAgent, navigation: await submitLogin(userAgent, pageOf(this), this.bank.user) });
  },
);

When("another site sends the bank's login form with the user's password", async function (this: ScenarioWorld) {
  const page = pageOf(this);
  const { redirectUri } = this.bank.client;
  // A browser that never opened the page has neither its cookies nor what its form hides.
  const userAgent = createHttpUserAgent({ fetch: this.bank.fetch, stopAt: [redirectUri] });
  const forms = page.forms.map((form) => ({ ...form, fields: form.fields.filter(({ type }) => type !== 'hidden') }));
  const navigation = await submitLogin(userAgent, { ...page, forms }, this.bank.user);
  this.browsing.set({ userAgent, navigation });
});

Then('the bank does not take the form', function (this: ScenarioWorld) {
  const { navigation } = this.browsing.get();
  const kind = navigation.kind === 'page' ? readConsentStep(navigation.page).kind : 'redirect';
  expectThat(kind === 'login' || kind === 'message', 'an error or the login again', describeNavigation(navigation));
});

Then('the bank goes on to what the client asks for', function (this: ScenarioWorld) {
  const { navigation } = this.browsing.get();
  const kind = navigation.kind === 'page' ? readConsentStep(navigation.page).kind : null;
  expectThat(kind === 'consent' || kind === 'second-factor', 'the bank’s next page', describeNavigation(navigation));
});

Then('the bank takes the password', function (this: ScenarioWorld) {
  const { navigation } = this.browsing.get();
  const kind = navigation.kind === 'page' ? readConsentStep(navigation.page).kind : null;
  expectThat(kind !== 'login' && kind !== 'message', 'what follows the password', describeNavigation(navigation));
});

Then('the session is over', function (this: ScenarioWorld) {
  const { navigation } = this.browsing.get();
  const kind = navigation.kind === 'page' ? readConsentStep(navigation.page).kind : null;
  expectThat(kind === 'message', 'a page that says that the session is over', describeNavigation(navigation));
});

Then('the bank takes the token', function (this: ScenarioWorld) {
  const { navigation } = this.browsing.get();
  expectThat(givesCode(this, navigation), 'a redirect with a code', describeNavigation(navigation));
});

const markup = '"><script src="https://attacker.example/x.js"></script>';

Given('someone prepared an authorization request with markup in it', async function (this: ScenarioWorld) {
  this.request.set(await this.client.start());
});

When('the user opens it', async function (this: ScenarioWorld) {
  const { url } = this.request.get();
  const changes = { redirect_uri: `https://attacker.example/${markup}`, state: markup, client_id: markup };
  this.outcome.set(await askForAuthorization(this.bank, changeParameters(url, changes), null));
});

Given('a client whose name has markup in it', async function (this: ScenarioWorld) {
  const { bank, client } = this.bank;
  const { redirectUri, scope } = client;
  const name = `Contas${markup}`;
  const { id, secret } = await this.control.clients.create({ bank, name, redirectUris: [redirectUri], scope });
  if (secret === null) throw new HarnessFault('The mock made a client without a secret.');
  const { log } = this.opened.get();
  this.opened.set({ bank: { ...this.bank, client: { id, secret, redirectUri, scope } }, log });
});

Then('the page does not run the markup', function (this: ScenarioWorld) {
  // Quotes that are escaped make it no less of a script.
  const isRun = /<script src=(?:"|&quot;)https:\/\/attacker\.example/.test(pageOf(this).html);
  expectThat(!isRun, 'the markup escaped or left out', 'a page that runs it');
});

Then('no page of the bank repeats the markup', function (this: ScenarioWorld) {
  const outcome = this.outcome.get();
  // Nothing runs what stands in JSON.
  const isPage = outcome.kind === 'page' && /html/i.test(outcome.headers.get('content-type') ?? 'html');
  const isRepeated = isPage && outcome.html.includes('<script src="https://attacker.example');
  expectThat(!isRepeated, 'the markup escaped or left out', 'a page that runs it');
});
