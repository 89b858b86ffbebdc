import { Given, Then, When } from '@cucumber/cucumber';
import type { HttpTransport } from '../client/http-transport.js';
import { expectThat } from './check-failure.js';
import { consentOverHttp } from './consent-ways/http-consent.js';
import { callResource, describeApiAnswer } from './resource.js';
import { describeTokenAnswer } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

/** Goes on with that User-Agent. */
function sendUserAgent(world: ScenarioWorld, userAgent: string): void {
  const { bank, log } = world.opened.get();
  const fetch = withUserAgent(bank.fetch, userAgent);
  const changed = { ...bank, fetch };
  world.opened.set({ bank: { ...changed, consent: (input) => consentOverHttp(changed, input) }, log });
}

/** Sends that User-Agent with every request. */
function withUserAgent(transport: HttpTransport, userAgent: string): HttpTransport {
  return (request) => {
    const headers = new Headers(request.headers);
    // What was wrapped last decides.
    if (!headers.has('user-agent')) headers.set('user-agent', userAgent);
    return transport(new Request(request, { headers, redirect: 'manual' }));
  };
}

Given(
  'the bank is in production, and the client sends the code that it was given',
  async function (this: ScenarioWorld) {
    await this.control.settings.patch({ environment: 'producao' });
    const { userAgentCode } = (await this.control.settings.get()).bs2;
    sendUserAgent(this, `client/1.0 ${userAgentCode ?? ''}`);
  },
);

Given('the client forgets the code of the User-Agent', function (this: ScenarioWorld) {
  sendUserAgent(this, 'client/1.0');
});

When('the client calls the API and the token endpoint', async function (this: ScenarioWorld) {
  this.apiAnswer.set(await callResource(this.bank, `Bearer ${this.tokens.get().accessToken}`));
  this.tokenAnswer.set(await this.client.refreshTokens(this.tokens.get()));
});

Then('the gateway lets neither through', function (this: ScenarioWorld) {
  const api = this.apiAnswer.get();
  const token = this.tokenAnswer.get();
  expectThat(api.status === 403, 'the API closed, 403', describeApiAnswer(api));
  expectThat(token.http.status === 403, 'the token endpoint closed, 403', describeTokenAnswer(token));
});
