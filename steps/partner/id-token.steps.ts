import { defineParameterType, Given, Then, When } from '@cucumber/cucumber';
import { strangeKeysPath } from '../../mock-server/faults/id-token-signature-alterations.js';
import { CheckFailure, HarnessFault } from '../check-failure.js';
import { aheadRungs, climb, expiredRungs, verdictOnLeeway } from './clock-leeway.js';
import type { LeewayRung, LeewayTry } from './clock-leeway.js';
import { answerCode, answerRefresh, callUntil, expectNextConnect, isUsed } from './deliver-id-token.js';
import type { DeliveredAnswer, LeewayAnswers } from './deliver-id-token.js';
import { idTokenFaults, refreshedIdTokenFaults, verdictOnUse } from './id-token-fault.js';
import type { IdTokenFault } from './id-token-fault.js';
import { useOf, whyIdTokensAreIgnored } from './id-token-use.js';
import type { PartnerWorld } from './partner-world.js';

const wordsOf = (faults: ReadonlyMap<string, IdTokenFault>): RegExp => new RegExp([...faults.keys()].join('|'));

function named(faults: ReadonlyMap<string, IdTokenFault>): (words: string) => IdTokenFault {
  return (words) => {
    const fault = faults.get(words);
    if (fault === undefined) throw new HarnessFault(`No id_token is called “${words}”.`);
    return fault;
  };
}

defineParameterType({ name: 'wrongIdToken', regexp: wordsOf(idTokenFaults), transformer: named(idTokenFaults) });
defineParameterType({
  name: 'wrongRefreshedIdToken',
  regexp: wordsOf(refreshedIdTokenFaults),
  transformer: named(refreshedIdTokenFaults),
});

const anyFault = named(idTokenFaults);
const wrongSignature = anyFault('an id_token with a wrong signature');
const otherAlgorithms = ['RS256', 'HS384', 'HS512'].map((alg) => anyFault(`an id_token signed with ${alg}`));

function authorizationParameters({ run }: PartnerWorld): URLSearchParams {
  const { request } = run.control.connection;
  return request === null || request.query.size > 0 ? (request?.query ?? new URLSearchParams()) : request.form;
}

Given('it believes id_tokens', function (this: PartnerWorld) {
  const reason = whyIdTokensAreIgnored(this.setup.idToken, authorizationParameters(this));
  return reason === null ? undefined : this.notApplicable(reason);
});

Given('it sends a nonce', function (this: PartnerWorld) {
  if (authorizationParameters(this).has('nonce')) return undefined;
  return this.notApplicable('the application sends no nonce');
});

Given('it verifies the signatures of id_tokens', async function (this: PartnerWorld) {
  if (await verifiesSignatures(this)) return undefined;
  return this.notApplicable(
    'the application does not verify the signatures of id_tokens, as it need not where they come straight from the token endpoint (partner.id-token.signature-bad)',
  );
});

const signatures = 'id-token.signatures';

/** Whether the application refuses a wrong signature; found out once in a run. */
async function verifiesSignatures(world: PartnerWorld): Promise<boolean> {
  const { found } = world.run;
  try {
    if (!found.has(signatures)) remember(world, await answerCode(world, wrongSignature.alteration));
  } catch (error) {
    // Falling over a wrong signature is not believing it; partner.id-token.signature-bad judges that.
    if (!(error instanceof CheckFailure)) throw error;
    found.set(signatures, 'verified');
  }
  return found.get(signatures) === 'verified';
}

function remember(world: PartnerWorld, answer: DeliveredAnswer): void {
  world.run.found.set(signatures, isUsed(world, answer) ? 'not verified' : 'verified');
}

When('the code is answered with {wrongIdToken}', async function (this: PartnerWorld, fault: IdTokenFault) {
  this.mark.set(this.traffic.next);
  const answer = await answerCode(this, fault.alteration);
  if (fault === wrongSignature) remember(this, answer);
  this.wrongIdTokens.set([{ fault, answer }]);
});

When('codes are answered with id_tokens of other algorithms', async function (this: PartnerWorld) {
  const answers = [];
  for (const fault of otherAlgorithms) answers.push({ fault, answer: await answerCode(this, fault.alteration) });
  this.wrongIdTokens.set(answers);
});

When('a refresh is answered with {wrongRefreshedIdToken}', async function (this: PartnerWorld, fault: IdTokenFault) {
  this.wrongIdTokens.set([{ fault, answer: await answerRefresh(this, fault.alteration) }]);
});

Then('no token of that answer is used', function (this: PartnerWorld) {
  for (const { fault, answer } of this.wrongIdTokens.get()) {
    this.judgeAfterWindow(() => verdictOnUse(fault, useOf(this.traffic.calls, answer)));
  }
});

Then('the customer can connect again', async function (this: PartnerWorld) {
  const refused = this.wrongIdTokens.get().filter(({ answer }) => !isUsed(this, answer));
  for (const { answer } of refused.slice(0, 1)) await expectNextConnect(this, answer);
});

Then('the tokens serve the customer', async function (this: PartnerWorld) {
  for (const { fault, answer } of this.wrongIdTokens.get()) {
    const isDone = (): boolean => isUsed(this, answer);
    if (isDone()) continue;
    const { status } = await callUntil(this, answer.customer, this.run.control.patienceMs, isDone);
    if (isDone()) continue;
    throw new CheckFailure(
      `a customer to be connected whose tokens came with ${fault.what}`,
      `the application does not use them; callApi was answered ${String(status)}`,
    );
  }
});

Then('nobody asks for keys there', async function (this: PartnerWorld) {
  const from = this.mark.get();
  const isVerifier = await verifiesSignatures(this);
  this.judgeAfterWindow(() => {
    const isAsked = this.traffic.since(from).some(({ url }) => url.pathname.endsWith(strangeKeysPath));
    if (isAsked) throw new CheckFailure('nobody to open an address that an id_token names', 'its jku was opened');
    const reason = 'the application does not verify the signatures of id_tokens, and looked for no keys';
    return isVerifier ? null : { finding: 'not-applicable', reason };
  });
});

When('id_tokens come whose times are off by seconds, minutes and an hour', async function (this: PartnerWorld) {
  this.leeways.set({ expired: await tryRungs(this, expiredRungs), ahead: await tryRungs(this, aheadRungs) });
});

async function tryRungs(world: PartnerWorld, rungs: readonly LeewayRung[]): Promise<LeewayAnswers['expired']> {
  const tried: LeewayAnswers['expired'][number][] = [];
  await climb(rungs, async (rung) => {
    const answer = await answerCode(world, rung.alteration);
    tried.push({ rung, answer });
    return isUsed(world, answer);
  });
  return tried;
}

Then('clocks that differ by more than 10 minutes are not tolerated', function (this: PartnerWorld) {
  const { expired, ahead } = this.leeways.get();
  const tries = (answers: LeewayAnswers['expired']): LeewayTry[] =>
    answers.map(({ rung: { seconds }, answer }) => ({ seconds, isAccepted: isUsed(this, answer) }));
  this.judgeAfterWindow(() => verdictOnLeeway(tries(expired), tries(ahead)));
});
