/** A partner whose pages are a script, and whose backend holds all that is secret. Only a browser gets through it. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

const { env } = process;
const isBtg = env.BANK === 'btg';
const apiUrl = isBtg ? env.ACCOUNTS_ENDPOINT : env.BALANCE_ENDPOINT;
const timeoutMs = Number(env.BANK_TIMEOUT_MS ?? 5_000);
const random = () => randomBytes(32).toString('base64url');
const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const [html, script] = [read('page.html'), read('page.js')];
const sessions = new Map();
let pausedUntil = 0;

class Failure extends Error {
  constructor(kind, retryAfterMs = null) {
    super(kind);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

const app = new Hono();
const sessionOf = (c) => sessions.get(getCookie(c, 'spa_session'));
for (const path of ['/', '/connect', '/callback']) {
  app.get(path, (c) => c.html(html, 200, { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }));
}
app.get('/page.js', (c) => c.body(script, 200, { 'content-type': 'text/javascript' }));
app.get('/health', (c) => c.json({ status: 'ok' }));

// What changes something is asked for by our own page, and by no other site's.
app.post('/api/*', async (c, next) => {
  const isOwn = c.req.header('origin') === new URL(env.REDIRECT_URI).origin;
  if (!isOwn || c.req.header('content-type') !== 'application/json') return c.json({ message: 'Recusado.' }, 403);
  await next();
});

app.post('/api/connect', (c) => {
  let session = sessionOf(c);
  if (session === undefined) {
    const id = random();
    session = { pending: new Map(), grant: null };
    sessions.set(id, session);
    setCookie(c, 'spa_session', id, { httpOnly: true, sameSite: 'Lax', path: '/' });
  }
  const [state, verifier] = [random(), random()];
  session.pending.set(state, { verifier, startedAt: Date.now() });
  const url = new URL(env.AUTHORIZATION_ENDPOINT);
  const query = { response_type: 'code', client_id: env.CLIENT_ID, redirect_uri: env.REDIRECT_URI, scope: env.SCOPE };
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const pkce = isBtg ? { code_challenge: challenge, code_challenge_method: 'S256' } : {};
  url.search = new URLSearchParams({ ...query, state, ...pkce });
  return c.json({ authorizationUrl: url.href });
});

app.post('/api/callback', async (c) => {
  const { answer } = await c.req.json();
  const query = new URLSearchParams(String(answer));
  const session = sessionOf(c);
  const state = query.get('state') ?? '';
  const started = session?.pending.get(state);
  session?.pending.delete(state);
  const isDoubled = ['code', 'state', 'error', 'iss'].some((name) => query.getAll(name).length > 1);
  const isOurs = started !== undefined && Date.now() < started.startedAt + 900_000;
  const code = query.get('code');
  if (!isOurs || isDoubled || query.get('iss') !== (isBtg ? env.ISSUER : null)) {
    return c.json({ message: 'O retorno do banco não vale mais. Conecte de novo.' }, 400);
  }
  if (query.has('error') || !code) return c.json({ message: 'Nada foi conectado.' }, 400);
  const parameters = { grant_type: 'authorization_code', code, redirect_uri: env.REDIRECT_URI };
  if (isBtg) parameters.code_verifier = started.verifier;
  const tokens = await askForTokens(parameters);
  session.grant = { ...tokens, flight: null, over: false, restUntil: 0, failures: 0, rejected: null };
  return c.json({ message: 'Conta conectada.' });
});

app.get('/api/balance', async (c) => {
  const answer = await call(sessionOf(c)?.grant ?? null);
  if (isOurs(answer)) return c.json(answer.json);
  return c.json({ error: 'bank_refused' }, answer.status === 403 ? 403 : 502);
});

app.onError((error, c) => {
  const kind = error instanceof Failure ? error.kind : 'unexpected';
  if (kind === 'consent') return c.json({ error: 'consent_required', connect: '/connect' }, 409);
  console.error(`${c.req.path}: ${kind === 'unexpected' ? error.name : kind}`);
  if (kind === 'refused') return c.json({ message: 'O banco não aceitou o código. Conecte de novo.' }, 400);
  const status = kind === 'unexpected' ? 500 : kind === 'unusable' || kind === 'misconfigured' ? 502 : 503;
  c.header('retry-after', String(Math.ceil((error.retryAfterMs ?? 1_000) / 1000)));
  return c.json({ error: 'bank_unavailable', message: 'O banco não respondeu. Tente de novo em instantes.' }, status);
});

async function call(grant) {
  if (grant === null) throw new Failure('consent');
  if (Date.now() >= grant.renewAt) await refresh(grant);
  const first = grant.accessToken;
  const answer = await askApi(first);
  if (!answer.isRejected || grant.rejected === first) return answer;
  if (grant.accessToken === first) await refresh(grant);
  const again = await askApi(grant.accessToken);
  grant.rejected = again.isRejected ? grant.accessToken : null;
  return again;
}

function refresh(grant) {
  grant.flight ??= renew(grant).finally(() => {
    grant.flight = null;
  });
  return grant.flight;
}

async function renew(grant) {
  if (grant.over || grant.refreshToken === null) throw new Failure('consent');
  if (Date.now() < grant.restUntil) throw new Failure('down', grant.restUntil - Date.now());
  const parameters = { grant_type: 'refresh_token', refresh_token: grant.refreshToken };
  if (!isBtg) parameters.scope = env.SCOPE;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const tokens = await askForTokens(parameters);
      Object.assign(grant, tokens, { refreshToken: tokens.refreshToken ?? grant.refreshToken, failures: 0 });
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
  const { status, headers, json } = await exchange(env.TOKEN_ENDPOINT, {
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
  const { status, text, json } = await exchange(apiUrl, { headers });
  const isRejected = status === 401 || (status >= 400 && status < 500 && text.trim() === 'Invalid token');
  return { status, json, isRejected };
}

async function exchange(url, request) {
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
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

serve({ fetch: app.fetch, port: Number(env.PORT ?? 4240), hostname: '127.0.0.1' });
