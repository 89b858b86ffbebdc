import { Given, Then, When } from '@cucumber/cucumber';
import {
  addedParameters,
  describeReturn,
  expectState,
  hasCode,
  isAt,
  returnedUrl,
  tryConsent,
} from './authorization-return.js';
import { changeParameters, demandingStates } from './authorization-url.js';
import { expectThat, PrerequisiteFailure } from './check-failure.js';
import type { AuthorizationStart } from './client-driver.js';
import { consentOverHttp } from './consent-ways/http-consent.js';
import { requireLogin } from './login-shown.js';
import { isLoopbackName } from './loopback-names.js';
import type { ConsentInput, FactorKind } from './target.js';
import { statusOfRedirect } from './redirect-status.js';
import type { ScenarioWorld } from './world.js';

/** Lets the user answer a request, and keeps how it ended. */
async function answerRequest(
  world: ScenarioWorld,
  start: AuthorizationStart,
  differing: Partial<ConsentInput> = {},
): Promise<void> {
  world.request.set(start);
  world.consentEnd.set(await tryConsent(world.bank, world.consentInput(start, differing)));
}

/** A request whose state is the given one; null sends none. */
async function startWithState(world: ScenarioWorld, state: string | null): Promise<AuthorizationStart> {
  const { url, transaction } = await world.client.start();
  return { url: changeParameters(url, { state }), transaction: { ...transaction, state: state ?? '' } };
}

async function returned(world: ScenarioWorld): Promise<URL> {
  const end = world.consentEnd.get();
  if (end.kind === 'stuck') await requireLogin(world);
  return returnedUrl(end, world.bank.client.redirectUri);
}

/** Where the user came back; of a user who did not, nothing else can be said. @throws PrerequisiteFailure */
async function cameBack(world: ScenarioWorld): Promise<URL> {
  const end = world.consentEnd.get();
  if (end.kind === 'stuck') throw new PrerequisiteFailure('the user to come back', end.why);
  return returned(world);
}

When('the user consents', async function (this: ScenarioWorld) {
  await answerRequest(this, await this.client.start());
});

When('the user consents with the {factor} token', async function (this: ScenarioWorld, factor: FactorKind) {
  await answerRequest(this, await this.client.start(), { factor });
});

When('the user consents at an address that names the client', async function (this: ScenarioWorld) {
  await answerRequest(this, await this.client.start({ identification: 'query' }), { identification: 'query' });
});

When('the user consents to a request whose state is {state}', async function (this: ScenarioWorld, state: string) {
  await answerRequest(this, await startWithState(this, demandingStates[state] ?? state));
});

When('the user consents to a request without a state', async function (this: ScenarioWorld) {
  await answerRequest(this, await startWithState(this, null));
});

When('the user denies', async function (this: ScenarioWorld) {
  await answerRequest(this, await this.client.start(), { decision: 'deny' });
});

Given('a user who confirmed a consent with an app token', async function (this: ScenarioWorld) {
  const start = await this.client.start();
  const secondFactorCode = async (...asked: Parameters<typeof this.bank.secondFactorCode>): Promise<string> => {
    const code = await this.bank.secondFactorCode(...asked);
    this.usedFactorCode.set(code);
    return code;
  };
  await consentOverHttp({ fetch: this.bank.fetch, secondFactorCode }, this.consentInput(start, { factor: 'app' }));
});

Then('the user comes back with a code', async function (this: ScenarioWorld) {
  const url = await returned(this);
  // Where in the address it stands is judged where the parameters are.
  expectThat(hasCode(url), 'a redirect with a code', describeReturn(url));
});

Then('the user comes back with exactly {parameters}', async function (this: ScenarioWorld, names: readonly string[]) {
  const url = await returned(this);
  const came = addedParameters(url, this.bank.client.redirectUri);
  expectThat(came.join(', ') === names.join(', '), `a redirect with ${names.join(', ')}`, describeReturn(url));
});

Then('the user comes back without a state', async function (this: ScenarioWorld) {
  const url = await returned(this);
  expectThat(hasCode(url), 'a redirect with a code', describeReturn(url));
  const isAbsent = !url.searchParams.has('state') && !new URLSearchParams(url.hash.slice(1)).has('state');
  expectThat(isAbsent, 'a redirect without state', describeReturn(url));
});

Then('the user comes back with the error {word}', async function (this: ScenarioWorld, error: string) {
  const url = await returned(this);
  const { searchParams } = url;
  expectThat(
    searchParams.get('error') === error && !searchParams.has('code'),
    `the error ${error}, and no code`,
    describeReturn(url),
  );
  const description = searchParams.get('error_description');
  expectThat(
    description === null || /^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/.test(description),
    'an error_description of the allowed characters',
    'one with others',
  );
});

Then('the state is the one that was sent', async function (this: ScenarioWorld) {
  expectState(await returned(this), this.request.get().transaction.state);
});

Then("the iss is the bank's issuer", async function (this: ScenarioWorld) {
  const { issuer } = this.bank;
  const url = await cameBack(this);
  const iss = url.searchParams.getAll('iss');
  const came = iss.length === 0 ? 'no iss' : iss.join(' and ');
  expectThat(iss.length === 1 && iss[0] === issuer, `the iss ${issuer ?? ''}`, came);
});

Then('the iss is a bare address', async function (this: ScenarioWorld) {
  const iss = (await cameBack(this)).searchParams.get('iss') ?? '';
  const url = URL.canParse(iss) ? new URL(iss) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackName(url.hostname));
  const isBare = url !== null && !/[?#]/.test(iss) && !iss.endsWith('/');
  const expected = 'an https address (http on a loopback host) without query, fragment and slash at its end';
  expectThat(isSafe && isBare, expected, iss === '' ? 'no iss' : iss);
});

Then('the bank redirects by 302', async function (this: ScenarioWorld) {
  await cameBack(this);
  const status = statusOfRedirect(this) ?? 0;
  expectThat(status === 302, '302', String(status));
});

Then('the bank redirects in a way that does not repeat the form at the client', async function (this: ScenarioWorld) {
  await cameBack(this);
  // The last answer is the one that sent the user back.
  const status = statusOfRedirect(this) ?? 0;
  const expected = 'a redirect by 302 or 303, which browsers follow with a GET';
  expectThat([301, 302, 303].includes(status), expected, `one by ${String(status)}`);
});

Then('the client gets no code', function (this: ScenarioWorld) {
  const { navigation } = this.browsing.get();
  if (navigation.kind !== 'stopped') return;
  const url = new URL(navigation.redirectTo);
  const isGiven = isAt(url, this.bank.client.redirectUri) && hasCode(url);
  expectThat(!isGiven, 'no code', describeReturn(url));
});
