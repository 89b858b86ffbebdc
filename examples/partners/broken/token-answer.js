import { bug } from './bugs.js';
import { BankFailure } from './failures.js';

const members = ['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope', 'id_token'];

/** The tokens of an answer below 500 (RFC 6749 5.1 and 5.2). @throws BankFailure */
export function readTokens({ status, headers, text }, requestedAt) {
  const json = parse(text);
  if (status >= 400) {
    const error = typeof json?.error === 'string' ? json.error : '';
    if (error === 'invalid_grant') throw new BankFailure('refused', 'the token endpoint answered invalid_grant');
    throw new BankFailure('misconfigured', `the token endpoint answered ${String(status)}`);
  }
  const isJson = /^application\/([\w.+-]+\+)?json\b/i.test(headers.get('content-type') ?? 'application/json');
  if (bug('html-taken-as-success') && !isJson) return succeed({ access_token: text }, requestedAt);
  if (bug('broken-answer-taken-as-success') && json === null) {
    const found = /"access_token"\s*:\s*"([^"]+)/.exec(text)?.[1];
    return succeed({ access_token: found ?? 'undefined' }, requestedAt);
  }
  if (status !== 200 || !isJson || json === null || typeof json.access_token !== 'string' || json.access_token === '') {
    // The bank may have acted on the request, so this is an answer that was lost.
    throw new BankFailure('unavailable', 'the token endpoint sent no complete token answer');
  }
  if (bug('unknown-members-refused') && Object.keys(json).some((member) => !members.includes(member))) {
    throw new BankFailure('unusable', 'the token answer has an unknown member');
  }
  const type = bug('token-type-case-sensitive') ? json.token_type : String(json.token_type).toLowerCase();
  if (
    !['bearer', ...(bug('token-type-case-sensitive') ? ['Bearer'] : [])].includes(type) &&
    !bug('token-type-unread')
  ) {
    throw new BankFailure('unusable', 'the token answer has a token_type other than Bearer');
  }
  if (bug('expires-in-required')) json.expires_in.toFixed();
  if (bug('scope-required')) json.scope.split(' ');
  return succeed(json, requestedAt);
}

function succeed(json, requestedAt) {
  const seconds = bug('fixed-lifetime') ? 86_400 : Number(json.expires_in ?? NaN);
  const lifetimeMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
  if (bug('tokens-on-stdout')) console.log(`novo token: ${json.access_token}`);
  return {
    accessToken: json.access_token,
    lifetimeMs,
    expiresAt: lifetimeMs === null ? null : requestedAt + lifetimeMs,
    refreshToken: typeof json.refresh_token === 'string' && json.refresh_token !== '' ? json.refresh_token : null,
    idToken: typeof json.id_token === 'string' ? json.id_token : null,
  };
}

function parse(text) {
  if (bug('empty-answer-crashes')) return JSON.parse(text);
  try {
    const json = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : null;
  } catch {
    return null;
  }
}
