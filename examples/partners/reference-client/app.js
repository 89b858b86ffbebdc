/** A partner on homologa's reference client, at one bank (BANK=bs2, btg) or at both (BANK=bs2,btg). */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import {
  AuthorizationResponseError,
  bs2,
  btg,
  ConsentRequiredError,
  createBankClient,
  createFileTokenStore,
  createMemoryTokenStore,
  createRateBudget,
  createTokenManager,
  createTransactionStore,
  GrantUnknownError,
  RateBudgetError,
  RefreshUnavailableError,
  TokenEndpointError,
  TransactionUnknownError,
  TransportError,
} from 'homologa/client';

const { BANK = 'bs2', PORT = '4110', TOKEN_STORE, BANK_TIMEOUT_MS = '10000' } = process.env;
const names = BANK.split(',');
const banks = new Map(names.map((name) => [name, openBank(name)]));
const transactions = createTransactionStore();
// Grants are kept by customer: a session's id is a secret, and a grant's key may be logged.
const customers = new Map();

function openBank(name) {
  // One bank: TOKEN_ENDPOINT. Both: BS2_TOKEN_ENDPOINT, BTG_TOKEN_ENDPOINT.
  const read = (variable) => process.env[names.length > 1 ? `${name.toUpperCase()}_${variable}` : variable];
  const path = names.length > 1 ? `/${name}` : '';
  const apiUrl = read(name === 'bs2' ? 'BALANCE_ENDPOINT' : 'ACCOUNTS_ENDPOINT');
  const redirectUri = read('REDIRECT_URI');
  const limit = read('TOKEN_REQUESTS_PER_MINUTE');
  const client = createBankClient({
    profile: name === 'bs2' ? bs2 : btg,
    baseUrl: read('BASE_URL'),
    issuer: read('ISSUER'),
    endpoints: {
      authorization: read('AUTHORIZATION_ENDPOINT'),
      token: read('TOKEN_ENDPOINT'),
      api: new URL(apiUrl).origin,
    },
    client: { id: read('CLIENT_ID'), secret: read('CLIENT_SECRET') },
    redirectUri,
    scope: read('SCOPE'),
    transport: { timeoutMs: Number(BANK_TIMEOUT_MS) },
    ...(limit === undefined ? {} : { rateBudget: createRateBudget({ limit: Number(limit) }) }),
  });
  const manager = createTokenManager({
    client,
    store: TOKEN_STORE === undefined ? createMemoryTokenStore() : createFileTokenStore(`${TOKEN_STORE}/${name}`),
    authorizationUrl: () => `${path}/connect`,
  });
  setInterval(() => manager.keepAlive().catch(console.error), 6 * 3_600_000).unref();
  const paths = { connect: `${path}/connect`, callback: new URL(redirectUri).pathname, balance: `${path}/balance` };
  return { client, manager, apiUrl, paths };
}

async function connect(bank, request, response) {
  const session = sessionOf(request) ?? openSession(response);
  const start = bank.client.startAuthorization();
  transactions.put(session, start.transaction);
  // At BS2 this makes the documented Basic request and gives the address that the bank redirects to.
  response.writeHead(302, { location: await bank.client.browserAddress(start), 'cache-control': 'no-store' }).end();
}

async function callback(query, request, response) {
  const session = sessionOf(request) ?? '';
  const transaction = transactions.take(session, query.get('state'));
  const bank = banks.get(transaction.bank);
  // Given the whole address, it refuses a consent of the other bank, too.
  const tokens = await bank.client.finishAuthorization(request.url, transaction);
  await bank.manager.adopt(customers.get(session), tokens);
  page(response, 200, 'Conta conectada', 'Já podemos consultar o seu saldo.');
}

async function balance(bank, request, response) {
  const answer = await bank.manager.call(customers.get(sessionOf(request)) ?? 'nobody', new Request(bank.apiUrl));
  const said = answer.status === 200 ? await answer.json().catch(() => null) : null;
  if (said !== null && isOfCompany(bank, said)) return json(response, 200, said);
  if (answer.status === 403) {
    // At BTG the scope may be too narrow, since the application's has grown: a new consent has it.
    const { error } = await answer.json().catch(() => ({}));
    const consent = { error: 'consent_required', connect: bank.paths.connect };
    return error === 'insufficient_scope' ? json(response, 409, consent) : json(response, 403, { error: 'forbidden' });
  }
  json(response, 502, { error: 'bank_failed', status: answer.status });
}

/** Whoever logged in at BTG may have chosen another company: its accounts are not for this customer. */
function isOfCompany({ client, apiUrl }, { data }) {
  if (client.profile.bank !== 'btg') return true;
  const company = new URL(apiUrl).pathname.split('/').at(-3);
  return Array.isArray(data) && data.every(({ accountId }) => String(accountId).startsWith(`${company}-`));
}

function openSession(response) {
  const session = randomBytes(32).toString('base64url');
  customers.set(session, randomUUID());
  response.setHeader('set-cookie', `reference_session=${session}; Path=/; HttpOnly; SameSite=Lax`);
  return session;
}

function sessionOf(request) {
  const session = /(?:^|;\s*)reference_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  return customers.has(session) ? session : undefined;
}

function fail(error, bank, pathname, response) {
  if (error instanceof ConsentRequiredError || error instanceof GrantUnknownError) {
    return json(response, 409, { error: 'consent_required', connect: bank.paths.connect });
  }
  // The messages of these errors hold no secrets.
  console.error(`${error.code ?? error.name}: ${error.code === undefined ? 'unexpected' : error.message}`);
  const isForScript = pathname === bank.paths.balance;
  const isTheirs =
    error instanceof TransactionUnknownError ||
    error instanceof AuthorizationResponseError ||
    (error instanceof TokenEndpointError && error.error === 'invalid_grant');
  if (isTheirs && !isForScript) {
    const title = error.code === 'ERR_AUTHORIZATION_DENIED' ? 'Consentimento negado' : 'Não foi possível conectar';
    return page(response, 400, title, `Nada foi conectado. <a href="${bank.paths.connect}">Tentar de novo</a>`);
  }
  const isBusy =
    error instanceof RefreshUnavailableError || error instanceof RateBudgetError || error instanceof TransportError;
  const isServerError = error instanceof TokenEndpointError && error.code !== 'ERR_TOKEN_REFUSED';
  const status = isBusy || isServerError ? 503 : error.code === undefined ? 500 : 502;
  response.setHeader('retry-after', String(error.retryAfterSeconds ?? 5));
  if (isForScript) return json(response, status, { error: 'bank_unavailable' });
  page(response, status, 'O banco não respondeu', `<a href="${bank.paths.connect}">Tentar de novo</a>`);
}

function page(response, status, title, body) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`<!doctype html><html lang="pt-BR"><title>${title}</title><h1>${title}</h1><p>${body}</p>`);
}

function json(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://application');
  if (pathname === '/health') return json(response, 200, { status: 'ok' });
  const bank = [...banks.values()].find(({ paths }) => Object.values(paths).includes(pathname));
  if (bank === undefined || request.method !== 'GET') return page(response, 404, 'Página não encontrada', '');
  const handle = async () => {
    if (pathname === bank.paths.connect) await connect(bank, request, response);
    else if (pathname === bank.paths.callback) await callback(searchParams, request, response);
    else await balance(bank, request, response);
  };
  handle().catch((error) => fail(error, bank, pathname, response));
}).listen(Number(PORT), '127.0.0.1');
