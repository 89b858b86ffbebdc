import { Then } from '@cucumber/cucumber';
import { compactVerify, createLocalJWKSet } from 'jose';
import type { JSONWebKeySet } from 'jose';
import * as v from 'valibot';
import { exchange } from '../client/http-transport.js';
import { isCpf } from '../mock-server/tenants/taxpayer-number.js';
import { CheckFailure, expectThat } from './check-failure.js';
import { requireAccessToken } from './judge-token-answer.js';
import { claimOf, readAccessToken } from './read-jwt.js';
import { parseJson } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

const keySet = v.object({ keys: v.array(v.looseObject({ kty: v.string() })) });

function accessToken(world: ScenarioWorld): ReturnType<typeof readAccessToken> {
  return readAccessToken(requireAccessToken(world.tokenAnswer.get()));
}

Then('the access token is an RS256 JWT of type at+jwt', async function (this: ScenarioWorld) {
  const { token, header } = accessToken(this);
  const { alg, typ, kid } = header;
  const came = `alg ${String(alg)}, typ ${String(typ)}, ${typeof kid === 'string' ? 'a kid' : 'no kid'}`;
  expectThat(alg === 'RS256' && typ === 'at+jwt' && typeof kid === 'string', 'alg RS256, typ at+jwt, a kid', came);
  if (this.bank.control === null) return;
  // Nothing shows that the real bank publishes its keys; the mock's control does.
  const answer = await exchange(this.bank.fetch, new Request(this.control.jwksUri));
  const keys: JSONWebKeySet = v.parse(keySet, parseJson(answer.body));
  try {
    await compactVerify(token, createLocalJWKSet(keys), { algorithms: ['RS256'] });
  } catch {
    throw new CheckFailure('a signature by the bank’s key', 'one that does not verify');
  }
});

Then('its first claims are sub, scope, iss, exp, iat, client_id and jti', function (this: ScenarioWorld) {
  const { token } = accessToken(this);
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  const names = Object.keys(v.parse(v.record(v.string(), v.unknown()), parseJson(claims)))
    .slice(0, 7)
    .join(', ');
  const expected = 'sub, scope, iss, exp, iat, client_id, jti';
  expectThat(names === expected, `claims that begin with ${expected}`, names);
});

Then('it has no audience', function (this: ScenarioWorld) {
  expectThat(!('aud' in accessToken(this).claims), 'no aud', 'an aud');
});

Then('the access token names this client and this bank', function (this: ScenarioWorld) {
  const token = accessToken(this);
  const { issuer, client } = this.bank;
  expectThat(claimOf(token, 'client_id', v.string()) === client.id, 'client_id of this client', 'another');
  const iss = claimOf(token, 'iss', v.string());
  expectThat(iss === issuer, `iss ${issuer ?? ''}`, `iss ${iss}`);
});

Then('the access token names a person by CPF', function (this: ScenarioWorld) {
  expectThat(isCpf(claimOf(accessToken(this), 'sub', v.string())), 'sub with a CPF', 'another sub');
});

Then('the access token expires {int} seconds after it was made', async function (this: ScenarioWorld, life: number) {
  const token = accessToken(this);
  const [iat, exp] = [claimOf(token, 'iat', v.number()), claimOf(token, 'exp', v.number())];
  const now = Math.floor((await this.bank.now()) / 1000);
  expectThat(Math.abs(now - iat) <= 60, 'iat now', `iat ${String(now - iat)} s ago`);
  const lives = exp - iat;
  expectThat(lives === life, `exp ${String(life)} s after iat`, `${String(lives)} s`);
});

Then('the access token names the company that the user chose', function (this: ScenarioWorld) {
  const { claims } = accessToken(this);
  const { company, client } = this.bank;
  const named = client.scope.split(' ').filter((scope) => claims[scope] === company);
  expectThat(named.length > 0, `a claim named after a granted scope with ${company}`, 'none');
});
