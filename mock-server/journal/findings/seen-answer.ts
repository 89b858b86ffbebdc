import * as v from 'valibot';
import type { Endpoint } from '../../banks/exchange.js';
import { RequestParameters } from '../../oauth/request-parameters.js';
import { bareValue, encodeTags } from './masked.js';

/** What a token answer gave. */
export interface SeenTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  readonly expiresInMs: number | null;
  readonly scope: string | null;
}

/** An authorization response: what the user carries back to the client. */
export interface SeenRedirect {
  /** The redirect URI, without what the bank added. */
  readonly uri: string;
  readonly code: string | null;
  readonly state: string | null;
  readonly error: string | null;
}

const text = v.pipe(v.string(), v.minLength(1));
const optionalText = v.optional(v.nullable(v.fallback(v.nullable(text), null)), null);
const tokenAnswerSchema = v.object({
  access_token: text,
  refresh_token: optionalText,
  id_token: optionalText,
  scope: optionalText,
  expires_in: v.fallback(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1e9))), null),
});

/** The tokens of an answer that came whole; null for every other. */
export function readTokenAnswer(status: number, body: string): SeenTokens | null {
  if (status !== 200) return null;
  const result = v.safeParse(tokenAnswerSchema, parse(body));
  if (!result.success) return null;
  const { access_token, refresh_token, id_token, scope, expires_in } = result.output;
  return {
    accessToken: bareValue(access_token),
    refreshToken: refresh_token === null ? null : bareValue(refresh_token),
    idToken: id_token === null ? null : bareValue(id_token),
    expiresInMs: expires_in === null ? null : expires_in * 1000,
    scope,
  };
}

const pages: ReadonlySet<Endpoint> = new Set([
  'authorize',
  'login',
  'consent',
  'second-factor',
  'scopes',
  'company',
  'unknown',
]);
const addedByBank = new Set(['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'session_state']);

/** Reads a `Location` as an authorization response; null where it leads to a page of the bank. */
export function readRedirect(endpoint: Endpoint, location: string): SeenRedirect | null {
  if (!pages.has(endpoint)) return null;
  const [beforeFragment = ''] = encodeTags(location).split('#');
  const queryStart = beforeFragment.indexOf('?');
  if (queryStart < 0) return null;
  const query = beforeFragment.slice(queryStart + 1);
  const parameters = new RequestParameters(query);
  const code = parameters.get('code') ?? null;
  const error = parameters.get('error') ?? null;
  if (code === null && error === null) return null;
  const own = query.split('&').filter((pair) => !addedByBank.has(pair.split('=')[0] ?? ''));
  const base = beforeFragment.slice(0, queryStart);
  return {
    uri: own.length === 0 ? base : `${base}?${own.join('&')}`,
    code,
    state: parameters.get('state') ?? null,
    error: error !== null && /^[a-z_]{1,60}$/.test(error) ? error : null,
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
