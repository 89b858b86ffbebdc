/** A partner on simple-oauth2. The library builds the requests; state, PKCE and the tokens' life are the application's. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { AuthorizationCode } from 'simple-oauth2';

const { env } = process;
const isBtg = env.BANK === 'btg';
const apiUrl = isBtg ? env.ACCOUNTS_ENDPOINT : env.BALANCE_ENDPOINT;
const timeout = Number(env.BANK_TIMEOUT_MS ?? 5_000);
const token = new URL(env.TOKEN_ENDPOINT);
const authorize = new URL(env.AUTHORIZATION_ENDPOINT);
const library = new AuthorizationCode({
  client: { id: env.CLIENT_ID, secret: env.CLIENT_SECRET },
  auth: {
    tokenHost: token.origin,
    tokenPath: token.pathname,
    authorizeHost: authorize.origin,
    authorizePath: authorize.pathname,
  },
  http: { timeout, headers: { connection: 'close' } },
});

const random = () => randomBytes(32).toString('base64url');
const sessions = new Map();
let tokensPausedUntil = 0;

/** What went wrong, as far as the customer must know. */
class Failure extends Error {
  constructor(kind, retryAfterMs = null) {
    super(kind);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

function connect(request, response) {
  let session = sessionOf(request);
  if (session === undefined) {
    const id = random();
    session = { pending: new Map(), grant: null };
    sessions.set(id, session);
    response.setHeader('set-cookie', `simple_session=${id}; Path=/; HttpOnly; SameSite=Lax`);
  }
  const state = random();
  const verifier = random();
  session.pending.set(state, { verifier, startedAt: Date.now() });
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const pkce = isBtg ? { code_challenge: challenge, code_challenge_method: 'S256' } : {};
  const location = library.authorizeURL({ redirect_uri: env.REDIRECT_URI, scope: env.SCOPE, state, ...pkce });
  response.writeHead(302, { location, 'cache-control': 'no-store' }).end();
}

async function callback(query, request, response) {
  const isDoubled = ['code', 'state', 'error', 'iss'].some((name) => query.getAll(name).length > 1);
  const session = sessionOf(request);
  const state = query.get('state') ?? '';
  const started = session?.pending.get(state);
  session?.pending.delete(state);
  const isOld = started === undefined || started.startedAt + 900_000 < Date.now();
  const isFromBank = query.get('iss') === (isBtg ? env.ISSUER : null);
  if (isDoubled || isOld || !isFromBank) return page(response, 400, 'O retorno do banco não vale mais');
  if (query.has('error')) return page(response, 400, 'Nada foi conectado');
  const code = query.get('code');
  if (!code) return page(response, 400, 'O retorno do banco não vale mais');
  const parameters = { code, redirect_uri: env.REDIRECT_URI, ...(isBtg ? { code_verifier: started.verifier } : {}) };
  const given = await ask(() => library.getToken(parameters));
  session.grant = { ...kept(given), refreshing: null, restUntil: 0, failures: 0, rejected: null, over: false };
  page(response, 200, 'Conta conectada');
}

/** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
async function pauseOver() {
  for (let waitMs = tokensPausedUntil - Date.now(); waitMs > 0; waitMs = tokensPausedUntil - Date.now()) {
    if (waitMs > 4_000) throw new Failure('down', waitMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

/** A request of the library, its failures sorted. */
async function ask(send) {
  await pauseOver();
  let given;
  try {
    given = await send();
  } catch (error) {
    // Boom's errors hold the answer, and with it tokens: only what is read here goes on.
    const status = error.data?.res?.statusCode ?? null;
    const seconds = Number(error.data?.res?.headers?.['retry-after'] ?? NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
    if (status === 429) {
      tokensPausedUntil = Date.now() + (retryAfterMs ?? 60_000);
      throw new Failure('down', tokensPausedUntil - Date.now());
    }
    if (status >= 400 && status < 500 && errorOf(error.data.payload) === 'invalid_grant') throw new Failure('refused');
    throw new Failure(status >= 400 && status < 500 ? 'misconfigured' : 'lost', retryAfterMs);
  }
  const { access_token: accessToken, token_type: type } = given.token;
  if (typeof accessToken !== 'string' || accessToken === '') throw new Failure('lost');
  if (String(type).toLowerCase() !== 'bearer') throw new Failure('unusable');
  return given;
}

function errorOf(payload) {
  try {
    return (Buffer.isBuffer(payload) ? JSON.parse(payload.toString('utf8')) : payload)?.error;
  } catch {
    return undefined;
  }
}

function kept(given, before) {
  const lifetimeMs = Number(given.token.expires_in ?? NaN) * 1000;
  return {
    given,
    accessToken: given.token.access_token,
    // The library forgets the old refresh token where the bank sends no new one.
    refreshToken: given.token.refresh_token || before?.refreshToken,
    renewAt: Number.isFinite(lifetimeMs) ? Date.now() + lifetimeMs - Math.min(60_000, lifetimeMs / 10) : Infinity,
  };
}

/** All who find the token expired wait for one refresh. */
function refresh(grant) {
  grant.refreshing ??= renew(grant).finally(() => {
    grant.refreshing = null;
  });
  return grant.refreshing;
}

async function renew(grant) {
  if (grant.over || !grant.refreshToken) throw new Failure('consent');
  if (Date.now() < grant.restUntil) throw new Failure('down', grant.restUntil - Date.now());
  const before = library.createToken({ refresh_token: grant.refreshToken });
  for (let attempt = 1; ; attempt += 1) {
    try {
      // BS2 wants scope, BTG does not.
      Object.assign(grant, kept(await ask(() => before.refresh(isBtg ? {} : { scope: env.SCOPE })), grant));
      grant.failures = 0;
      return;
    } catch (error) {
      if (error.kind === 'lost' && error.retryAfterMs === null && attempt === 1) continue;
      grant.over = error.kind === 'refused' || error.kind === 'unusable';
      if (grant.over) throw new Failure('consent');
      grant.failures += 1;
      grant.restUntil = Date.now() + Math.max(error.retryAfterMs ?? 0, Math.min(60_000, 1_000 * 2 ** grant.failures));
      throw error;
    }
  }
}

async function balance(request, response) {
  const grant = sessionOf(request)?.grant;
  if (grant == null) throw new Failure('consent');
  if (Date.now() >= grant.renewAt) await refresh(grant);
  const first = grant.accessToken;
  let answer = await askApi(first);
  if (isRejected(answer) && grant.rejected !== first) {
    if (grant.accessToken === first) await refresh(grant);
    answer = await askApi(grant.accessToken);
    // New and rejected all the same: the next 401 for it is no reason to refresh again.
    grant.rejected = isRejected(answer) ? grant.accessToken : null;
  }
  if (isOurs(answer)) return send(response, 200, answer.json);
  send(response, answer.status === 403 ? 403 : 502, { error: 'bank_refused' });
}

async function askApi(accessToken) {
  try {
    const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
    const answer = await fetch(apiUrl, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeout) });
    const text = await answer.text();
    return { status: answer.status, text, json: errorlessJson(text) };
  } catch {
    throw new Failure('down');
  }
}

function isRejected({ status, text }) {
  return status === 401 || (status >= 400 && status < 500 && text.trim() === 'Invalid token');
}

/** Whether an answer can be shown: JSON, and at BTG of the company that was asked for and no other. */
function isOurs({ status, json }) {
  if (status !== 200 || json === null || !isBtg) return status === 200 && json !== null;
  const company = new URL(apiUrl).pathname.split('/').at(-3);
  return Array.isArray(json.data) && json.data.every(({ accountId }) => String(accountId).startsWith(`${company}-`));
}

function errorlessJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sessionOf({ headers: { cookie = '' } }) {
  return sessions.get(/(?:^|; )simple_session=([\w-]+)/.exec(cookie)?.[1]);
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
  console.error(`${pathname}: ${kind === 'unexpected' ? error.name : kind}`);
  if (kind === 'consent') return send(response, 409, { error: 'consent_required', connect: '/connect' });
  if (kind === 'refused') return page(response, 400, 'O banco não aceitou o código');
  const status = kind === 'unexpected' ? 500 : kind === 'unusable' || kind === 'misconfigured' ? 502 : 503;
  response.setHeader('retry-after', String(Math.ceil((error.retryAfterMs ?? 1_000) / 1000)));
  if (pathname === '/balance') return send(response, status, { error: 'bank_unavailable' });
  page(response, status, 'O banco não respondeu');
}

createServer((request, response) => {
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
}).listen(Number(env.PORT ?? 4130), '127.0.0.1');
