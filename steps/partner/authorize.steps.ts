import { Then, When } from '@cucumber/cucumber';
import { CheckFailure, expectThat, PrerequisiteFailure } from '../check-failure.js';
import {
  challengeBreach,
  framesBank,
  holdsClientSecret,
  identificationBreach,
  identificationOf,
  parameterBreach,
  requestParameter,
} from './authorization-request.js';
import type { Breach } from './authorization-request.js';
import { isFromBrowser } from './bank-call.js';
import { estimateGuess, guessableBits, weakBits } from './guess-estimate.js';
import type { GuessEstimate } from './guess-estimate.js';
import { needControl } from './partner-hooks.steps.js';
import { describeConnection } from './partner-world.js';
import type { PartnerWorld } from './partner-world.js';
import { repetitionOf, sampleRequests, sightingsOf } from './request-samples.js';
import { proofOf } from './response-proof.js';

// A breach shows even where the application gets no further; nothing passes for an application that does not connect.

When('the application sends a customer to the bank', function (this: PartnerWorld) {
  const { connection } = this.run.control;
  if (connection.request === null)
    throw new PrerequisiteFailure('an authorization request', describeConnection(connection));
  this.request.set(connection.request);
});

When('the application sends several customers to the bank', async function (this: PartnerWorld) {
  this.samples.set(await sampleRequests(this));
});

function refuse(breach: Breach | null): void {
  if (breach !== null) throw new CheckFailure(breach.expected, breach.actual);
}

Then('the request has what the bank asks for', function (this: PartnerWorld) {
  refuse(parameterBreach(this.request.get()));
  needControl();
});

Then('the request says which client sends it', function (this: PartnerWorld) {
  const request = this.request.get();
  refuse(identificationBreach(request));
  needControl();
  this.note({ finding: 'recorded', actual: identificationOf(request) });
});

Then('no address holds the client secret', function (this: PartnerWorld) {
  const { client } = this.bank;
  const calls = this.traffic.calls.filter((call) => call.bank === this.bank.bank && call.endpoint === 'authorize');
  for (const call of calls) {
    const isInUrl = holdsClientSecret(call.url.href, client);
    expectThat(!isInUrl, 'addresses without the client secret', 'the secret in the address of the bank’s login');
    const isShown = call.basic !== null && isFromBrowser(call);
    expectThat(!isShown, 'a secret that stays in the backend', 'Basic with the secret, sent by the customer’s browser');
    const isVerifier = requestParameter(call, 'code_verifier') !== null;
    expectThat(!isVerifier, 'a code_verifier that stays with the application', 'it in the address of the bank’s login');
  }
  for (const { url, location } of this.run.pages.all) {
    const isInUrl = [url, location ?? ''].some((address) => holdsClientSecret(address, client));
    expectThat(!isInUrl, 'addresses without the client secret', 'the secret in an address of the application');
  }
  needControl();
});

Then('the customer logs in at an address of the bank', function (this: PartnerWorld) {
  const { connection } = this.run.control;
  const expected = 'the bank’s login at the bank’s own address';
  expectThat(connection.kind !== 'proxied-login', expected, 'the login on a page of the application');
  const framed = this.run.pages.all.find(({ body }) => framesBank(body, (url) => this.bank.isAtBank(url)));
  expectThat(framed === undefined, expected, 'the login in a frame of the application’s page');
  needControl();
});

Then('the request has a state, or another defence of the callback', async function (this: PartnerWorld) {
  const request = this.request.get();
  if (requestParameter(request, 'state') === null) {
    const samples = await sampleRequests(this);
    const proof = proofOf(
      request,
      samples.map((sample) => sample.request),
      this.setup.idToken,
    );
    const isAtBtg = request.bank === 'btg';
    const expected = isAtBtg ? 'a state, or PKCE with S256, or a nonce' : 'a state: BS2 knows no other defence';
    expectThat(proof !== null, expected, isAtBtg ? 'none of them that differs for each customer' : 'none');
    this.inform(`no state is sent; ${proof} is what defends the callback`);
  }
  needControl();
});

Then('each has a state of its own', function (this: PartnerWorld) {
  const sightings = sightingsOf(this.samples.get(), 'state');
  if (sightings.length === 0)
    return this.notApplicable('the application sends no state; partner.authorize.state-present judges that');
  const repetition = repetitionOf(sightings);
  const expected = 'a new state for each connect';
  if (repetition === 'another-customer') refuseStates(this, expected, 'the same state for two customers');
  if (repetition === 'same-customer') {
    const actual = 'a customer who connects again gets the same state';
    if (estimateGuess(sightings).bits < guessableBits) refuseStates(this, expected, actual);
    else this.warn(expected, actual);
  }
  needControl();
  return undefined;
});

Then('nobody can guess the next state', function (this: PartnerWorld) {
  const sightings = sightingsOf(this.samples.get(), 'state');
  if (sightings.length === 0)
    return this.notApplicable('the application sends no state; partner.authorize.state-present judges that');
  const estimate = estimateGuess(sightings);
  if (estimate.bits < guessableBits) refuseStates(this, expectedBits, describeGuess(estimate));
  else if (estimate.bits < weakBits) this.warn(expectedBits, describeGuess(estimate));
  else
    this.note({
      finding: 'recorded',
      actual: `about ${String(Math.round(estimate.bits))} bits would have to be guessed`,
    });
  needControl();
  return undefined;
});

Then('each has a nonce of its own', function (this: PartnerWorld) {
  const samples = this.samples.get();
  const sightings = sightingsOf(samples, 'nonce');
  if (sightings.length === 0) return this.notApplicable('the application sends no nonce');
  const repetition = repetitionOf(sightings);
  expectThat(repetition !== 'another-customer', 'a new nonce for each connect', 'the same nonce for two customers');
  const estimate = estimateGuess(sightings);
  if (estimate.bits < guessableBits) {
    const isAlone = [...sightingsOf(samples, 'state'), ...sightingsOf(samples, 'code_challenge')].length === 0;
    if (isAlone) throw new CheckFailure(expectedBits, describeGuess(estimate));
    this.warn(expectedBits, describeGuess(estimate));
  } else if (repetition === 'same-customer') this.inform('the nonce is one of the session, not of each request');
  needControl();
  return undefined;
});

Then('each has a PKCE challenge of its own, by S256', function (this: PartnerWorld) {
  const samples = this.samples.get();
  for (const { request } of samples) refuse(challengeBreach(request));
  const sightings = sightingsOf(samples, 'code_challenge');
  const repetition = repetitionOf(sightings);
  const expected = 'a new verifier for each connect';
  expectThat(repetition !== 'another-customer', expected, 'the same challenge for two customers');
  if (repetition === 'same-customer') this.warn(expected, 'a customer who connects again gets the same challenge');
  needControl();
  if (sightings.length === 0) this.inform('PKCE is not used; BTG understands it, and RFC 9700 recommends it');
});

/** Fails for states that defend nothing, unless something else defends the callback. */
function refuseStates(world: PartnerWorld, expected: string, actual: string): void {
  const requests = world.samples.get().map(({ request }) => request);
  const last = requests.at(-1);
  const proof = last === undefined ? null : proofOf(last, requests, world.setup.idToken);
  if (proof === null) throw new CheckFailure(expected, actual);
  world.inform(`${actual}; ${proof} is what defends the callback`);
}

const expectedBits = 'a random value of 128 bits or more';

function describeGuess({ bits, because }: GuessEstimate): string {
  return bits < guessableBits && because !== 'so little of it changes'
    ? because
    : `about ${String(Math.round(bits))} bits of it change from one connect to the next`;
}
