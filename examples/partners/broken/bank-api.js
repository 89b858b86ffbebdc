import { bug } from './bugs.js';
import { BankFailure } from './failures.js';

let previous = Promise.resolve();

/** Asks the bank's API for balance (BS2) or accounts (BTG) with an access token. @throws BankFailure */
export function askBank(bank, accessToken) {
  return inTurn(() => request(bank, accessToken));
}

/** Sends a request; with `one-at-a-time` when the one before is answered, whosoever it was. */
export function inTurn(send) {
  if (!bug('one-at-a-time')) return send();
  const turn = previous.then(send);
  previous = turn.catch(() => undefined);
  return turn;
}

async function request(bank, accessToken) {
  const url = new URL(bank.apiEndpoint);
  if (bug('bearer-in-query')) url.searchParams.set('access_token', accessToken);
  const headers = { accept: 'application/json' };
  if (!bug('bearer-in-query')) headers.authorization = `Bearer ${accessToken}`;
  try {
    const response = await fetch(url, {
      headers,
      redirect: 'manual',
      ...(waitsForEver() ? {} : { signal: AbortSignal.timeout(bank.timeoutMs) }),
    });
    const text = await response.text();
    if (bug('api-answer-always-json')) JSON.parse(text);
    return { status: response.status, text };
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    if (bug('exits-on-first-error')) process.exit(1);
    throw new BankFailure('unavailable', `no answer from the API (${error.name})`);
  }
}

export function waitsForEver() {
  return bug('no-timeout') || bug('one-at-a-time');
}

/** Whether a new access token may help: 401, or BS2's plain text. No 403 is cured by one. */
export function isTokenRejected({ status, text }) {
  if (status === 401 || (status === 403 && bug('403-refreshes'))) return true;
  return status >= 400 && status < 500 && text.trim() === 'Invalid token';
}
