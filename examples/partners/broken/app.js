/**
 * A partner that is correct, and has a switch for each of the bugs in bugs.yaml: BUG=name node app.js. It proves that
 * `homologa verify` notices them.
 */
import { createServer } from 'node:http';
import { bug } from './bugs.js';
import { BankFailure, CallbackRefused, ConsentRequired } from './failures.js';
import { callBank, grantFrom } from './grants.js';
import { escaped, sendJson, sendPage } from './pages.js';
import { grantsOf, openSession, remember, sessionOf, take } from './sessions.js';
import { readBanks } from './settings.js';
import { assertIssuer, assertWellFormed, authorizationUrl, startTransaction } from './transaction.js';

const banks = readBanks(process.env);
const again = (bank) => `<a href="${bank.paths.connect}">Conectar a conta</a>`;

async function connect(bank, request, response) {
  const session = openSession(request, response);
  const transaction = startTransaction(bank, session);
  remember(session, transaction);
  if (bug('login-page-proxied')) {
    const page = await fetch(authorizationUrl(transaction));
    response.writeHead(page.status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(await page.text());
    return;
  }
  response.writeHead(302, { location: authorizationUrl(transaction), 'cache-control': 'no-store' }).end();
}

async function callback(bank, query, request, response) {
  if (bug('callback-does-nothing')) return sendPage(response, 200, 'Obrigado', 'Volte sempre.');
  assertWellFormed(query);
  if (bug('error-without-state-crashes') && !query.has('state')) query.get('state').trim();
  const session = bug('state-not-bound') ? openSession(request, response) : sessionOf(request);
  const transaction = take(session, query.get('state'));
  const isOfThisCallback = transaction.bank.paths.callback === bank.paths.callback;
  if (!isOfThisCallback && bug('mix-up')) transaction.bank = bank;
  else if (!isOfThisCallback && !bug('mix-up-by-state')) {
    throw new CallbackRefused('the consent was started at another bank');
  }
  assertIssuer(transaction, query);
  if (query.has('error') && !bug('error-redeems')) return showRefusal(transaction.bank, query, response);
  const code = query.get('code') ?? (bug('error-redeems') ? 'undefined' : null);
  if (code === null || code === '') throw new CallbackRefused('neither code nor error came');
  if (bug('state-reusable')) assertNew(code);
  const grant = await grantFrom(code, transaction);
  grantsOf(session).set(grant.bank.id, grant);
  if (bug('tokens-in-redirect')) {
    return response.writeHead(302, { location: `/health?token=${encodeURIComponent(grant.accessToken)}` }).end();
  }
  const shown = bug('tokens-in-page') ? escaped(grant.accessToken) : 'Já podemos consultar o seu saldo.';
  sendPage(response, 200, 'Conta conectada', shown);
}

const seenCodes = new Set();
function assertNew(code) {
  if (seenCodes.has(code)) throw new CallbackRefused('the code was seen before');
  seenCodes.add(code);
}

function showRefusal(bank, query, response) {
  const error = query.get('error');
  if (error === 'access_denied') {
    return sendPage(response, 400, 'Consentimento negado', `Nada foi conectado. ${again(bank)}`);
  }
  if (bug('unknown-error-crashes')) throw new TypeError(`Unhandled error ${error}`);
  const said = query.get('error_description') ?? '';
  const description = bug('error-description-unescaped') ? said : escaped(said.slice(0, 200));
  sendPage(response, 400, 'O banco recusou o pedido', `${description} ${again(bank)}`);
}

async function balance(bank, request, response) {
  const session = sessionOf(request);
  const grant = session === undefined ? undefined : grantsOf(session).get(bank.id);
  const answer = await callBank(grant);
  const said = answer.status === 200 ? parseJson(answer.text) : null;
  if (said !== null && !isOfCompany(bank, said)) return sendJson(response, 502, { error: 'wrong_company' });
  if (said !== null)
    return sendJson(response, 200, bug('tokens-in-page') ? { ...said, token: grant.accessToken } : said);
  if (bug('wrong-company-unnoticed') && answer.status === 403) return sendJson(response, 200, { data: [] });
  // The scope of the application has grown since: a new consent has it.
  if (answer.status === 403 && parseJson(answer.text)?.error === 'insufficient_scope') throw new ConsentRequired();
  if (answer.status === 403) return sendJson(response, 403, { error: 'forbidden_by_bank' });
  sendJson(response, 502, { error: 'bank_failed', status: answer.status });
}

/** Whoever logged in at BTG may have chosen another company: its accounts are not for this customer. */
function isOfCompany({ id, apiEndpoint }, { data }) {
  if (id !== 'btg' || bug('wrong-company-unnoticed')) return true;
  const company = new URL(apiEndpoint).pathname.split('/').at(-3);
  return Array.isArray(data) && data.every(({ accountId }) => String(accountId).startsWith(`${company}-`));
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function showFailure(error, bank, pathname, response) {
  const isForScript = pathname === bank.paths.balance;
  if (error instanceof ConsentRequired) {
    return sendJson(response, 409, { error: 'consent_required', connect: bank.paths.connect });
  }
  if (error instanceof CallbackRefused) {
    return sendPage(response, 400, 'Não foi possível conectar', `O retorno do banco não vale mais. ${again(bank)}`);
  }
  if (!(error instanceof BankFailure)) throw error;
  console.error(`${bank.id}: ${error.message}`);
  if (!isForScript && error.kind === 'refused') {
    if (bug('refused-code-500')) throw new TypeError('Cannot read properties of undefined');
    return sendPage(response, 400, 'Não foi possível conectar', `O banco não aceitou o código. ${again(bank)}`);
  }
  const status = error.kind === 'unusable' || error.kind === 'misconfigured' ? 502 : 503;
  if (bug('stack-trace-in-page')) return sendPage(response, status, 'Erro', `<pre>${escaped(error.stack)}</pre>`);
  const waitSeconds = String(Math.ceil((error.retryAfterMs ?? 1_000) / 1000));
  if (isForScript) return sendJson(response, status, { error: 'bank_unavailable' }, { 'retry-after': waitSeconds });
  response.setHeader('retry-after', waitSeconds);
  sendPage(response, status, 'O banco não respondeu', `Tente de novo em instantes. ${again(bank)}`);
}

async function route(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://application');
  if (pathname === '/health') return sendJson(response, 200, { status: 'ok' });
  if (bug('answers-500')) return sendPage(response, 500, 'Erro', '');
  if (bug('hangs')) return undefined;
  const bank = banks.find(({ paths }) => Object.values(paths).includes(pathname));
  if (bank === undefined || request.method !== 'GET') return sendPage(response, 404, 'Página não encontrada', '');
  try {
    if (pathname === bank.paths.connect) return await connect(bank, request, response);
    if (pathname === bank.paths.callback) return await callback(bank, searchParams, request, response);
    return await balance(bank, request, response);
  } catch (error) {
    return showFailure(error, bank, pathname, response);
  }
}

createServer((request, response) => {
  route(request, response).catch((error) => {
    console.error(`unexpected: ${error.name}`);
    if (response.headersSent) return response.destroy();
    sendPage(response, 500, 'Erro inesperado', '');
  });
}).listen(Number(process.env.PORT ?? 4100), '127.0.0.1');
