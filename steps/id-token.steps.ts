import { Then } from '@cucumber/cucumber';
import { compactVerify } from 'jose';
import * as v from 'valibot';
import { CheckFailure, expectThat } from './check-failure.js';
import { requireAccessToken } from './judge-token-answer.js';
import { claimOf, readIdToken } from './read-jwt.js';
import type { ScenarioWorld } from './world.js';

/** How far the bank's clock and ours may differ, in seconds. */
const tolerance = 60;

Then("the id_token is signed with HS256 and the client's secret", async function (this: ScenarioWorld) {
  const { token, header } = readIdToken(this.tokenAnswer.get());
  expectThat(header['alg'] === 'HS256', 'alg HS256', `alg ${String(header['alg'])}`);
  try {
    await compactVerify(token, new TextEncoder().encode(this.bank.client.secret), { algorithms: ['HS256'] });
  } catch {
    throw new CheckFailure('a signature keyed with the client’s secret', 'one that does not verify');
  }
});

Then('the id_token is for this client and from this bank', function (this: ScenarioWorld) {
  const idToken = readIdToken(this.tokenAnswer.get());
  const { issuer, client } = this.bank;
  const iss = claimOf(idToken, 'iss', v.string());
  expectThat(iss === issuer, `iss ${issuer ?? ''}`, `iss ${iss}`);
  const audiences = [claimOf(idToken, 'aud', v.union([v.string(), v.array(v.string())]))].flat();
  expectThat(audiences.includes(client.id), 'aud with this client', 'another aud');
  const sub = claimOf(idToken, 'sub', v.string());
  expectThat(/^[\x21-\x7E]{1,255}$/.test(sub), 'sub of 1 to 255 ASCII characters', 'another sub');
});

Then('the id_token is new and not expired', async function (this: ScenarioWorld) {
  const idToken = readIdToken(this.tokenAnswer.get());
  const [iat, exp] = [claimOf(idToken, 'iat', v.number()), claimOf(idToken, 'exp', v.number())];
  const now = Math.floor((await this.bank.now()) / 1000);
  expectThat(Math.abs(now - iat) <= tolerance, 'iat now', `iat ${String(now - iat)} s ago`);
  expectThat(exp > now, 'exp in the future', `exp ${String(now - exp)} s ago`);
});

Then('the id_token carries the nonce that was sent', function (this: ScenarioWorld) {
  const { claims } = readIdToken(this.tokenAnswer.get());
  const came = claims['nonce'] === undefined ? 'no nonce' : 'another nonce';
  expectThat(claims['nonce'] === this.code.get().nonce, 'the nonce that was sent', came);
});

Then("the id_token's header is exactly alg HS256", function (this: ScenarioWorld) {
  const header = JSON.stringify(readIdToken(this.tokenAnswer.get()).header);
  expectThat(header === '{"alg":"HS256"}', '{"alg":"HS256"}', header);
});

Then('an id_token comes again', function (this: ScenarioWorld) {
  const answer = this.tokenAnswer.get();
  requireAccessToken(answer);
  expectThat(answer.idToken !== null, 'an id_token', 'tokens without one');
});

Then('the refreshed id_token keeps issuer, user, client and time of login', function (this: ScenarioWorld) {
  const first = readIdToken(this.tokens.get()).claims;
  const refreshed = readIdToken(this.tokenAnswer.get()).claims;
  const changed = (['iss', 'sub', 'aud', 'auth_time'] as const).filter(
    (name) => JSON.stringify(first[name]) !== JSON.stringify(refreshed[name]),
  );
  expectThat(
    changed.length === 0,
    'iss, sub, aud and auth_time of the first id_token',
    `another ${changed.join(', ')}`,
  );
});

Then('the refreshed id_token is newly made and carries no nonce', async function (this: ScenarioWorld) {
  const first = readIdToken(this.tokens.get()).claims;
  const refreshed = readIdToken(this.tokenAnswer.get());
  const iat = claimOf(refreshed, 'iat', v.number());
  const now = Math.floor((await this.bank.now()) / 1000);
  expectThat(Math.abs(now - iat) <= tolerance, 'iat now', `iat ${String(now - iat)} s ago`);
  // OpenID Connect Core section 12.2: it should have none, and otherwise the first one's.
  const { nonce } = refreshed.claims;
  const isSame = nonce === undefined || nonce === first['nonce'];
  expectThat(isSame, 'no nonce', 'a nonce that is not the first id_token’s');
});
