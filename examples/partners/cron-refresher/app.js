/**
 * A partner with a scheduler: every grant is refreshed at two thirds of its token's life, whether or not anybody asks.
 * A call takes the token that is there and never refreshes.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const { env } = process;
const isBtg = env.BANK === 'btg';
const apiUrl = isBtg ? env.ACCOUNTS_ENDPOINT : env.BALANCE_ENDPOINT;
const timeoutMs = Number(env.BANK_TIMEOUT_MS ?? 5_000);
const tickMs = Number(env.TICK_MS ?? 1_000);
/** Without expires_in a token is taken to live this long. */
const assumedLifetimeMs = 300_000;
const random = () => randomBytes(32).toString('base64url');
const sessions = new Map();
let pausedUntil = 0;

/** The bank refused (`refused`), is down or silent (`down`), or sent what must not be used (`unusable`). */
class BankError extends Error {
  constructor(kind, retryAfterMs = null) {
    super(kind);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The schedule: one grant after the other, so that a grant is never refreshed twice at once. */
async function tick() {
  for (const { grant } of sessions.values()) {
    if (grant !== null && !grant.over && Date.now() >= grant.dueAt) await renew(grant);
  }
}

function schedule() {
  setTimeout(() => void tick().finally(schedule), tickMs).unref();
}

async function renew(grant) {
  const parameters = { grant_type: 'refresh_token', refresh_token: grant.refreshToken };
  if (!isBtg) parameters.scope = env.SCOPE;
  try {
    const tokens = await askForTokens(parameters);
    Object.assign(grant, tokens, { refreshToken: tokens.refreshToken ?? grant.refreshToken, failures: 0 });
  } catch (error) {
    console.error(`scheduler: ${error.kind ?? error.name}`);
    grant.over = error.kind === 'refused' || error.kind === 'unusable' || grant.refreshToken === null;
    grant.failures += 1;
    // Again after a while that grows: the answer may be lost, or the bank may be down for long.
    grant.dueAt = Date.now() + Math.max(error.retryAfterMs ?? 0, Math.min(60_000, 1_000 * 2 ** grant.failures));
  }
}

/** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
async function pauseOver() {
  for (let waitMs = pausedUntil - Date.now(); waitMs > 0; waitMs = pausedUntil - Date.now()) {
    if (waitMs > 4_000) throw new BankError('down', waitMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

async function askForTokens(parameters) {
  await pauseOver();
  const askedAt = Date.now();
  const response = await exchange(env.TOKEN_ENDPOINT, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${env.CLIENT_ID}:${env.CLIENT_SECRET}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      connection: 'close',
    },
    body: new URLSearchParams(parameters).toString(),
  });
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  if (response.status === 429) pausedUntil = Date.now() + (retryAfterMs ?? 60_000);
  if (response.status === 429 || response.status >= 500) throw new BankError('down', retryAfterMs);
  if (response.status >= 400) throw new BankError(response.json?.error === 'invalid_grant' ? 'refused' : 'down');
  const {
    access_token: accessToken,
    token_type: type,
    expires_in: expiresIn,
    refresh_token: next,
  } = response.json ?? {};
  if (typeof accessToken !== 'string' || accessToken === '') throw new BankError('down');
  if (String(type).toLowerCase() !== 'bearer') throw new BankError('unusable');
  const lifetimeMs = Number(expiresIn ?? NaN) * 1000;
  const dueAt = askedAt + (Number.isFinite(lifetimeMs) ? lifetimeMs : assumedLifetimeMs) * (2 / 3);
  return { accessToken, refreshToken: next || null, dueAt };
}

async function exchange(url, request) {
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: parse(text) };
  } catch {
    throw new BankError('down');
  }
}

/** Whether an answer can be shown: JSON, and at BTG of the company that was asked for and no other. */
function isOurs({ status, json }) {
  if (status !== 200 || json === null || !isBtg) return status === 200 && json !== null;
  const company = new URL(apiUrl).pathname.split('/').at(-3);
  return Array.isArray(json.data) && json.data.every(({ accountId }) => String(accountId).startsWith(`${company}-`));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const sessionOf = ({ headers: { cookie = '' } }) => sessions.get(/(?:^|; )cron_session=([\w-]+)/.exec(cookie)?.[1]);

function connect(request, response) {
  let session = sessionOf(request);
  if (session === undefined) {
    const id = random();
    session = { pending: new Map(), grant: null };
    sessions.set(id, session);
    response.setHeader('set-cookie', `cron_session=${id}; Path=/; HttpOnly; SameSite=Lax`);
  }
  const [state, verifier] = [random(), random()];
  session.pending.set(state, { verifier, startedAt: Date.now() });
  const url = new URL(env.AUTHORIZATION_ENDPOINT);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('client_id', env.CLIENT_ID);
  url.searchParams.set('redirect_uri', env.REDIRECT_URI);
  url.searchParams.set('scope', env.SCOPE);
  url.searchParams.set('state', state);
  if (isBtg) {
    url.searchParams.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'));
    url.searchParams.set('code_challenge_method', 'S256');
  }
  response.writeHead(302, { location: url.href, 'cache-control': 'no-store' }).end();
}

async function callback(query, request, response) {
  const session = sessionOf(request);
  const state = query.get('state') ?? '';
  const started = session?.pending.get(state);
  session?.pending.delete(state);
  const isDoubled = ['code', 'state', 'error', 'iss'].some((name) => query.getAll(name).length > 1);
  const isOurs = started !== undefined && Date.now() < started.startedAt + 900_000;
  const code = query.get('code');
  if (!isOurs || isDoubled || query.get('iss') !== (isBtg ? env.ISSUER : null)) {
    return page(response, 400, 'O retorno do banco não vale mais');
  }
  if (query.has('error') || !code) return page(response, 400, 'Nada foi conectado');
  const parameters = { grant_type: 'authorization_code', code, redirect_uri: env.REDIRECT_URI };
  if (isBtg) parameters.code_verifier = started.verifier;
  session.grant = { ...(await askForTokens(parameters)), failures: 0, over: false };
  page(response, 200, 'Conta conectada');
}

async function balance(request, response) {
  const grant = sessionOf(request)?.grant ?? null;
  if (grant === null || grant.over) return send(response, 409, { error: 'consent_required', connect: '/connect' });
  const headers = { authorization: `Bearer ${grant.accessToken}`, accept: 'application/json' };
  const answer = await exchange(apiUrl, { headers });
  if (isOurs(answer)) return send(response, 200, answer.json);
  send(response, answer.status === 403 ? 403 : 502, { error: 'bank_refused' });
}

/** For operators, and for a customer who will not wait: makes this customer's refresh due now. */
async function refreshNow(request, response) {
  const grant = sessionOf(request)?.grant ?? null;
  if (grant === null || grant.over) return send(response, 409, { error: 'consent_required', connect: '/connect' });
  if (grant.failures === 0) grant.dueAt = 0;
  send(response, 202, { refresh: 'due' });
}

function page(response, status, title) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`<!doctype html><title>${title}</title><h1>${title}</h1><a href="/connect">Conectar a conta</a>`);
}

function send(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

function fail(error, pathname, response) {
  console.error(`${pathname}: ${error.kind ?? error.name}`);
  if (error.kind === 'refused') return page(response, 400, 'O banco não aceitou o código');
  const status = error.kind === 'down' ? 503 : error.kind === 'unusable' ? 502 : 500;
  response.setHeader('retry-after', String(Math.ceil((error.retryAfterMs ?? 1_000) / 1000)));
  if (pathname === '/callback') return page(response, status, 'O banco não respondeu');
  send(response, status, { error: 'bank_unavailable' });
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://application');
  const routes = {
    'GET /health': async () => send(response, 200, { status: 'ok' }),
    'GET /connect': async () => connect(request, response),
    'GET /callback': () => callback(searchParams, request, response),
    'GET /balance': () => balance(request, response),
    'POST /refresh': () => refreshNow(request, response),
  };
  const route = routes[`${request.method} ${pathname}`];
  if (route === undefined) return page(response, 404, 'Página não encontrada');
  route().catch((error) => fail(error, pathname, response));
}).listen(Number(env.PORT ?? 4160), '127.0.0.1');
schedule();
