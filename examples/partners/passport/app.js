/** A partner of BS2 on Express, express-session and passport-oauth2. */
import { randomBytes, randomUUID } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import OAuth2Strategy from 'passport-oauth2';

const { env } = process;
const timeoutMs = Number(env.BANK_TIMEOUT_MS ?? 5_000);
const grants = new Map();
let pausedUntil = 0;

const strategy = new OAuth2Strategy(
  {
    authorizationURL: env.AUTHORIZATION_ENDPOINT,
    tokenURL: env.TOKEN_ENDPOINT,
    clientID: env.CLIENT_ID,
    clientSecret: env.CLIENT_SECRET,
    callbackURL: env.REDIRECT_URI,
    scope: env.SCOPE,
    state: true, // a fresh one in the session, used once
    passReqToCallback: true,
  },
  (request, accessToken, refreshToken, answer, _profile, done) => {
    if (String(answer.token_type).toLowerCase() !== 'bearer') return done(new Failure('unusable'));
    const fresh = { flight: null, over: false, restUntil: 0, failures: 0, rejected: null };
    const { customer } = request.session;
    grants.set(customer, { ...fresh, ...kept({ ...answer, access_token: accessToken, refresh_token: refreshToken }) });
    done(null, { customer });
  },
);
// The library waits for ever for an answer that stalls or breaks off, and takes a page for tokens.
strategy._oauth2._executeRequest = (_http, options, body, done) => {
  tokenRequest(`http${options.port === 443 ? 's' : ''}://${options.headers.Host}${options.path}`, options, body).then(
    (text) => done(null, text, { statusCode: 200 }),
    (error) => done(error),
  );
};
passport.use('bs2', strategy);

/** What went wrong, as far as the customer must know. */
class Failure extends Error {
  constructor(kind, retryAfterMs = null) {
    super(kind);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
async function pauseOver() {
  for (let waitMs = pausedUntil - Date.now(); waitMs > 0; waitMs = pausedUntil - Date.now()) {
    if (waitMs > 4_000) throw new Failure('down', waitMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

async function tokenRequest(url, { headers, method }, body) {
  await pauseOver();
  const { Host: _, ...sent } = headers;
  let answer;
  let text;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    answer = await fetch(url, { method, headers: { ...sent, connection: 'close' }, body, redirect: 'manual', signal });
    text = await answer.text();
  } catch {
    throw new Failure('lost');
  }
  const seconds = Number(answer.headers.get('retry-after') ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  if (answer.status === 429) {
    pausedUntil = Date.now() + (retryAfterMs ?? 60_000);
    throw new Failure('down', pausedUntil - Date.now());
  }
  if (answer.status >= 500) throw new Failure('lost', retryAfterMs);
  const json = parse(text);
  if (answer.status >= 400) throw new Failure(json?.error === 'invalid_grant' ? 'refused' : 'misconfigured');
  if (typeof json?.access_token !== 'string' || json.access_token === '') throw new Failure('lost');
  return text;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function kept(answer, before) {
  const lifetimeMs = Number(answer.expires_in ?? NaN) * 1000;
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token || before?.refreshToken,
    renewAt: Number.isFinite(lifetimeMs) ? Date.now() + lifetimeMs - Math.min(60_000, lifetimeMs / 10) : Infinity,
  };
}

/** The refresh is not passport's business; its OAuth client can make the request all the same. */
function refreshWithLibrary(refreshToken) {
  const parameters = { grant_type: 'refresh_token', scope: env.SCOPE };
  return new Promise((resolve, reject) => {
    strategy._oauth2.getOAuthAccessToken(refreshToken, parameters, (error, accessToken, next, answer) => {
      if (error) reject(error);
      else resolve({ ...answer, access_token: accessToken, refresh_token: next });
    });
  });
}

function refresh(grant) {
  grant.flight ??= renew(grant).finally(() => {
    grant.flight = null;
  });
  return grant.flight;
}

async function renew(grant) {
  if (grant.over || !grant.refreshToken) throw new Failure('consent');
  if (Date.now() < grant.restUntil) throw new Failure('down', grant.restUntil - Date.now());
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await refreshWithLibrary(grant.refreshToken);
      if (String(answer.token_type).toLowerCase() !== 'bearer') throw new Failure('unusable');
      Object.assign(grant, kept(answer, grant), { failures: 0 });
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

async function askApi(accessToken) {
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(env.BALANCE_ENDPOINT, { headers, redirect: 'manual', signal });
    const text = await answer.text();
    const isRejected = answer.status === 401 || (answer.status < 500 && text.trim() === 'Invalid token');
    return { status: answer.status, json: parse(text), isRejected };
  } catch {
    throw new Failure('down');
  }
}

const app = express();
app.disable('x-powered-by');
app.get('/health', (_request, response) => response.json({ status: 'ok' }));
app.use(
  session({
    name: 'passport_session',
    secret: env.SESSION_SECRET ?? randomBytes(32).toString('hex'),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax' },
  }),
);

app.get('/connect', (request, response, next) => {
  request.session.customer ??= randomUUID();
  passport.authenticate('bs2', { session: false })(request, response, next);
});

app.get('/callback', (request, response, next) => {
  const { searchParams } = new URL(request.originalUrl, env.REDIRECT_URI);
  const isDoubled = ['code', 'state', 'error', 'iss'].some((name) => searchParams.getAll(name).length > 1);
  // Without code and error the strategy would start a new consent.
  const isAnswer = searchParams.get('code') || searchParams.get('error');
  // BS2 sends no iss: with one it is another bank's answer.
  if (isDoubled || !isAnswer || searchParams.has('iss')) return page(response, 400, 'O retorno do banco não vale mais');
  passport.authenticate('bs2', { session: false }, (error, user) => {
    if (user) return page(response, 200, 'Conta conectada');
    const cause = error?.oauthError ?? error;
    if (error && !(cause instanceof Failure) && error.code === undefined) return next(error);
    // A denial, another error of the bank, or a state that is not this session's.
    if (!(cause instanceof Failure)) return page(response, 400, 'Nada foi conectado');
    next(cause);
  })(request, response, next);
});

app.get('/balance', async (request, response) => {
  const grant = grants.get(request.session.customer);
  if (grant === undefined) throw new Failure('consent');
  if (Date.now() >= grant.renewAt) await refresh(grant);
  const first = grant.accessToken;
  let answer = await askApi(first);
  if (answer.isRejected && grant.rejected !== first) {
    if (grant.accessToken === first) await refresh(grant);
    answer = await askApi(grant.accessToken);
    grant.rejected = answer.isRejected ? grant.accessToken : null;
  }
  if (answer.status === 200 && answer.json !== null) return response.json(answer.json);
  response.status(answer.status === 403 ? 403 : 502).json({ error: 'bank_refused' });
});

app.use((error, request, response, _next) => {
  const kind = error instanceof Failure ? error.kind : 'unexpected';
  console.error(`${request.path}: ${kind === 'unexpected' ? error.name : kind}`);
  if (kind === 'consent') return response.status(409).json({ error: 'consent_required', connect: '/connect' });
  if (kind === 'refused') return page(response, 400, 'O banco não aceitou o código');
  const status = kind === 'unexpected' ? 500 : kind === 'unusable' || kind === 'misconfigured' ? 502 : 503;
  response.set('retry-after', String(Math.ceil((error.retryAfterMs ?? 1_000) / 1000)));
  if (request.path === '/balance') return response.status(status).json({ error: 'bank_unavailable' });
  page(response, status, 'O banco não respondeu');
});

function page(response, status, title) {
  response.status(status).set('cache-control', 'no-store').type('html');
  response.send(`<!doctype html><title>${title}</title><h1>${title}</h1><a href="/connect">Conectar a conta</a>`);
}

app.listen(Number(env.PORT ?? 4140), '127.0.0.1');
