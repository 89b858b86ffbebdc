import { bug } from './bugs.js';
import { BankFailure } from './failures.js';

/** Asks the bank's API for balance (BS2) or accounts (BTG) with an access token. @throws BankFailure */
export async function askBank(bank, accessToken) {
  const url = new URL(bank.apiEndpoint);
  if (bug('bearer-in-query')) url.searchParams.set('access_token', accessToken);
  const headers = { accept: 'application/json' };
  if (!bug('bearer-in-query')) headers.authorization = `Bearer ${accessToken}`;
  try {
    const response = await fetch(url, {
      headers,
      redirect: 'manual',
      ...(bug('no-timeout') ? {} : { signal: AbortSignal.timeout(bank.timeoutMs) }),
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

/** Whether a new access token may help: 401, or BS2's plain text. No 403 is cured by one. */
export function isTokenRejected({ status, text }) {
  if (status === 401 || (status === 403 && bug('403-refreshes'))) return true;
  return status >= 400 && status < 500 && text.trim() === 'Invalid token';
}
