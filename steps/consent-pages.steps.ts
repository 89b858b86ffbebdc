import { Given, Then, When } from '@cucumber/cucumber';
import { choiceGroups, namesCompany } from '../client/user-agent/form-roles.js';
import { readConsentStep, submitConsent, submitLogin, submitSecondFactor } from '../client/user-agent/consent-steps.js';
import type { ConsentStep } from '../client/user-agent/consent-steps.js';
import { CheckFailure, expectThat } from './check-failure.js';
import {
  describeNavigation,
  expectPage,
  givesCode,
  pageOf,
  typeToken,
  typeTokenWhereAsked,
  walkTo,
} from './consent-browsing.js';
import { isoSeconds } from './moment.js';
import type { FactorKind } from './target.js';
import type { ScenarioWorld } from './world.js';

/** Six digits that are no token of the user. */
async function wrongToken(world: ScenarioWorld): Promise<string> {
  const right = world.bank.control === null ? null : await world.control.secondFactor.get(world.bank.user.username);
  const candidates = ['000000', '111111', '222222'];
  return candidates.find((candidate) => candidate !== right?.sms && candidate !== right?.app) ?? '333333';
}

Given('the user is asked for the password', async function (this: ScenarioWorld) {
  await walkTo(this, ({ kind }) => kind === 'login');
});

Given('the user is asked for the token', async function (this: ScenarioWorld) {
  await walkTo(this, ({ kind }) => kind === 'second-factor');
});

Given('the user is asked for the {factor} token', async function (this: ScenarioWorld, factor: FactorKind) {
  await walkTo(this, ({ kind }) => kind === 'second-factor', factor);
});

When('the user is asked to consent', async function (this: ScenarioWorld) {
  await walkTo(this, ({ kind }) => kind === 'consent');
});

When('the user is asked for the company', async function (this: ScenarioWorld) {
  await walkTo(this, (step) => step.kind === 'consent' && companyChoices(step).length > 0);
});

function companyChoices(step: ConsentStep): string[] {
  if (step.kind !== 'consent') return [];
  return choiceGroups(step.form)
    .flatMap(({ choices }) => choices)
    .filter(namesCompany)
    .map(({ value }) => value);
}

When('the user types a wrong password', async function (this: ScenarioWorld) {
  const { userAgent } = this.browsing.get();
  const { username, password } = this.bank.user;
  const navigation = await submitLogin(userAgent, pageOf(this), { username, password: `${password}-errada` });
  this.browsing.set({ userAgent, navigation });
});

When('the user types a wrong token', async function (this: ScenarioWorld) {
  await typeTokenWhereAsked(this, await wrongToken(this));
});

When('the user types a wrong token {int} times', async function (this: ScenarioWorld, times: number) {
  // The first is typed where a token must be asked for; a bank that takes it asks for no second.
  await typeToken(this, await wrongToken(this));
  for (let typed = 1; typed < times; typed += 1) await typeTokenWhereAsked(this, await wrongToken(this));
});

When(
  'the user types it {moment} {duration} have passed',
  async function (this: ScenarioWorld, moment: number, duration: number) {
    const code = await this.bank.secondFactorCode(this.bank.user, 'sms');
    await this.control.clock.advance(isoSeconds(duration + moment));
    await typeToken(this, code);
  },
);

When('the user confirms another consent with the same app token', async function (this: ScenarioWorld) {
  await walkTo(this, ({ kind }) => kind === 'second-factor', 'app');
  await typeToken(this, this.usedFactorCode.get());
});

When('the user sends the right token twice', async function (this: ScenarioWorld) {
  const { userAgent } = this.browsing.get();
  const page = pageOf(this);
  const code = await this.bank.secondFactorCode(this.bank.user, 'sms');
  const send = () => submitSecondFactor(userAgent, page, code);
  // At once and once more: a bank may forget either.
  const atOnce = await Promise.all([send(), send()]);
  this.navigations.set([...atOnce, await send()]);
});

When('the user sends the choice twice', async function (this: ScenarioWorld) {
  const { userAgent } = this.browsing.get();
  const page = pageOf(this);
  const { company, factor } = this.bank;
  const send = () => submitConsent(userAgent, page, { decision: 'approve', company, factor });
  const atOnce = await Promise.all([send(), send()]);
  this.navigations.set([...atOnce, await send()]);
});

Then('the client gets one code and no second one', function (this: ScenarioWorld) {
  const codes = this.navigations.get().filter((navigation) => givesCode(this, navigation));
  expectThat(codes.length === 1, 'one code', `${String(codes.length)} codes`);
});

Then('the bank asks for the password again', function (this: ScenarioWorld) {
  expectAgain(this, 'login');
});

Then('the bank asks for the token again', function (this: ScenarioWorld) {
  expectAgain(this, 'second-factor');
});

function expectAgain(world: ScenarioWorld, kind: ConsentStep['kind']): void {
  const { navigation } = world.browsing.get();
  const isAgain = navigation.kind === 'page' && readConsentStep(navigation.page).kind === kind;
  expectThat(isAgain, `the bank’s ${kind} page again`, describeNavigation(navigation));
}

Then('the bank sends the user back with code', function (this: ScenarioWorld) {
  const { navigation } = this.browsing.get();
  expectThat(givesCode(this, navigation), 'a redirect with a code', describeNavigation(navigation));
});

Then('the right token does not help any more', async function (this: ScenarioWorld) {
  const { userAgent, navigation } = this.browsing.get();
  expectThat(!givesCode(this, navigation), 'the consent to be over', describeNavigation(navigation));
  if (navigation.kind === 'stopped') return;
  const code = await this.bank.secondFactorCode(this.bank.user, 'sms');
  if (readConsentStep(navigation.page).kind !== 'second-factor') return;
  const late = await submitSecondFactor(userAgent, navigation.page, code);
  expectThat(!givesCode(this, late), 'the consent to be over', describeNavigation(late));
});

Then('the page names every scope that the client asked for', function (this: ScenarioWorld) {
  const { text } = expectPage(this);
  const unnamed = this.request
    .get()
    .transaction.scope.split(' ')
    .filter((scope) => !text.includes(scope));
  expectThat(unnamed.length === 0, 'a page that names every scope', `one without ${unnamed.join(', ')}`);
});

Then("the page offers the sandbox's company and no other", function (this: ScenarioWorld) {
  const offered = companyChoices(readConsentStep(expectPage(this)));
  const { company } = this.bank;
  expectThat(offered.join() === company, `the company ${company} and no other`, offered.join(', ') || 'none');
});

Then('the page forbids framing and is kept by no cache', function (this: ScenarioWorld) {
  const { headers } = pageOf(this);
  const policy = headers.get('content-security-policy') ?? '';
  const frames = /frame-ancestors ([^;]*)/.exec(policy)?.[1]?.trim();
  const option = headers.get('x-frame-options')?.toUpperCase();
  const isGuarded =
    frames === undefined ? option === 'DENY' || option === 'SAMEORIGIN' : /^'(?:none|self)'$/.test(frames);
  if (!isGuarded) throw new CheckFailure('frame-ancestors or X-Frame-Options against other sites', 'neither');
  const cache = headers.get('cache-control') ?? 'no Cache-Control';
  expectThat(/\bno-store\b/.test(cache), 'Cache-Control no-store', cache);
});

Given('the bank asks for an SMS token after the password', async function (this: ScenarioWorld) {
  await this.control.settings.patch({ btg: { secondFactor: 'sms' } });
});
