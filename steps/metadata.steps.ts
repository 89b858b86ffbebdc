import { Given, Then, When } from '@cucumber/cucumber';
import * as v from 'valibot';
import { joinUrl } from '../client/banks/bank-profile.js';
import { exchange } from '../client/http-transport.js';
import { CheckFailure, expectThat } from './check-failure.js';
import { describeApiAnswer } from './resource.js';
import { parseJson } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

const text = v.pipe(v.string(), v.minLength(1));
const list = v.pipe(v.array(text), v.minLength(1));
const metadata = v.looseObject({
  issuer: text,
  authorization_endpoint: text,
  token_endpoint: text,
  jwks_uri: text,
  response_types_supported: list,
  subject_types_supported: list,
  id_token_signing_alg_values_supported: list,
});

Given('the bank publishes its metadata', async function (this: ScenarioWorld) {
  await this.control.settings.patch({ btg: { discovery: true } });
});

When('a client looks for the metadata', async function (this: ScenarioWorld) {
  const base = this.bank.issuer ?? this.bank.endpoints.api;
  const url = joinUrl(base, '/.well-known/openid-configuration');
  this.apiAnswer.set(await exchange(this.bank.fetch, new Request(url, { redirect: 'manual' })));
});

Then('whether there are any is recorded', function (this: ScenarioWorld) {
  const { status } = this.apiAnswer.get();
  this.record(status === 200 ? 'the bank publishes metadata' : `the bank publishes no metadata (${String(status)})`);
});

Then('they have every required member and say that iss comes with the redirect', function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  const type = answer.headers.get('content-type') ?? 'no Content-Type';
  const isJson = answer.status === 200 && /^application\/json\b/i.test(type);
  expectThat(isJson, '200 with application/json', `${String(answer.status)} with ${type}`);
  const json = parseJson(answer.body);
  const read = v.safeParse(metadata, json);
  if (!read.success) {
    const path = v.getDotPath(read.issues[0]) ?? 'the document';
    throw new CheckFailure('every member of OpenID Connect Discovery section 3', `a fault at ${path}`);
  }
  const { issuer } = read.output;
  expectThat(issuer === this.bank.issuer, `the issuer ${this.bank.issuer ?? ''}`, issuer);
  const isSaid = read.output['authorization_response_iss_parameter_supported'] === true;
  expectThat(isSaid, 'authorization_response_iss_parameter_supported true', describeApiAnswer(answer));
  const empty = Object.entries(read.output).filter(([, value]) => Array.isArray(value) && value.length === 0);
  expectThat(empty.length === 0, 'no empty lists', empty.map(([name]) => name).join(', '));
});
