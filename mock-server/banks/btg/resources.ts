import { judgeBearer, readSentBearer } from '../../oauth/bearer-check.js';
import type { SentBearer } from '../../oauth/bearer-check.js';
import type { AccessToken, Grant } from '../../store/records.js';
import type { RegisteredClient } from '../../tenants/registered-client.js';
import type { Tenant } from '../../tenants/tenant.js';
import type { Account, Company, User } from '../../tenants/user.js';
import { companyOfGrant } from '../company-of-grant.js';
import { banksOf } from '../bank-of-exchange.js';
import { grantOfExchange } from '../grant-of-exchange.js';
import { answer } from '../exchange.js';
import type { Answer, Exchange } from '../exchange.js';
import type { PathParameters, Route } from '../route-table.js';
import { bearerChallenge, oauthError } from './oauth-answers.js';
import { btgPaths, dedicatedCompany } from './profile.js';

/** Scopes of which any one opens a resource, in the order in which a refusal lists them. */
const openingScopes = {
  accounts: [
    'empresas.btgpactual.com/accounts.readonly',
    'brn:btg:empresas:openfinance:accounts:info.readonly',
    'empresas.btgpactual.com/accounts',
  ],
  balances: [
    'empresas.btgpactual.com/accounts.readonly',
    'brn:btg:empresas:openfinance:accounts:balances.readonly',
    'empresas.btgpactual.com/accounts',
  ],
} as const;

type Resource = keyof typeof openingScopes;

interface Refusal {
  readonly outcome: string;
  readonly answer: Answer;
}
type Access = { readonly accounts: readonly Account[] } | Refusal;
type Bearer = { readonly token: AccessToken; readonly grant: Grant; readonly client: RegisteredClient } | Refusal;

/** Lets a bearer token in: first the token, then what its grant and its user may do, then the company asked for. */
async function admit(exchange: Exchange, resource: Resource, companyId: string): Promise<Access> {
  const bearer = await readBearer(exchange);
  if ('answer' in bearer) return bearer;
  const { token, grant, client } = bearer;
  const { tenant } = exchange;
  const { resources } = banksOf(exchange).btg;
  const settings = tenant.btgSettings(client);
  if (!resources.opensBanking(grant)) {
    return forbidden(
      'client-credentials',
      'client_credentials gives no access to the Banking APIs; use Authorization Code',
    );
  }
  if (!client.provisioned) return forbidden('not-provisioned', 'The application is not enabled for this API');
  const user = grant.username === null ? undefined : tenant.users.find(grant.username);
  if (!resources.mayCall(user, settings.requireOperator)) {
    return forbidden('developer', 'The user who consented must be an operator');
  }
  const accepted = openingScopes[resource];
  if (!resources.hasScope(token, accepted)) {
    return { outcome: 'insufficient-scope', answer: resources.insufficientScope(accepted) };
  }
  if (!resources.companyExists(tenant, companyId)) {
    return notFound('unknown-company', 'The company does not exist in this environment');
  }
  if (!resources.isCompanyOf(grant, companyId)) return forbidden('other-company', 'The token is not of this company');
  const company = await resources.companyOpened(tenant, grant, companyId);
  return { accounts: company?.accounts.filter(({ bank }) => bank === 'btg') ?? [] };
}

/** The token of the `Authorization` header, checked by its signature first and then by the bank's own record. */
async function readBearer(exchange: Exchange): Promise<Bearer> {
  const { tenant, facts } = exchange;
  const { resources, tokens, jwts } = banksOf(exchange).btg;
  const unauthorized = (outcome: string, error: 'invalid_token' | null): Refusal => ({
    outcome,
    answer: resources.unauthorized(error),
  });
  const bearer = resources.bearer(exchange);
  if (bearer === 'missing') return unauthorized('missing', null);
  const key = bearer === 'malformed' ? null : jwts.accessTokenKey(bearer.token);
  if (key === null) return unauthorized('malformed', 'invalid_token');
  const token = await tenant.store.accessToken(key);
  const grant = await grantOfExchange(exchange, token);
  if (grant === undefined) return unauthorized('unknown', 'invalid_token');
  facts.clientId = grant.clientId;
  facts.grantId = grant.id;
  if (grant.username !== null) facts.username = grant.username;
  const client = tenant.clients.find('btg', grant.clientId);
  if (client === undefined) return unauthorized('unknown-client', 'invalid_token');
  const decision = judgeBearer(token, grant, tokens.policy(exchange, client), tenant.clock.now());
  if (decision.kind === 'refused') return unauthorized(decision.why, 'invalid_token');
  return { token: decision.token, grant, client };
}

/** 401 is observed for expired and revoked tokens; body and challenge are inferred (RFC 6750 section 3). */
function unauthorized(error: 'invalid_token' | null): Answer {
  const description =
    error === null ? 'An access token is required' : 'The access token is invalid, expired or revoked';
  return oauthError(401, error ?? 'unauthorized', description, [bearerChallenge(error)]);
}

function forbidden(outcome: string, description: string): Refusal {
  return { outcome, answer: oauthError(403, 'forbidden', description) };
}

function notFound(outcome: string, description: string): Refusal {
  return { outcome, answer: oauthError(404, 'not_found', description) };
}

/** What BTG's resources decide for themselves. */
export interface BtgResources {
  bearer(exchange: Exchange): SentBearer;
  opensBanking(grant: Grant): boolean;
  /** Whether tokens of this user open anything, where the bank wants operators and where it does not. */
  mayCall(user: User | undefined, requireOperator: boolean): boolean;
  /** Whether a token has one of the scopes that open a resource. */
  hasScope(token: AccessToken, accepted: readonly string[]): boolean;
  companyExists(tenant: Tenant, companyId: string): boolean;
  isCompanyOf(grant: Grant, companyId: string): boolean;
  /** The company whose accounts are shown. */
  companyOpened(tenant: Tenant, grant: Grant, companyId: string): Promise<Company | undefined> | Company | undefined;
  accountId(companyId: string, account: Account): string;
  /** The accounts of a company, as they are listed. */
  accountList(exchange: Exchange, companyId: string, accounts: readonly Account[]): readonly unknown[];
  balance(exchange: Exchange, companyId: string, account: Account): Readonly<Record<string, unknown>>;
  /** No token (null), or one that does not work. */
  unauthorized(error: 'invalid_token' | null): Answer;
  insufficientScope(accepted: readonly string[]): Answer;
}

export const btgResources: BtgResources = {
  bearer: ({ headers }) => {
    const authorization = headers.get('authorization');
    return authorization === null || !/^bearer\b/i.test(authorization) ? 'missing' : readSentBearer(authorization);
  },
  opensBanking: (grant) => grant.origin !== 'client_credentials',
  mayCall: (user, requireOperator) => !requireOperator || user?.role !== 'desenvolvedor',
  hasScope: (token, accepted) => {
    const granted = token.scope.split(' ');
    return accepted.some((scope) => granted.includes(scope));
  },
  companyExists: ({ settings }, companyId) => settings.btg.companies !== 'dedicated' || companyId === dedicatedCompany,
  isCompanyOf: (grant, companyId) => companyId === grant.company,
  companyOpened: (tenant, grant) => companyOfGrant(tenant, grant),
  accountId: accountIdOf,
  accountList: (exchange, companyId, accounts) => {
    const { resources } = banksOf(exchange).btg;
    return accounts.map((account) => ({
      accountId: resources.accountId(companyId, account),
      branchCode: account.branch,
      number: account.number,
      companyId,
    }));
  },
  balance: (exchange, companyId, account) => ({
    accountId: banksOf(exchange).btg.resources.accountId(companyId, account),
    available: { amount: account.available, currency: 'BRL' },
    // The form of blockedDate is inferred: a date, in the tenant's time.
    blocked: {
      amount: account.blocked,
      currency: 'BRL',
      blockedDate: new Date(exchange.tenant.clock.now()).toISOString().slice(0, 10),
    },
  }),
  unauthorized,
  insufficientScope: (accepted) => {
    const description = `Insufficient scope. Required: ${accepted.join(', ')}`;
    return oauthError(403, 'insufficient_scope', description, [bearerChallenge('insufficient_scope')]);
  },
};

function resourceJson(value: unknown): Answer {
  return answer(
    200,
    [
      ['content-type', 'application/json'],
      ['cache-control', 'no-store'],
    ],
    JSON.stringify(value),
  );
}

function refuse({ facts }: Exchange, refusal: Refusal): Answer {
  facts.outcome = refusal.outcome;
  return refusal.answer;
}

/** Observed: CNPJ, 208 (BTG's bank code), branch and number. */
function accountIdOf(companyId: string, { branch, number }: Account): string {
  return `${companyId}-208-${branch}-${number}`;
}

async function accounts(exchange: Exchange, { companyId = '' }: PathParameters): Promise<Answer> {
  const access = await admit(exchange, 'accounts', companyId);
  if ('answer' in access) return refuse(exchange, access);
  exchange.facts.outcome = 'accounts';
  return resourceJson({ data: banksOf(exchange).btg.resources.accountList(exchange, companyId, access.accounts) });
}

async function balances(exchange: Exchange, { companyId = '', accountId = '' }: PathParameters): Promise<Answer> {
  const access = await admit(exchange, 'balances', companyId);
  if ('answer' in access) return refuse(exchange, access);
  const { resources } = banksOf(exchange).btg;
  const account = access.accounts.find((candidate) => resources.accountId(companyId, candidate) === accountId);
  if (account === undefined) return refuse(exchange, notFound('unknown-account', 'The company has no such account'));
  exchange.facts.outcome = 'balances';
  return resourceJson(resources.balance(exchange, companyId, account));
}

/**
 * Accounts and balances of a company. Paths, answers, accountId, 404 for another company of the sandbox and the text of
 * a refused scope are observed; the other refusals' statuses and every body are inferred.
 */
export const btgResourceRoutes: readonly Route[] = [
  { method: 'GET', path: btgPaths.accounts, endpoint: 'api', handle: accounts },
  { method: 'GET', path: btgPaths.balances, endpoint: 'api', handle: balances },
];
