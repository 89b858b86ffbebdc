import { Then, When } from '@cucumber/cucumber';
import * as v from 'valibot';
import { CheckFailure, expectThat, PrerequisiteFailure } from './check-failure.js';
import { callResource, describeApiAnswer, shownData } from './resource.js';
import { resourceAddress } from './resource-paths.js';
import { parseJson } from './token-answer.js';
import type { ScenarioWorld } from './world.js';

When('the client calls {resource}', async function (this: ScenarioWorld, resource: string) {
  const authorization = `Bearer ${this.tokens.get().accessToken}`;
  const first = await callResource(this.bank, authorization);
  if (first.status !== 200) throw new PrerequisiteFailure('a token that opens', describeApiAnswer(first));
  const isOfAccount = resource === 'the balances of an account';
  const [account] = isOfAccount ? (shownData(this.bank, first) ?? []) : [];
  const url = resourceAddress(this.bank, resource, account);
  this.apiAnswer.set(await callResource(this.bank, authorization, url));
});

When('the client calls {resource} without a token', async function (this: ScenarioWorld, resource: string) {
  this.apiAnswer.set(await callResource(this.bank, null, resourceAddress(this.bank, resource)));
});

function expectForm(world: ScenarioWorld, status: number, form: v.GenericSchema, expected: string): void {
  const answer = world.apiAnswer.get();
  const read = v.safeParse(form, parseJson(answer.body));
  if (answer.status === status && read.success) return;
  const [issue] = read.issues ?? [];
  const where = issue === undefined ? '' : `, wrong at ${v.getDotPath(issue) ?? 'the top'}`;
  throw new CheckFailure(expected, `${describeApiAnswer(answer)}${where}`);
}

const statement = v.object({
  saldo: v.object({
    inicial: v.number(),
    final: v.number(),
    bloqueado: v.object({
      por24Horas: v.number(),
      por48Horas: v.number(),
      acima: v.number(),
      judicial: v.number(),
    }),
  }),
  chequeEspecial: v.nullable(v.unknown()),
  movimentacoes: v.array(v.unknown()),
  inicio: v.number(),
  limite: v.number(),
  total: v.number(),
});

Then('the API answers with a statement of the recorded form', function (this: ScenarioWorld) {
  expectForm(this, 200, statement, 'saldo, chequeEspecial, movimentacoes, inicio, limite and total');
});

Then('the API answers with a list of tag and descricao', function (this: ScenarioWorld) {
  const form = v.pipe(v.array(v.object({ tag: v.string(), descricao: v.string() })), v.minLength(1));
  expectForm(this, 400, form, '400 with a list of tag and descricao');
});

const amount = v.object({ amount: v.number(), currency: v.string() });

Then('the API answers with the available and the blocked amount', function (this: ScenarioWorld) {
  const form = v.object({ accountId: v.string(), available: amount, blocked: amount });
  expectForm(this, 200, form, 'accountId, available and blocked, with amount and currency');
});

Then('each account has accountId, branchCode and number', function (this: ScenarioWorld) {
  const account = v.object({ accountId: v.string(), branchCode: v.string(), number: v.string() });
  const form = v.object({ data: v.pipe(v.array(account), v.minLength(1)) });
  expectForm(this, 200, form, 'data with accountId, branchCode and number');
});

Then('each accountId is made of CNPJ, 208, branch and number', function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  const { company } = this.bank;
  const ids = shownData(this.bank, answer) ?? [];
  const isRight = ids.length > 0 && ids.every((id) => new RegExp(`^${company}-208-\\d+-\\d+$`).test(id));
  expectThat(isRight, `ids such as ${company}-208-0050-100001`, ids.join(', ') || describeApiAnswer(answer));
});

Then('the API says that the token is invalid', function (this: ScenarioWorld) {
  const answer = this.apiAnswer.get();
  const challenge = answer.headers.get('www-authenticate') ?? 'no WWW-Authenticate';
  const isSaid = answer.status === 401 && /^bearer\b.*error="invalid_token"/i.test(challenge);
  expectThat(isSaid, '401 with WWW-Authenticate Bearer and invalid_token', `${String(answer.status)}, ${challenge}`);
});
