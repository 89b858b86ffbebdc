import type { BankCall } from './bank-call.js';
import { isFromBrowser } from './bank-call.js';
import type { PartnerBank } from './partner-bank.js';

/** What a request lacks or has too much, in words for a person. */
export interface Breach {
  readonly expected: string;
  readonly actual: string;
}

/** The parameters of an authorization request: BTG takes it by POST, too. */
export function requestParameters({ method, query, form }: BankCall): URLSearchParams {
  return method === 'POST' ? form : query;
}

/** A parameter's value; null where it is absent, or empty, which banks take for absent. */
export function requestParameter(request: BankCall, name: string): string | null {
  const value = requestParameters(request).get(name);
  return value === '' ? null : value;
}

/** What of the parameters of a request is not as its bank asks, beside client identification and PKCE. */
export function parameterBreach(request: BankCall): Breach | null {
  const names = [...requestParameters(request).keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return { expected: 'each parameter once', actual: `${repeated} more than once` };
  const responseType = requestParameter(request, 'response_type');
  if (responseType !== 'code') {
    return { expected: 'response_type=code', actual: responseType === null ? 'no response_type' : 'another one' };
  }
  if (requestParameter(request, 'redirect_uri') === null)
    return { expected: 'the redirect_uri that the bank has registered', actual: 'no redirect_uri' };
  const scope = requestParameter(request, 'scope')?.split(' ') ?? null;
  if (scope === null) return { expected: 'the scope of the application', actual: 'no scope' };
  if (request.bank === 'btg' && !scope.includes('openid'))
    return { expected: 'openid among the scopes', actual: 'a scope without it' };
  if (request.bank === 'btg' && requestParameter(request, 'client_id') === null)
    return { expected: 'the client_id', actual: 'none' };
  const isSaidElsewhere = identificationBreach(request) !== null || challengeBreach(request) !== null;
  if (isSaidElsewhere || request.outcome === 'login') return null;
  return {
    expected: 'a request that the bank takes',
    actual: `the bank refused it (${request.outcome ?? 'no reason'})`,
  };
}

/** BS2 knows a client by Basic or by `client_id`; null also at a bank where `client_id` is a parameter like others. */
export function identificationBreach(request: BankCall): Breach | null {
  const names = request.basic !== null || requestParameter(request, 'client_id') !== null;
  if (request.bank !== 'bs2' || names) return null;
  return {
    expected: 'the API Key, by Basic from the backend or as client_id',
    actual: 'a request that names no client',
  };
}

/** How a client said who it is. */
export function identificationOf(request: BankCall): string {
  if (request.basic === null) return 'client_id in the query';
  return `API Key and API Secret by Basic, from the ${isFromBrowser(request) ? 'browser' : 'backend'}`;
}

/** What of a PKCE challenge is not S256; null where there is none. */
export function challengeBreach(request: BankCall): Breach | null {
  const challenge = requestParameter(request, 'code_challenge');
  const method = requestParameter(request, 'code_challenge_method');
  if (request.bank === 'bs2' || (challenge === null && method === null)) return null;
  if (challenge === null) return { expected: 'a code_challenge with its method', actual: 'the method alone' };
  if (method !== 'S256') {
    const actual = method === null ? 'no method, which means plain' : 'another method';
    return { expected: 'code_challenge_method=S256', actual };
  }
  if (/^[A-Za-z0-9_-]{43}$/.test(challenge)) return null;
  return { expected: 'a SHA-256 in base64url, 43 characters', actual: `${String(challenge.length)} characters` };
}

/** A shorter secret is likely to stand in an address by chance. */
const distinctive = 12;

/** Whether an address holds the client secret, as it is or as parameters and Basic write it. */
export function holdsClientSecret(address: string, { id, secret }: PartnerBank['client']): boolean {
  const pair = Buffer.from(`${id}:${secret}`);
  const forms = [pair.toString('base64'), pair.toString('base64url'), `${id}:${secret}`, `client_secret=${secret}`];
  if (secret.length >= distinctive) forms.push(secret);
  const readings = [address, decoded(address), decoded(decoded(address))];
  return forms.some((form) => readings.some((reading) => reading.includes(form)));
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** Whether a page shows the bank inside itself; the bank's pages refuse that, and customers could not see where they are. */
export function framesBank(html: string, isAtBank: (url: string) => boolean): boolean {
  const frames = html.matchAll(/<(?:iframe|frame|embed|object)\b[^>]*?\s(?:src|data)\s*=\s*["']?([^"'\s>]+)/gi);
  return [...frames].some(([, url = '']) => URL.canParse(url) && isAtBank(url));
}
