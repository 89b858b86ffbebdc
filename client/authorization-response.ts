import { createHash, timingSafeEqual } from 'node:crypto';
import type { AuthorizationTransaction } from './authorization-request.js';
import { AuthorizationResponseError } from './authorization-response-error.js';
import type { BankBehaviour } from './banks/bank-profile.js';
import { safeText } from './safe-text.js';

/** The callback as the web framework gives it: a URL (absolute, or path and query), or only its parameters. */
export type AuthorizationCallback = string | URL | URLSearchParams;

const responseParameters = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri'] as const;

/** Compares in a time that does not tell how much of the value was right. */
function equalsInConstantTime(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function parametersOf(callback: AuthorizationCallback, redirectUri: string): URLSearchParams {
  if (callback instanceof URLSearchParams) return callback;
  const url = new URL(callback, redirectUri);
  const expectedPath = new URL(redirectUri).pathname;
  // The path, not the origin: behind a proxy an application seldom knows the origin under which it is seen.
  if (url.pathname !== expectedPath) {
    throw new AuthorizationResponseError(
      'ERR_CALLBACK_PATH',
      `Expected the callback at path ${expectedPath} of the redirect URI, it came at ${safeText(url.pathname)}. ` +
        'Where a proxy rewrites paths, pass the URLSearchParams instead of the URL.',
      { expected: expectedPath },
    );
  }
  return url.searchParams;
}

/**
 * Judges an authorization response (RFC 6749 4.1.2, RFC 9207) against the transaction that asked for it, and returns
 * the code. Nothing is sent. The order matters: until `state` and `iss` are right, nothing in the response is
 * believed, `error` included.
 *
 * The comparison of `iss` is of plain strings: no folding of case, ports or trailing slashes. Unknown parameters are
 * ignored.
 * The caller consumes the transaction first (see `createTransactionStore`), so that a response is judged once.
 *
 * @throws AuthorizationResponseError each failure with a code of its own.
 *
 * @example
 * ```ts
 * const { code } = judgeAuthorizationResponse(request.url, transaction, btg);
 * ```
 */
export function judgeAuthorizationResponse(
  callback: AuthorizationCallback,
  transaction: AuthorizationTransaction,
  profile: Pick<BankBehaviour, 'issInRedirect'>,
): { readonly code: string } {
  const parameters = parametersOf(callback, transaction.redirectUri);
  for (const name of responseParameters) {
    const count = parameters.getAll(name).length;
    if (count > 1) {
      throw new AuthorizationResponseError(
        'ERR_CALLBACK_DUPLICATE_PARAMETER',
        `Expected "${name}" at most once in the callback, it came ${String(count)} times. Start the consent again.`,
        { parameter: name, count },
      );
    }
  }
  judgeState(parameters.get('state'), transaction.state);
  const code = parameters.get('code');
  const error = parameters.get('error');
  judgeIssuer(parameters.get('iss'), transaction.issuer, profile.issInRedirect, error !== null);
  if (error !== null) throw refusal(error, code, parameters.get('error_description'));
  if (code === null || code === '') {
    throw new AuthorizationResponseError(
      'ERR_CALLBACK_CODE_MISSING',
      'Expected "code" or "error" in the callback, neither came. Start the consent again.',
      { parameters: responseParameters.filter((name) => parameters.has(name)) },
    );
  }
  return { code };
}

function judgeState(state: string | null, expected: string): void {
  if (state === null || state === '') {
    throw new AuthorizationResponseError(
      'ERR_CALLBACK_STATE_MISSING',
      'Expected the "state" that was sent, the callback has none. It may be forged: start the consent again.',
      { parameter: 'state', reason: 'missing' },
    );
  }
  if (!equalsInConstantTime(state, expected)) {
    throw new AuthorizationResponseError(
      'ERR_CALLBACK_STATE_MISMATCH',
      'Expected the "state" that was sent from this session, another one came. It may be forged: start the consent again.',
      { parameter: 'state', reason: 'mismatch' },
    );
  }
}

function judgeIssuer(
  iss: string | null,
  expected: string | null,
  presence: BankBehaviour['issInRedirect'],
  isError: boolean,
): void {
  if (iss === null) {
    if (presence === 'never' || (presence === 'on-success' && isError)) return;
    throw new AuthorizationResponseError(
      'ERR_CALLBACK_ISSUER_MISSING',
      `Expected "iss" ${expected ?? ''} in the callback, there is none. It may come from another bank: start again.`,
      { parameter: 'iss', reason: 'missing', expected },
    );
  }
  if (presence === 'never') {
    throw new AuthorizationResponseError(
      'ERR_CALLBACK_ISSUER_UNEXPECTED',
      `This bank sends no "iss", the callback names ${safeText(iss)}. It comes from another bank: start again.`,
      { parameter: 'iss', reason: 'unexpected', came: safeText(iss) },
    );
  }
  if (iss !== expected) {
    throw new AuthorizationResponseError(
      'ERR_CALLBACK_ISSUER_MISMATCH',
      `Expected "iss" to be exactly ${expected ?? '(none)'}, got ${safeText(iss)}. It comes from another bank: start again.`,
      { parameter: 'iss', reason: 'mismatch', expected, came: safeText(iss) },
    );
  }
}

function refusal(error: string, code: string | null, description: string | null): AuthorizationResponseError {
  const safeError = safeText(error, code === null ? [] : [code]);
  if (code !== null) {
    return new AuthorizationResponseError(
      'ERR_CALLBACK_AMBIGUOUS',
      'Expected either "code" or "error" in the callback, both came. Start the consent again.',
      { parameters: ['code', 'error'] },
    );
  }
  const errorDescription = description === null ? null : safeText(description);
  const denied = error === 'access_denied';
  return new AuthorizationResponseError(
    denied ? 'ERR_AUTHORIZATION_DENIED' : 'ERR_AUTHORIZATION_REFUSED',
    denied
      ? 'The user (or the bank) denied the consent. Ask again only when the user wants to.'
      : `The bank refused the authorization request with "${safeError}"${errorDescription === null ? '' : `: ${errorDescription}`}.`,
    { error: safeError, errorDescription },
    { error: safeError, errorDescription },
  );
}
