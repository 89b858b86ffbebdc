import { Given, Then, When } from '@cucumber/cucumber';
import { expectThat, HarnessFault, PrerequisiteFailure } from './check-failure.js';
import { holdTokens, requireOpening } from './grant-setup.js';
import { callResource, describeApiAnswer, ownData, resourceUrl, shownData } from './resource.js';
import type { BankUnderTest } from './target.js';
import type { ScenarioWorld, TokensOfUser } from './world.js';

/** The bank as it looks for a user of another company. */
function bankOf(world: ScenarioWorld, { company }: Pick<TokensOfUser, 'company'>): BankUnderTest {
  return { ...world.bank, company };
}

/** Whose an account is its number tells; how the ids around it are made is judged where one user's accounts are. */
function ownPart(shown: string): string {
  return /^[\d-]+$/.test(shown) ? (shown.split('-').at(-1) ?? shown) : shown;
}

/** Two users of different companies; the first is the target's own. */
async function twoUsers(world: ScenarioWorld): Promise<Omit<TokensOfUser, 'tokens'>[]> {
  const users = await world.control.users.list();
  const companyOf = ({ companies }: (typeof users)[number]): string => companies[0]?.cnpj ?? '';
  const first = users.find(({ username }) => username === world.bank.user.username);
  const second = users.find(
    (user) => first !== undefined && user.behaviour === 'normal' && companyOf(user) !== companyOf(first),
  );
  if (first === undefined || second === undefined)
    throw new HarnessFault('The mock has no two users of two companies.');
  return [first, second].map((user) => ({ user, company: companyOf(user) }));
}

Given('the bank is in production, where users consent for their own companies', async function (this: ScenarioWorld) {
  await this.control.settings.patch({ btg: { companies: 'linked' } });
});

Given('the client holds the tokens of two users', async function (this: ScenarioWorld) {
  const held: TokensOfUser[] = [];
  for (const { user, company } of await twoUsers(this)) {
    held.push({ user, company, tokens: await holdTokens(this, {}, { user, company }) });
  }
  this.tokensOfUsers.set(held);
});

Given('the client holds tokens for the first company of a user with two', async function (this: ScenarioWorld) {
  await holdTokens(this, {}, { company: this.bank.company });
});

When('the client calls the API of the second company', async function (this: ScenarioWorld) {
  const { companies } = await this.control.users.get(this.bank.user.username);
  const second = companies.find(({ cnpj }) => cnpj !== this.bank.company);
  if (second === undefined) throw new HarnessFault('The mock’s user has no second company.');
  const url = resourceUrl(this.bank, second.cnpj);
  this.apiAnswer.set(await callResource(this.bank, `Bearer ${this.tokens.get().accessToken}`, url));
});

When('the client calls the API for each of them', async function (this: ScenarioWorld) {
  const call = (held: TokensOfUser) => callResource(bankOf(this, held), `Bearer ${held.tokens.accessToken}`);
  this.apiAnswers.set(await Promise.all(this.tokensOfUsers.get().map(call)));
});

When('the client refreshes the tokens of the first user', async function (this: ScenarioWorld) {
  const [first] = this.tokensOfUsers.get();
  if (first === undefined) throw new HarnessFault('There is no first user.');
  this.tokenAnswer.set(await this.client.refreshTokens(first.tokens));
});

Then("each answer shows that user's account and no other", async function (this: ScenarioWorld) {
  const answers = this.apiAnswers.get();
  for (const [index, held] of this.tokensOfUsers.get().entries()) {
    const answer = answers[index];
    if (answer === undefined) throw new HarnessFault('An answer is missing.');
    const bank = bankOf(this, held);
    const expected = (await ownData(bank, held.user, held.company))?.map(ownPart).join('; ') ?? '';
    const data = shownData(bank, answer);
    // What cannot be read is judged where one user's account is.
    if (data === null) await requireOpening(this);
    if (data === null && answer.status === 200) throw new PrerequisiteFailure('accounts', describeApiAnswer(answer));
    const shown = data?.map(ownPart).join('; ') ?? describeApiAnswer(answer);
    expectThat(shown === expected, `${expected} for ${held.user.username}`, shown);
  }
});

Then('the tokens of the second user still work', async function (this: ScenarioWorld) {
  const [, second] = this.tokensOfUsers.get();
  if (second === undefined) throw new HarnessFault('There is no second user.');
  const answer = await callResource(bankOf(this, second), `Bearer ${second.tokens.accessToken}`);
  if (answer.status !== 200) await requireOpening(this);
  expectThat(answer.status === 200, 'the second user’s data', describeApiAnswer(answer));
});
