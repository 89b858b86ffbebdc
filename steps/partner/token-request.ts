import { createHash } from 'node:crypto';
import type { Breach } from './authorization-request.js';
import { requestParameter } from './authorization-request.js';
import type { BankCall } from './bank-call.js';

/** Whether a call brings this code to the token endpoint, wherever it stands in it. */
export function bringsCode({ endpoint, url, rawBody }: BankCall, code: string): boolean {
  return endpoint === 'token' && (url.href.includes(code) || rawBody.includes(code));
}

/**
 * The parameters of a token request, wherever they stand: what stands at the wrong place is judged by
 * {@link formBreach} alone.
 */
export function sentParameters({ query, form, rawBody }: BankCall): ReadonlyMap<string, string> {
  return new Map([...query, ...form, ...jsonMembers(rawBody)]);
}

function jsonMembers(body: string): readonly (readonly [string, string])[] {
  if (!/^\s*\{/.test(body)) return [];
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json !== 'object' || json === null) return [];
    return Object.entries(json).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
  } catch {
    return [];
  }
}

const secretNames = ['code', 'client_secret', 'refresh_token', 'code_verifier', 'grant_type', 'redirect_uri'];

/** Token requests are a form, by POST, with nothing in the address. */
export function formBreach({ method, query, headers, form }: BankCall): Breach | null {
  if (method !== 'POST') return { expected: 'a POST', actual: `a ${method}` };
  const inAddress = secretNames.filter((name) => query.has(name));
  if (inAddress.length > 0)
    return { expected: 'parameters in the body alone', actual: `in the address: ${inAddress.join(', ')}` };
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? null;
  if (type !== 'application/x-www-form-urlencoded')
    return { expected: 'application/x-www-form-urlencoded', actual: type ?? 'no Content-Type' };
  const names = [...form.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return { expected: 'each parameter once', actual: `${repeated} more than once` };
  if (form.get('grant_type') === 'authorization_code') return null;
  return {
    expected: 'grant_type=authorization_code',
    actual: form.has('grant_type') ? 'another one' : 'no grant_type',
  };
}

/** `redirect_uri` is the authorization request's, letter for letter. */
export function redirectUriBreach(redemption: BankCall, request: BankCall): Breach | null {
  const sent = sentParameters(redemption).get('redirect_uri');
  const expected = 'the redirect_uri of the authorization request';
  if (sent === undefined || sent === '') return { expected, actual: 'no redirect_uri' };
  return sent === requestParameter(request, 'redirect_uri') ? null : { expected, actual: 'another one' };
}

/** The client authenticates, in one way, which the bank takes. */
export function authenticationBreach(redemption: BankCall): Breach | null {
  const header = redemption.headers.get('authorization');
  const isSent = sentParameters(redemption).has('client_secret');
  const inBody = isSent && !redemption.query.has('client_secret');
  if (header !== null && redemption.basic === null)
    return { expected: 'HTTP Basic', actual: 'an Authorization header that is not readable as Basic' };
  if (header !== null && inBody)
    return { expected: 'one way of client authentication', actual: 'two: Basic and client_secret' };
  if (header === null && !isSent) return { expected: 'client authentication by Basic', actual: 'none' };
  const { outcome } = redemption;
  if (outcome?.startsWith('invalid_client') !== true) return null;
  const way = authenticationOf(redemption);
  return { expected: 'client authentication that the bank takes', actual: `${way}, which it refused (${outcome})` };
}

/** How the client authenticated. */
export function authenticationOf({ basic }: BankCall): string {
  return basic === null ? 'client_secret among the parameters' : 'HTTP Basic';
}

/** A challenge has its verifier, of 43 to 128 unreserved characters, and no verifier comes without one. */
export function verifierBreach(redemption: BankCall, request: BankCall): Breach | null {
  const challenge = requestParameter(request, 'code_challenge');
  const verifier = sentParameters(redemption).get('code_verifier');
  if (challenge === null) {
    if (verifier === undefined) return null;
    return { expected: 'no code_verifier, since there was no challenge', actual: 'one' };
  }
  if (verifier === undefined) return { expected: 'the code_verifier of the challenge', actual: 'none' };
  if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier)) {
    const actual = `${String(verifier.length)} characters${/^[\w\-.~]*$/.test(verifier) ? '' : ', some of them others'}`;
    return { expected: 'a code_verifier of 43 to 128 unreserved characters', actual };
  }
  const isPlain = requestParameter(request, 'code_challenge_method') !== 'S256';
  const computed = isPlain ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return computed === challenge ? null : { expected: 'the code_verifier of the challenge', actual: 'another one' };
}
