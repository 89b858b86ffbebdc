/** A partner on openid-client 6 and Hono. What the library leaves to the application is commented. */
import { randomBytes } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import * as oauth from 'openid-client';

const { env } = process;
const isBtg = env.BANK === 'btg';
const apiUrl = isBtg ? env.ACCOUNTS_ENDPOINT : env.BALANCE_ENDPOINT;
const timeoutMs = Number(env.BANK_TIMEOUT_MS ?? 5_000);
const sessions = new Map();
/** The bank asked for a pause: its token endpoint is left alone until then. */
let pausedUntil = 0;

const configuration = new oauth.Configuration(
  {
    issuer: isBtg ? env.ISSUER : env.BASE_URL,
    authorization_endpoint: env.AUTHORIZATION_ENDPOINT,
    token_endpoint: env.TOKEN_ENDPOINT,
    // BTG has no discovery document to say so.
    authorization_response_iss_parameter_supported: isBtg,
  },
  env.CLIENT_ID,
  { client_secret: env.CLIENT_SECRET, ...(isBtg ? { id_token_signed_response_alg: 'HS256' } : {}) },
  oauth.ClientSecretBasic(env.CLIENT_SECRET),
);
configuration.timeout = timeoutMs / 1000;
if (env.TOKEN_ENDPOINT.startsWith('http:')) oauth.allowInsecureRequests(configuration);
configuration[oauth.customFetch] = async (url, options) => {
  const response = await fetch(url, { ...options, headers: { ...options.headers, connection: 'close' } });
  if (response.status === 429 || (response.status === 503 && response.headers.has('retry-after'))) {
    pausedUntil = Date.now() + 1000 * (Number(response.headers.get('retry-after')) || 60);
  }
  return response;
};

class ConsentRequired extends Error {}
class BankDown extends Error {}

const app = new Hono();
const page = (c, status, title, text) =>
  c.html(
    `<!doctype html><title>${title}</title><h1>${title}</h1><p>${text} <a href="/connect">Conectar</a></p>`,
    status,
  );
const sessionOf = (c) => sessions.get(getCookie(c, 'openid_session'));

app.get('/health', (c) => c.json({ status: 'ok' }));

app.get('/connect', async (c) => {
  let session = sessionOf(c);
  if (session === undefined) {
    const id = randomBytes(32).toString('base64url');
    session = { pending: new Map(), grant: null };
    sessions.set(id, session);
    setCookie(c, 'openid_session', id, { httpOnly: true, sameSite: 'Lax', path: '/' });
  }
  const state = oauth.randomState();
  const checks = { expectedState: state, startedAt: Date.now() };
  const parameters = { redirect_uri: env.REDIRECT_URI, scope: env.SCOPE, state };
  if (isBtg) {
    checks.expectedNonce = oauth.randomNonce();
    checks.pkceCodeVerifier = oauth.randomPKCECodeVerifier();
    parameters.nonce = checks.expectedNonce;
    parameters.code_challenge = await oauth.calculatePKCECodeChallenge(checks.pkceCodeVerifier);
    parameters.code_challenge_method = 'S256';
  }
  session.pending.set(state, checks);
  return c.redirect(oauth.buildAuthorizationUrl(configuration, parameters).href);
});

app.get('/callback', async (c) => {
  const session = sessionOf(c);
  const state = c.req.query('state') ?? '';
  const checks = session?.pending.get(state);
  // One use, whatever comes of it: the library compares, but it remembers nothing.
  session?.pending.delete(state);
  if (checks === undefined || checks.startedAt + 900_000 < Date.now()) {
    return page(c, 400, 'Não foi possível conectar', 'O retorno do banco não vale mais.');
  }
  // The address as the bank knows it; behind a proxy the request's own host is another.
  const url = new URL(env.REDIRECT_URI);
  url.search = new URL(c.req.url).search;
  const { startedAt: _, ...expected } = checks;
  try {
    await pauseOver();
    const tokens = await oauth.authorizationCodeGrant(configuration, url, { ...expected, idTokenExpected: isBtg });
    const claims = isBtg ? tokens.claims() : undefined;
    // The library does not ask how old an id_token is.
    if (claims !== undefined && claims.iat < Date.now() / 1000 - 600) throw new BankDown('an old id_token');
    session.grant = { ...kept(tokens, null), claims, flight: null, restUntil: 0, failures: 0, hopeless: null };
    return page(c, 200, 'Conta conectada', 'Já podemos consultar o seu saldo.');
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      return page(c, 400, 'Nada foi conectado', error.error === 'access_denied' ? 'Você negou.' : 'O banco recusou.');
    }
    const isOver = error.error === 'invalid_grant' || ['OAUTH_INVALID_RESPONSE'].includes(error.code);
    console.error(`callback: ${error.code ?? error.name}`);
    if (isOver) return page(c, 400, 'Não foi possível conectar', 'O banco não aceitou o código.');
    return page(c, 503, 'O banco não respondeu', 'Tente de novo em instantes.');
  }
});

app.get('/balance', async (c) => {
  try {
    const answer = await call(sessionOf(c)?.grant);
    if (isOurs(answer)) return c.json(answer.json);
    return c.json({ error: 'bank_refused' }, answer.status === 403 ? 403 : 502);
  } catch (error) {
    if (error instanceof ConsentRequired) return c.json({ error: 'consent_required', connect: '/connect' }, 409);
    console.error(`balance: ${error.name}`);
    const wait = Math.max(1, Math.ceil((pausedUntil - Date.now()) / 1000));
    return c.json({ error: 'bank_unavailable' }, 503, { 'retry-after': String(wait) });
  }
});

app.onError((error, c) => {
  console.error(`unexpected: ${error.name}`);
  return page(c, 500, 'Erro inesperado', '');
});

/** What is kept of a token answer; without a new refresh token the old one stays. */
function kept(tokens, before) {
  const lifetimeMs = tokens.expires_in === undefined ? null : tokens.expires_in * 1000;
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? before?.refreshToken,
    expiresAt: lifetimeMs === null ? Infinity : Date.now() + lifetimeMs - Math.min(60_000, lifetimeMs / 10),
  };
}

async function call(grant) {
  if (grant == null) throw new ConsentRequired();
  if (Date.now() >= grant.expiresAt) await refresh(grant);
  const first = grant.accessToken;
  const answer = await ask(first);
  if (answer.status !== 401 || grant.hopeless === first) return answer;
  // Somebody may have refreshed while this call was under way.
  if (grant.accessToken === first) await refresh(grant);
  const again = await ask(grant.accessToken);
  grant.hopeless = again.status === 401 ? grant.accessToken : null;
  return again;
}

async function ask(accessToken) {
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
  const response = await fetch(apiUrl, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
  const text = await response.text();
  // BS2's gateway says so in plain text.
  const isRejected = response.status >= 400 && response.status < 500 && text.trim() === 'Invalid token';
  return { status: isRejected ? 401 : response.status, json: parse(text) };
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

/** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
async function pauseOver() {
  for (let waitMs = pausedUntil - Date.now(); waitMs > 0; waitMs = pausedUntil - Date.now()) {
    if (waitMs > 4_000) throw new BankDown('paused');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

/** One refresh at a time: all who need it wait for the same one. */
function refresh(grant) {
  grant.flight ??= renew(grant).finally(() => {
    grant.flight = null;
  });
  return grant.flight;
}

async function renew(grant) {
  if (grant.lost || grant.refreshToken === undefined) throw new ConsentRequired();
  if (Date.now() < grant.restUntil) throw new BankDown('resting');
  await pauseOver();
  // BS2 wants scope in a refresh.
  const parameters = isBtg ? {} : { scope: env.SCOPE };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const tokens = await oauth.refreshTokenGrant(configuration, grant.refreshToken, parameters);
      if (!isSamePerson(tokens.claims(), grant.claims)) break;
      Object.assign(grant, kept(tokens, grant), { failures: 0 });
      return;
    } catch (error) {
      console.error(`refresh: ${error.code ?? error.name}`);
      if (error.error === 'invalid_grant') break;
      const isTheirAnswer = error.status !== undefined && error.status < 500;
      // The answer may be lost: the same token is tried once more, and never again after that.
      if (attempt === 1 && !isTheirAnswer && Date.now() >= pausedUntil) continue;
      grant.failures += 1;
      grant.restUntil = Date.now() + Math.min(60_000, 1_000 * 2 ** grant.failures);
      throw new BankDown('no refresh');
    }
  }
  grant.lost = true;
  throw new ConsentRequired();
}

/** OpenID Connect Core 12.2; the library checks the refreshed id_token for itself only. */
function isSamePerson(claims, original) {
  if (claims === undefined || original === undefined) return true;
  const audience = ({ aud }) => JSON.stringify([aud].flat().sort());
  const isSameNonce = claims.nonce === undefined || claims.nonce === original.nonce;
  return claims.sub === original.sub && audience(claims) === audience(original) && isSameNonce;
}

serve({ fetch: app.fetch, port: Number(env.PORT ?? 4120), hostname: '127.0.0.1' });
