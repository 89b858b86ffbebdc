import { judgeBearer, readSentBearer } from '../../oauth/bearer-check.js';
import type { SentBearer } from '../../oauth/bearer-check.js';
import type { AccessToken, Grant } from '../../store/records.js';
import type { RegisteredClient } from '../../tenants/registered-client.js';
import type { Tenant } from '../../tenants/tenant.js';
import type { Account } from '../../tenants/user.js';
import { banksOf } from '../bank-of-exchange.js';
import { answer } from '../exchange.js';
import type { Answer, Exchange } from '../exchange.js';
import type { Route } from '../route-table.js';
import { RequestParameters } from '../../oauth/request-parameters.js';
import { companyOfGrant } from '../company-of-grant.js';
import { grantOfExchange } from '../grant-of-exchange.js';
import { businessError, forbidden, gatewayJson, invalidToken, resourceJson } from './gateway-answers.js';
import { bs2Paths } from './profile.js';

/** Scopes of which any one opens the current account's resources; the others of the list were seen to do so too. */
const openingScopes: Readonly<Record<'balance' | 'statement', readonly string[]>> = {
  balance: ['saldo', 'forintegration', 'pix.cambio.collection.order', 'pix.cambio.payment.order'],
  statement: ['extrato', 'forintegration', 'pix.cambio.collection.order', 'pix.cambio.payment.order'],
};

type Resource = keyof typeof openingScopes;
type Access = { readonly account: Account } | { readonly answer: Answer };

/** Lets a bearer token in, in BS2's own shapes of refusal. */
async function admit(exchange: Exchange, resource: Resource): Promise<Access> {
  const { tenant, facts } = exchange;
  const { resources, tokens } = banksOf(exchange).bs2;
  const refuse = (outcome: string, refusal: Answer): Access => {
    facts.outcome = outcome;
    return { answer: refusal };
  };
  const bearer = await resources.bearer(exchange);
  if (bearer === 'missing') return refuse('missing', resources.missingToken());
  if (bearer === 'malformed') return refuse('malformed', resources.invalidToken());
  const key = bearer.token;
  const token = await tenant.store.accessToken(key);
  const grant = await grantOfExchange(exchange, token);
  if (grant === undefined) return refuse('unknown', resources.invalidToken());
  facts.clientId = grant.clientId;
  facts.grantId = grant.id;
  if (grant.username !== null) facts.username = grant.username;
  const client = tenant.clients.find('bs2', grant.clientId);
  if (client === undefined) return refuse('unknown-client', resources.invalidToken());
  const decision = judgeBearer(token, grant, tokens.policy(exchange, client), tenant.clock.now());
  if (decision.kind === 'refused') return refuse(decision.why, resources.invalidToken());
  if (!resources.isProvisioned(client)) return refuse('not-provisioned', resources.notProvisioned());
  if (!resources.hasScope(decision.token, resource)) return refuse('insufficient-scope', forbidden());
  const account = await resources.accountOf(tenant, grant);
  return account === undefined ? refuse('no-account', forbidden()) : { account };
}

function hasScope(token: AccessToken, resource: Resource): boolean {
  const granted = token.scope.split(' ');
  return openingScopes[resource].some((scope) => granted.includes(scope));
}

function accountOf(tenant: Tenant, grant: Grant): Account | undefined {
  return companyOfGrant(tenant, grant)?.accounts.find((account) => account.bank === 'bs2');
}

/** No `Authorization` at all: the gateway answers before the resource does. */
function missingToken(): Answer {
  return answer(
    401,
    [
      ['www-authenticate', 'Bearer'],
      ['content-type', 'application/json;charset=UTF-8'],
    ],
    gatewayJson([
      ['error', 'invalid_request'],
      ['error_description', 'Validation error'],
    ]),
  );
}

/** What BS2's resources decide for themselves. */
export interface Bs2Resources {
  bearer(exchange: Exchange): Promise<SentBearer> | SentBearer;
  isProvisioned(client: RegisteredClient): boolean;
  hasScope(token: AccessToken, resource: Resource): boolean;
  /** The account that a grant opens. */
  accountOf(tenant: Tenant, grant: Grant): Promise<Account | undefined> | Account | undefined;
  missingToken(): Answer;
  invalidToken(): Answer;
  notProvisioned(): Answer;
  balance(account: Account): Readonly<Record<string, unknown>>;
}

export const bs2Resources: Bs2Resources = {
  bearer: ({ headers }) => {
    const authorization = headers.get('authorization');
    return authorization === null ? 'missing' : readSentBearer(authorization);
  },
  isProvisioned: ({ provisioned }) => provisioned,
  hasScope,
  accountOf,
  missingToken,
  invalidToken,
  notProvisioned: forbidden,
  balance: ({ available, blocked }) => ({ valor: available, valorBloqueado: blocked }),
};

async function balance(exchange: Exchange): Promise<Answer> {
  const access = await admit(exchange, 'balance');
  if ('answer' in access) return access.answer;
  const reference = new RequestParameters(exchange.query).get('dataReferencia');
  if (reference !== undefined && Number.isNaN(Date.parse(reference))) {
    exchange.facts.outcome = 'business-error';
    return businessError('dataReferencia', 'A data de referência é inválida.');
  }
  exchange.facts.outcome = 'balance';
  return resourceJson(banksOf(exchange).bs2.resources.balance(access.account));
}

async function statement(exchange: Exchange): Promise<Answer> {
  const access = await admit(exchange, 'statement');
  if ('answer' in access) return access.answer;
  const query = new RequestParameters(exchange.query);
  const from = Date.parse(query.get('movimentoInicial') ?? '');
  const until = Date.parse(query.get('movimentoFinal') ?? '');
  const start = query.get('inicio') ?? '0';
  const refuse = (tag: string, descricao: string): Answer => {
    exchange.facts.outcome = 'business-error';
    return businessError(tag, descricao);
  };
  if (Number.isNaN(from)) return refuse('movimentoInicial', 'A data inicial é obrigatória e deve ser válida.');
  if (Number.isNaN(until)) return refuse('movimentoFinal', 'A data final é obrigatória e deve ser válida.');
  if (from > until) return refuse('movimentoInicial', 'A data inicial deve ser anterior à data final.');
  if (!/^\d{1,6}$/.test(start)) return refuse('inicio', 'O início deve ser um número.');
  exchange.facts.outcome = 'statement';
  const { available, blocked, number } = access.account;
  const movement = (protocolo: string, valor: number, movimentadoEm: number): unknown => ({
    protocolo,
    valor,
    movimentadoEm: new Date(movimentadoEm).toISOString(),
    descricao: 'Movimento de teste',
    pix: null,
    remetente: {
      nome: 'Pagador de Teste',
      documento: '11144477735',
      nomeBanco: 'BCO BS2 S.A.',
      banco: '218',
      agencia: '0001',
      conta: number,
    },
  });
  const movements = [movement('TESTE0001', available / 2, from), movement('TESTE0002', available / 2, until)];
  return resourceJson({
    saldo: {
      inicial: 0,
      final: available,
      bloqueado: { por24Horas: 0, por48Horas: 0, acima: 0, judicial: blocked },
    },
    chequeEspecial: null,
    movimentacoes: movements.slice(Number(start)),
    inicio: Number(start),
    limite: 100,
    total: movements.length,
  });
}

/** Resources that prove a token: balance and statement, in both versions seen. */
export const bs2ResourceRoutes: readonly Route[] = [
  { method: 'GET', path: bs2Paths.balance, endpoint: 'api', handle: balance },
  { method: 'GET', path: bs2Paths.balanceV1, endpoint: 'api', handle: balance },
  { method: 'GET', path: bs2Paths.statement, endpoint: 'api', handle: statement },
  { method: 'GET', path: bs2Paths.statementV1, endpoint: 'api', handle: statement },
];
