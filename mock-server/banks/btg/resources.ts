import { judgeBearer, readBearerToken } from '../../oauth/bearer-check.js';
import type { AccessToken, Grant } from '../../store/records.js';
import type { RegisteredClient } from '../../tenants/registered-client.js';
import type { Account } from '../../tenants/user.js';
import { companyOfGrant } from '../company-of-grant.js';
import { answer } from '../exchange.js';
import type { Answer, Exchange } from '../exchange.js';
import type { PathParameters, Route } from '../route-table.js';
import { verifyAccessTokenKey } from './access-token.js';
import { bearerChallenge, oauthError } from './oauth-answers.js';
import { btgPaths, dedicatedCompany } from './profile.js';
import { btgTokenDialect } from './token-dialect.js';

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
  const settings = tenant.btgSettings(client);
  if (grant.origin === 'client_credentials') {
    return forbidden(
      'client-credentials',
      'client_credentials gives no access to the Banking APIs; use Authorization Code',
    );
  }
  if (!client.provisioned) return forbidden('not-provisioned', 'The application is not enabled for this API');
  const user = grant.username === null ? undefined : tenant.users.find(grant.username);
  if (settings.requireOperator && user?.role === 'desenvolvedor') {
    return forbidden('developer', 'The user who consented must be an operator');
  }
  const granted = token.scope.split(' ');
  const accepted = openingScopes[resource];
  if (!accepted.some((scope) => granted.includes(scope))) {
    const description = `Insufficient scope. Required: ${accepted.join(', ')}`;
    return {
      outcome: 'insufficient-scope',
      answer: oauthError(403, 'insufficient_scope', description, [bearerChallenge('insufficient_scope')]),
    };
  }
  if (tenant.settings.btg.companies === 'dedicated' && companyId !== dedicatedCompany) {
    return notFound('unknown-company', 'The company does not exist in this environment');
  }
  if (companyId !== grant.company) return forbidden('other-company', 'The token is not of this company');
  const company = companyOfGrant(tenant, grant);
  return { accounts: company?.accounts.filter(({ bank }) => bank === 'btg') ?? [] };
}

/** The token of the `Authorization` header, checked by its signature first and then by the bank's own record. */
async function readBearer(exchange: Exchange): Promise<Bearer> {
  const { tenant, facts, headers } = exchange;
  const authorization = headers.get('authorization') ?? undefined;
  if (authorization === undefined || !/^bearer\b/i.test(authorization)) return unauthorized('missing', null);
  const jwt = readBearerToken(authorization);
  const key = jwt === null ? null : verifyAccessTokenKey(jwt);
  if (key === null) return unauthorized('malformed', 'invalid_token');
  const token = await tenant.store.accessToken(key);
  const grant = token === undefined ? undefined : await tenant.store.grant(token.grantId);
  if (grant?.bank !== 'btg') return unauthorized('unknown', 'invalid_token');
  facts.clientId = grant.clientId;
  facts.grantId = grant.id;
  if (grant.username !== null) facts.username = grant.username;
  const client = tenant.clients.find('btg', grant.clientId);
  if (client === undefined) return unauthorized('unknown-client', 'invalid_token');
  const decision = judgeBearer(token, grant, btgTokenDialect.policy(exchange, client), tenant.clock.now());
  if (decision.kind === 'refused') return unauthorized(decision.why, 'invalid_token');
  return { token: decision.token, grant, client };
}

/** 401 is observed for expired and revoked tokens; body and challenge are inferred (RFC 6750 section 3). */
function unauthorized(outcome: string, error: 'invalid_token' | null): Refusal {
  const description =
    error === null ? 'An access token is required' : 'The access token is invalid, expired or revoked';
  return { outcome, answer: oauthError(401, error ?? 'unauthorized', description, [bearerChallenge(error)]) };
}

function forbidden(outcome: string, description: string): Refusal {
  return { outcome, answer: oauthError(403, 'forbidden', description) };
}

function notFound(outcome: string, description: string): Refusal {
  return { outcome, answer: oauthError(404, 'not_found', description) };
}

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
  const data = access.accounts.map((account) => ({
    accountId: accountIdOf(companyId, account),
    branchCode: account.branch,
    number: account.number,
    companyId,
  }));
  return resourceJson({ data });
}

async function balances(exchange: Exchange, { companyId = '', accountId = '' }: PathParameters): Promise<Answer> {
  const access = await admit(exchange, 'balances', companyId);
  if ('answer' in access) return refuse(exchange, access);
  const account = access.accounts.find((candidate) => accountIdOf(companyId, candidate) === accountId);
  if (account === undefined) return refuse(exchange, notFound('unknown-account', 'The company has no such account'));
  exchange.facts.outcome = 'balances';
  const { available, blocked } = account;
  const today = new Date(exchange.tenant.clock.now()).toISOString().slice(0, 10);
  return resourceJson({
    accountId,
    available: { amount: available, currency: 'BRL' },
    // The form of blockedDate is inferred: a date, in the tenant's time.
    blocked: { amount: blocked, currency: 'BRL', blockedDate: today },
  });
}

/**
 * Accounts and balances of a company. Paths, answers, accountId, 404 for another company of the sandbox and the text of
 * a refused scope are observed; the other refusals' statuses and every body are inferred.
 */
export const btgResourceRoutes: readonly Route[] = [
  { method: 'GET', path: btgPaths.accounts, endpoint: 'api', handle: accounts },
  { method: 'GET', path: btgPaths.balances, endpoint: 'api', handle: balances },
];
