/**
 * A partner of BTG that sends no state. What defends its callback is PKCE: the verifier is in the customer's session,
 * so a code that was made for somebody else's challenge is refused by the bank (RFC 9700 4.7.1).
 */
import { createHash, randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { serve } from '@hono/node-server';
import { getCookie, setCookie } from 'hono/cookie';
import { request as httpRequest } from 'undici';

const { env } = process;
const timeoutMs = Number(env.BANK_TIMEOUT_MS ?? 5_000);
const random = () => randomBytes(32).toString('base64url');
const sessions = new Map();
let pausedUntil = 0;

class Refused extends Error {}
class ConsentOver extends Error {}
class BankDown extends Error {
  constructor(retryAfterMs = null) {
    super('the bank is down');
    this.retryAfterMs = retryAfterMs;
  }
}

const app = new Hono();
const sessionOf = (c) => sessions.get(getCookie(c, 'pkce_session'));
const page = (c, status, title) =>
  c.html(`<!doctype html><title>${title}</title><h1>${title}</h1><a href="/connect">Conectar a conta</a>`, status);

app.get('/health', (c) => c.json({ status: 'ok' }));

app.get('/connect', (c) => {
  let session = sessionOf(c);
  if (session === undefined) {
    const id = random();
    session = { verifier: null, grant: null };
    sessions.set(id, session);
    setCookie(c, 'pkce_session', id, { httpOnly: true, sameSite: 'Lax', path: '/' });
  }
  session.verifier = random();
  const url = new URL(env.AUTHORIZATION_ENDPOINT);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: env.CLIENT_ID,
    redirect_uri: env.REDIRECT_URI,
    scope: env.SCOPE,
    code_challenge: createHash('sha256').update(session.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return c.redirect(url.href);
});

app.get('/callback', async (c) => {
  const session = sessionOf(c);
  const verifier = session?.verifier ?? null;
  const { code = [], error = [], iss = [] } = c.req.queries();
  // No consent is under way here, or the answer is not one of BTG's: nothing is sent.
  if (verifier === null || iss.length !== 1 || iss[0] !== env.ISSUER || code.length + error.length !== 1) {
    return page(c, 400, 'O retorno do banco não vale mais');
  }
  // One verifier, one code: a second callback finds none.
  session.verifier = null;
  if (error.length === 1 || code[0] === '') return page(c, 400, 'Nada foi conectado');
  const parameters = { grant_type: 'authorization_code', code: code[0], redirect_uri: env.REDIRECT_URI };
  const tokens = await askForTokens({ ...parameters, code_verifier: verifier });
  session.grant = { ...tokens, flight: null, over: false, restUntil: 0, failures: 0, rejected: null };
  return page(c, 200, 'Conta conectada');
});

app.get('/balance', async (c) => {
  const answer = await call(sessionOf(c)?.grant ?? null);
  if (isOurs(answer)) return c.json(answer.json);
  return c.json({ error: 'bank_refused' }, answer.status === 403 ? 403 : 502);
});

app.onError((error, c) => {
  if (error instanceof ConsentOver) return c.json({ error: 'consent_required', connect: '/connect' }, 409);
  console.error(`${c.req.path}: ${error.name} ${error instanceof BankDown ? error.message : ''}`);
  if (error instanceof Refused) return page(c, 400, 'O banco não aceitou o código');
  const status = error instanceof BankDown ? 503 : 500;
  c.header('retry-after', String(Math.ceil((error.retryAfterMs ?? 1_000) / 1000)));
  return c.req.path === '/balance'
    ? c.json({ error: 'bank_unavailable' }, status)
    : page(c, status, 'Tente mais tarde');
});

async function call(grant) {
  if (grant === null) throw new ConsentOver();
  if (Date.now() >= grant.renewAt) await refresh(grant);
  const first = grant.accessToken;
  const answer = await askApi(first);
  if (answer.status !== 401 || grant.rejected === first) return answer;
  if (grant.accessToken === first) await refresh(grant);
  const again = await askApi(grant.accessToken);
  grant.rejected = again.status === 401 ? grant.accessToken : null;
  return again;
}

function refresh(grant) {
  grant.flight ??= renew(grant).finally(() => {
    grant.flight = null;
  });
  return grant.flight;
}

async function renew(grant) {
  if (grant.over || grant.refreshToken === null) throw new ConsentOver();
  if (Date.now() < grant.restUntil) throw new BankDown(grant.restUntil - Date.now());
  const parameters = { grant_type: 'refresh_token', refresh_token: grant.refreshToken };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const tokens = await askForTokens(parameters);
      Object.assign(grant, tokens, { refreshToken: tokens.refreshToken ?? grant.refreshToken, failures: 0 });
      return;
    } catch (error) {
      if (error instanceof Refused) {
        grant.over = true;
        throw new ConsentOver();
      }
      if (attempt === 1 && error.retryAfterMs === null) continue;
      grant.failures += 1;
      grant.restUntil = Date.now() + Math.max(error.retryAfterMs ?? 0, Math.min(60_000, 1_000 * 2 ** grant.failures));
      throw error;
    }
  }
}

/** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
async function pauseOver() {
  for (let waitMs = pausedUntil - Date.now(); waitMs > 0; waitMs = pausedUntil - Date.now()) {
    if (waitMs > 4_000) throw new BankDown(waitMs);
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
    },
    body: new URLSearchParams(parameters).toString(),
    reset: true,
  });
  const seconds = Number(headers['retry-after'] ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  if (status === 429) {
    pausedUntil = Date.now() + (retryAfterMs ?? 60_000);
    throw new BankDown(pausedUntil - Date.now());
  }
  if (status >= 400 && status < 500 && json?.error === 'invalid_grant') throw new Refused('invalid_grant');
  const isBearer = String(json?.token_type).toLowerCase() === 'bearer';
  if (status !== 200 || typeof json?.access_token !== 'string' || !isBearer) throw new BankDown(retryAfterMs);
  const lifetimeMs = Number(json.expires_in ?? NaN) * 1000;
  return {
    accessToken: json.access_token,
    refreshToken: json.refresh_token || null,
    renewAt: Number.isFinite(lifetimeMs) ? askedAt + lifetimeMs - Math.min(60_000, lifetimeMs / 10) : Infinity,
  };
}

async function askApi(accessToken) {
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
  return exchange(env.ACCOUNTS_ENDPOINT, { headers });
}

async function exchange(url, options) {
  try {
    const answer = await httpRequest(url, { ...options, signal: AbortSignal.timeout(timeoutMs) });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, json: parse(text) };
  } catch {
    throw new BankDown();
  }
}

/** Whether an answer can be shown: JSON, of the company that was asked for and no other. */
function isOurs({ status, json }) {
  const company = new URL(env.ACCOUNTS_ENDPOINT).pathname.split('/').at(-3);
  const isOfCompany = ({ accountId }) => String(accountId).startsWith(`${company}-`);
  return status === 200 && Array.isArray(json?.data) && json.data.every(isOfCompany);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

serve({ fetch: app.fetch, port: Number(env.PORT ?? 4181), hostname: '127.0.0.1' });
