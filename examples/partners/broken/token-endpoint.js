import { inTurn, waitsForEver } from './bank-api.js';
import { bug } from './bugs.js';
import { BankFailure } from './failures.js';
import { readTokens } from './token-answer.js';

const pausedUntil = new Map();

/** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
async function pauseOver(bank) {
  for (;;) {
    const waitMs = (pausedUntil.get(bank.id) ?? 0) - Date.now();
    if (waitMs <= 0 || bug('storm-on-429') || bug('retry-after-ignored')) return;
    if (waitMs > 4_000) throw new BankFailure('rate-limited', 'the bank asked for a pause', waitMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

/** Sends a code once, whatever becomes of the answer (RFC 6749 4.1.2). */
export async function redeem(code, { bank, verifier }) {
  const parameters = { grant_type: 'authorization_code', code: bug('long-code-cut') ? code.slice(0, 512) : code };
  if (!bug('redirect-uri-missing')) {
    parameters.redirect_uri = bug('redirect-uri-different') ? `${bank.redirectUri}/` : bank.redirectUri;
  }
  if (verifier !== null && !bug('verifier-missing')) parameters.code_verifier = verifier;
  if (bug('code-sent-twice')) void request(bank, parameters).catch(() => undefined);
  const attempts = bug('code-resent-after-lost-answer') || bug('refused-code-retried') ? 3 : 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request(bank, parameters);
    } catch (error) {
      const repeats =
        (bug('code-resent-after-lost-answer') && error.kind === 'unavailable') ||
        (bug('refused-code-retried') && error.kind === 'refused');
      if (!repeats || attempt === attempts) throw error;
    }
  }
}

/** One refresh, not repeated. */
export function refreshTokens(bank, refreshToken) {
  const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken };
  if (bank.sendsScopeOnRefresh && !bug('refresh-scope-forgotten')) parameters.scope = bank.scope;
  if (bug('refresh-token-in-wrong-member')) {
    parameters.token = parameters.refresh_token;
    delete parameters.refresh_token;
  }
  return request(bank, parameters);
}

function request(bank, parameters) {
  return inTurn(() => send(bank, parameters));
}

async function send(bank, parameters) {
  await pauseOver(bank);
  const requestedAt = Date.now();
  let answer;
  try {
    const response = await fetch(address(bank, parameters), {
      method: 'POST',
      redirect: 'manual',
      headers: headers(bank),
      body: body(bank, parameters),
      ...(waitsForEver() ? {} : { signal: AbortSignal.timeout(bank.timeoutMs) }),
    });
    answer = { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    if (bug('exits-on-first-error')) process.exit(1);
    throw new BankFailure('unavailable', `no answer from the token endpoint (${error.name})`);
  }
  if (answer.status === 429) {
    const pauseMs = retryAfterMs(answer) ?? 60_000;
    pausedUntil.set(bank.id, Date.now() + pauseMs);
    throw new BankFailure('rate-limited', 'the token endpoint answered 429', pauseMs);
  }
  if (answer.status >= 500) {
    const message = `the token endpoint answered ${String(answer.status)}`;
    throw new BankFailure('unavailable', message, retryAfterMs(answer));
  }
  return readTokens(answer, requestedAt);
}

function address(bank, parameters) {
  if (!bug('token-parameters-in-query')) return bank.tokenEndpoint;
  const query = new URLSearchParams({ ...parameters, client_id: bank.clientId, client_secret: bank.clientSecret });
  return `${bank.tokenEndpoint}?${query}`;
}

function headers(bank) {
  const form = (text) => encodeURIComponent(text).replaceAll('%20', '+');
  const credentials = Buffer.from(`${form(bank.clientId)}:${form(bank.clientSecret)}`).toString('base64');
  return {
    accept: 'application/json',
    'content-type': bug('token-request-json') ? 'application/json' : 'application/x-www-form-urlencoded',
    // A connection that died while it was idle would look like an answer that was lost.
    connection: 'close',
    ...(bug('client-authentication-missing') ? {} : { authorization: `Basic ${credentials}` }),
  };
}

function body(bank, parameters) {
  if (bug('token-request-json')) return JSON.stringify(parameters);
  if (!bug('client-authenticates-twice')) return new URLSearchParams(parameters).toString();
  const credentials = { client_id: bank.clientId, client_secret: bank.clientSecret };
  return new URLSearchParams({ ...parameters, ...credentials }).toString();
}

/** `Retry-After` in ms: seconds, or a date; null when it is neither. */
export function retryAfterMs({ headers: answerHeaders }) {
  const value = answerHeaders.get('retry-after') ?? '';
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
