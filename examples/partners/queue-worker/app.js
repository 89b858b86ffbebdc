/** A partner whose web part only puts work into a queue; workers of the same process speak to the bank. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const { env } = process;
const isBtg = env.BANK === 'btg';
const apiUrl = isBtg ? env.ACCOUNTS_ENDPOINT : env.BALANCE_ENDPOINT;
const timeoutMs = Number(env.BANK_TIMEOUT_MS ?? 5_000);
const random = () => randomBytes(32).toString('base64url');
const customers = new Map();
let pausedUntil = 0;

/** One customer's work is done in the order in which it came, one piece at a time: nothing of it ever races. */
class Queue {
  #last = Promise.resolve();

  add(work) {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

class Failure extends Error {
  constructor(kind, retryAfterMs = null) {
    super(kind);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

// What the workers do.

async function redeem(customer, { code, verifier }) {
  const parameters = { grant_type: 'authorization_code', code, redirect_uri: env.REDIRECT_URI };
  if (isBtg) parameters.code_verifier = verifier;
  customer.grant = { ...(await askForTokens(parameters)), restUntil: 0, failures: 0, rejected: null, over: false };
}

async function fetchBalance(customer) {
  const { grant } = customer;
  if (grant === null || grant.over) throw new Failure('consent');
  if (Date.now() >= grant.renewAt) await renew(grant);
  const answer = await askApi(grant.accessToken);
  if (!answer.isRejected || grant.rejected === grant.accessToken) return answer;
  await renew(grant);
  const again = await askApi(grant.accessToken);
  grant.rejected = again.isRejected ? grant.accessToken : null;
  return again;
}

async function renew(grant) {
  if (!grant.refreshToken) throw lost(grant);
  if (Date.now() < grant.restUntil) throw new Failure('down', grant.restUntil - Date.now());
  const parameters = { grant_type: 'refresh_token', refresh_token: grant.refreshToken };
  if (!isBtg) parameters.scope = env.SCOPE;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const tokens = await askForTokens(parameters);
      Object.assign(grant, tokens, { refreshToken: tokens.refreshToken ?? grant.refreshToken, failures: 0 });
      return;
    } catch (error) {
      // Nobody knows whether the bank rotated the token: it is tried once more, and then never again.
      if (error.kind === 'lost' && error.retryAfterMs === null && attempt === 1) continue;
      if (error.kind === 'refused' || error.kind === 'unusable') throw lost(grant);
      grant.failures += 1;
      grant.restUntil = Date.now() + Math.max(error.retryAfterMs ?? 0, Math.min(60_000, 1_000 * 2 ** grant.failures));
      throw error;
    }
  }
}

function lost(grant) {
  grant.over = true;
  return new Failure('consent');
}

/** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
async function pauseOver() {
  for (let waitMs = pausedUntil - Date.now(); waitMs > 0; waitMs = pausedUntil - Date.now()) {
    if (waitMs > 4_000) throw new Failure('down', waitMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

async function askForTokens(parameters) {
  await pauseOver();
  const askedAt = Date.now();
  const { status, headers, text } = await exchange(env.TOKEN_ENDPOINT, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${env.CLIENT_ID}:${env.CLIENT_SECRET}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      connection: 'close',
    },
    body: new URLSearchParams(parameters).toString(),
  });
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  if (status === 429) {
    pausedUntil = Date.now() + (retryAfterMs ?? 60_000);
    throw new Failure('down', pausedUntil - Date.now());
  }
  if (status >= 500) throw new Failure('lost', retryAfterMs);
  const json = parse(text);
  if (status >= 400) throw new Failure(json?.error === 'invalid_grant' ? 'refused' : 'misconfigured');
  if (typeof json?.access_token !== 'string' || json.access_token === '') throw new Failure('lost');
  if (String(json.token_type).toLowerCase() !== 'bearer') throw new Failure('unusable');
  const lifetimeMs = Number(json.expires_in ?? NaN) * 1000;
  return {
    accessToken: json.access_token,
    refreshToken: json.refresh_token || null,
    renewAt: Number.isFinite(lifetimeMs) ? askedAt + lifetimeMs - Math.min(60_000, lifetimeMs / 10) : Infinity,
  };
}

async function askApi(accessToken) {
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
  const { status, text } = await exchange(apiUrl, { headers });
  const isRejected = status === 401 || (status >= 400 && status < 500 && text.trim() === 'Invalid token');
  return { status, json: parse(text), isRejected };
}

async function exchange(url, request) {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { ...request, redirect: 'manual', signal });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch {
    throw new Failure('lost');
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

// What the web part does.

const customerOf = ({ headers: { cookie = '' } }) => customers.get(/(?:^|; )queue_session=([\w-]+)/.exec(cookie)?.[1]);

function connect(request, response) {
  let customer = customerOf(request);
  if (customer === undefined) {
    const id = random();
    customer = { pending: new Map(), grant: null, queue: new Queue(), last: 'nada' };
    customers.set(id, customer);
    response.setHeader('set-cookie', `queue_session=${id}; Path=/; HttpOnly; SameSite=Lax`);
  }
  const [state, verifier] = [random(), random()];
  customer.pending.set(state, { verifier, startedAt: Date.now() });
  const url = new URL(env.AUTHORIZATION_ENDPOINT);
  const query = { response_type: 'code', client_id: env.CLIENT_ID, redirect_uri: env.REDIRECT_URI, scope: env.SCOPE };
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const pkce = isBtg ? { code_challenge: challenge, code_challenge_method: 'S256' } : {};
  url.search = new URLSearchParams({ ...query, state, ...pkce });
  response.writeHead(302, { location: url.href, 'cache-control': 'no-store' }).end();
}

/** Everything about the callback is judged here; into the queue goes a code that is known to be this customer's. */
function callback(query, request, response) {
  const customer = customerOf(request);
  const state = query.get('state') ?? '';
  const started = customer?.pending.get(state);
  customer?.pending.delete(state);
  const isDoubled = ['code', 'state', 'error', 'iss'].some((name) => query.getAll(name).length > 1);
  const isOurs = started !== undefined && Date.now() < started.startedAt + 900_000;
  const isFromBank = query.get('iss') === (isBtg ? env.ISSUER : null);
  const code = query.get('code');
  if (!isOurs || isDoubled || !isFromBank) return page(response, 400, 'O retorno do banco não vale mais');
  if (query.has('error') || !code) return page(response, 400, 'Nada foi conectado');
  customer.last = 'em andamento';
  customer.queue
    .add(() => redeem(customer, { code, verifier: started.verifier }))
    .then(
      () => (customer.last = 'conectada'),
      (error) => {
        customer.last = 'não conectada';
        console.error(`worker: code ${error.kind ?? error.name}`);
      },
    );
  page(response, 202, 'Estamos conectando a sua conta');
}

async function balance(request, response) {
  const customer = customerOf(request);
  if (customer === undefined) throw new Failure('consent');
  const answer = await customer.queue.add(() => fetchBalance(customer));
  if (isOurs(answer)) return send(response, 200, answer.json);
  send(response, answer.status === 403 ? 403 : 502, { error: 'bank_refused' });
}

function page(response, status, title) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`<!doctype html><title>${title}</title><h1>${title}</h1><a href="/connect">Conectar a conta</a>`);
}

function send(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

function fail(error, response) {
  if (error.kind === 'consent') return send(response, 409, { error: 'consent_required', connect: '/connect' });
  console.error(`worker: ${error.kind ?? error.name}`);
  response.setHeader('retry-after', String(Math.ceil((error.retryAfterMs ?? 1_000) / 1000)));
  send(response, error.kind === undefined ? 500 : 503, { error: 'bank_unavailable' });
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://application');
  const routes = {
    '/health': async () => send(response, 200, { status: 'ok' }),
    '/status': async () => send(response, 200, { conta: customerOf(request)?.last ?? 'nada' }),
    '/connect': async () => connect(request, response),
    '/callback': async () => callback(searchParams, request, response),
    '/balance': () => balance(request, response),
  };
  const route = request.method === 'GET' ? routes[pathname] : undefined;
  if (route === undefined) return page(response, 404, 'Página não encontrada');
  route().catch((error) => fail(error, response));
}).listen(Number(env.PORT ?? 4150), '127.0.0.1');
