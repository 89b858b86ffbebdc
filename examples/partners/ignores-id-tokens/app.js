/**
 * A partner of BTG that wants accounts, not people: openid is in its scope because BTG demands it, it sends no nonce and
 * never looks at an id_token. Written on node:http alone.
 */
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

const { env } = process;
const timeoutMs = Number(env.BANK_TIMEOUT_MS ?? 5_000);
const random = () => randomBytes(32).toString('base64url');
const sessions = new Map();
let pausedUntil = 0;

class Failure extends Error {
  constructor(kind, retryAfterMs = null) {
    super(kind);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** One request on a connection of its own, with one limit for all of it. */
function exchange(method, address, headers, body = '') {
  return new Promise((resolve, reject) => {
    const { request: send } = address.startsWith('https:') ? https : http;
    const lost = () => reject(new Failure('lost'));
    const signal = AbortSignal.timeout(timeoutMs);
    const length = method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {};
    const request = send(address, { method, agent: false, signal, headers: { ...headers, ...length } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => (text += chunk));
      answer.on('error', lost);
      answer.on('end', () => {
        let json = null;
        try {
          json = JSON.parse(text);
        } catch {
          // Not JSON: the status says what there is to know.
        }
        resolve({ status: answer.statusCode, headers: answer.headers, json });
      });
    });
    request.on('error', lost);
    request.end(body);
  });
}

/** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
async function pauseOver() {
  for (let waitMs = pausedUntil - Date.now(); waitMs > 0; waitMs = pausedUntil - Date.now()) {
    if (waitMs > 4_000) throw new Failure('down', waitMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

async function tokenRequest(parameters) {
  await pauseOver();
  const askedAt = Date.now();
  const authorization = `Basic ${Buffer.from(`${env.CLIENT_ID}:${env.CLIENT_SECRET}`).toString('base64')}`;
  const headers = { authorization, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await exchange('POST', env.TOKEN_ENDPOINT, headers, new URLSearchParams(parameters).toString());
  const seconds = Number(answer.headers['retry-after'] ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  if (answer.status === 429) {
    pausedUntil = Date.now() + (retryAfterMs ?? 60_000);
    throw new Failure('down', pausedUntil - Date.now());
  }
  if (answer.status >= 500) throw new Failure('lost', retryAfterMs);
  const {
    error,
    access_token: accessToken,
    token_type: type,
    expires_in: expiresIn,
    refresh_token: next,
  } = answer.json ?? {};
  if (answer.status >= 400) throw new Failure(error === 'invalid_grant' ? 'refused' : 'misconfigured');
  if (typeof accessToken !== 'string' || accessToken === '') throw new Failure('lost');
  if (String(type).toLowerCase() !== 'bearer') throw new Failure('unusable');
  const lifetimeMs = Number(expiresIn ?? NaN) * 1000;
  const renewAt = Number.isFinite(lifetimeMs) ? askedAt + lifetimeMs - Math.min(60_000, lifetimeMs / 10) : Infinity;
  return { accessToken, refreshToken: next || null, renewAt };
}

/** A customer's grant at BTG. */
class Grant {
  #tokens;
  #flight = null;
  #isOver = false;
  #failures = 0;
  #restUntil = 0;
  #rejected = null;

  constructor(tokens) {
    this.#tokens = tokens;
  }

  async accounts() {
    if (Date.now() >= this.#tokens.renewAt) await this.#refresh();
    const first = this.#tokens.accessToken;
    const answer = await this.#ask();
    if (answer.status !== 401 || this.#rejected === first) return answer;
    // Another call may have refreshed meanwhile; then its token is tried.
    if (this.#tokens.accessToken === first) await this.#refresh();
    const again = await this.#ask();
    this.#rejected = again.status === 401 ? this.#tokens.accessToken : null;
    return again;
  }

  #ask() {
    const headers = { authorization: `Bearer ${this.#tokens.accessToken}`, accept: 'application/json' };
    return exchange('GET', env.ACCOUNTS_ENDPOINT, headers);
  }

  #refresh() {
    this.#flight ??= this.#renew().finally(() => {
      this.#flight = null;
    });
    return this.#flight;
  }

  async #renew() {
    const { refreshToken } = this.#tokens;
    if (this.#isOver || refreshToken === null) throw new Failure('consent');
    if (Date.now() < this.#restUntil) throw new Failure('down', this.#restUntil - Date.now());
    for (let attempt = 1; ; attempt += 1) {
      try {
        const tokens = await tokenRequest({ grant_type: 'refresh_token', refresh_token: refreshToken });
        this.#tokens = { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
        this.#failures = 0;
        return;
      } catch (error) {
        if (error.kind === 'lost' && error.retryAfterMs === null && attempt === 1) continue;
        this.#isOver = error.kind === 'refused' || error.kind === 'unusable';
        if (this.#isOver) throw new Failure('consent');
        this.#failures += 1;
        const waitMs = Math.max(error.retryAfterMs ?? 0, Math.min(60_000, 1_000 * 2 ** this.#failures));
        this.#restUntil = Date.now() + waitMs;
        throw error;
      }
    }
  }
}

const sessionOf = ({ headers: { cookie = '' } }) => sessions.get(/(?:^|; )accounts_session=([\w-]+)/.exec(cookie)?.[1]);

function connect(request, response) {
  let session = sessionOf(request);
  if (session === undefined) {
    const id = random();
    session = { pending: new Map(), grant: null };
    sessions.set(id, session);
    response.setHeader('set-cookie', `accounts_session=${id}; Path=/; HttpOnly; SameSite=Lax`);
  }
  const [state, verifier] = [random(), random()];
  session.pending.set(state, { verifier, startedAt: Date.now() });
  const url = new URL(env.AUTHORIZATION_ENDPOINT);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: env.CLIENT_ID,
    redirect_uri: env.REDIRECT_URI,
    scope: env.SCOPE,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
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
  if (!isOurs || isDoubled || query.get('iss') !== env.ISSUER) return page(response, 400, 'O retorno não vale mais');
  if (query.has('error') || !code) return page(response, 400, 'Nada foi conectado');
  const parameters = { grant_type: 'authorization_code', code, redirect_uri: env.REDIRECT_URI };
  session.grant = new Grant(await tokenRequest({ ...parameters, code_verifier: started.verifier }));
  page(response, 200, 'Conta conectada');
}

async function balance(request, response) {
  const grant = sessionOf(request)?.grant ?? null;
  if (grant === null) throw new Failure('consent');
  const answer = await grant.accounts();
  if (isOurs(answer)) return send(response, 200, answer.json);
  send(response, answer.status === 403 ? 403 : 502, { error: 'bank_refused' });
}

/** Whether an answer can be shown: JSON, of the company that was asked for and no other. */
function isOurs({ status, json }) {
  const company = new URL(env.ACCOUNTS_ENDPOINT).pathname.split('/').at(-3);
  const isOfCompany = ({ accountId }) => String(accountId).startsWith(`${company}-`);
  return status === 200 && Array.isArray(json?.data) && json.data.every(isOfCompany);
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
  const kind = error instanceof Failure ? error.kind : 'unexpected';
  if (kind === 'consent') return send(response, 409, { error: 'consent_required', connect: '/connect' });
  console.error(`${pathname}: ${kind === 'unexpected' ? error.name : kind}`);
  if (kind === 'refused') return page(response, 400, 'O banco não aceitou o código');
  const status = kind === 'unexpected' ? 500 : kind === 'unusable' || kind === 'misconfigured' ? 502 : 503;
  response.setHeader('retry-after', String(Math.ceil((error.retryAfterMs ?? 1_000) / 1000)));
  if (pathname === '/balance') return send(response, status, { error: 'bank_unavailable' });
  page(response, status, 'O banco não respondeu');
}

http
  .createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://application');
    const routes = {
      '/health': async () => send(response, 200, { status: 'ok' }),
      '/connect': async () => connect(request, response),
      '/callback': () => callback(searchParams, request, response),
      '/balance': () => balance(request, response),
    };
    const route = request.method === 'GET' ? routes[pathname] : undefined;
    if (route === undefined) return page(response, 404, 'Página não encontrada');
    route().catch((error) => fail(error, pathname, response));
  })
  .listen(Number(env.PORT ?? 4201), '127.0.0.1');
