import { createHash, randomBytes } from 'node:crypto';
import { bug } from './bugs.js';
import { CallbackRefused } from './failures.js';
import { guessableState } from './sessions.js';

const random = () => randomBytes(32).toString('base64url');
const sha256 = (text) => createHash('sha256').update(text).digest('base64url');

/** What is remembered between the authorization request and the callback. */
export function startTransaction(bank, session) {
  return {
    bank,
    state: stateFor(session),
    nonce: bank.usesNonce ? (bug('nonce-constant') ? 'nonce-constante-da-aplicacao' : random()) : null,
    verifier: bank.usesPkce ? (bug('pkce-verifier-constant') ? 'v'.repeat(43) : random()) : null,
    startedAt: Date.now(),
  };
}

function stateFor(session) {
  if (bug('state-constant')) return 'conectar-conta-bancaria-0001';
  if (bug('state-customer-id') || bug('state-counter')) return guessableState(session);
  return random();
}

/** The address at the bank for the customer's browser. */
export function authorizationUrl({ bank, state, nonce, verifier }) {
  const url = new URL(bank.authorizationEndpoint);
  const query = url.searchParams;
  if (!bug('response-type-missing')) query.set('response_type', 'code');
  if (!bug('client-id-missing')) query.set('client_id', bank.clientId);
  if (bug('secret-in-authorize-query')) query.set('client_secret', bank.clientSecret);
  query.set('redirect_uri', bank.redirectUri);
  query.set('scope', bug('openid-missing') ? bank.scope.replace(/^openid /, '') : bank.scope);
  if (!bug('state-missing')) query.set('state', state);
  if (nonce !== null) query.set('nonce', nonce);
  if (verifier !== null) {
    const isPlain = bug('pkce-plain');
    query.set('code_challenge', isPlain ? verifier : sha256(verifier));
    query.set('code_challenge_method', isPlain ? 'plain' : 'S256');
  }
  return url.href;
}

const single = ['code', 'state', 'iss', 'error'];
const expected = [...single, 'error_description', 'error_uri'];

/** Refuses what no correct bank sends, before anything in it is believed. */
export function assertWellFormed(query) {
  for (const name of single) {
    if (name === 'code' && bug('duplicate-code-accepted')) continue;
    if (query.getAll(name).length > 1) throw new CallbackRefused(`${name} came more than once`);
  }
  if (bug('unknown-parameters-refused') && [...query.keys()].some((name) => !expected.includes(name))) {
    throw new CallbackRefused('an unknown parameter came');
  }
}

/** RFC 9207: the answer comes from the bank that was asked. Strings are compared as they are. */
export function assertIssuer({ bank }, query) {
  if (bug('iss-ignored') || bug('mix-up-by-state')) return;
  const iss = query.get('iss');
  if (!bank.sendsIss) {
    // A bank that never sends iss did not send this answer.
    if (iss !== null) throw new CallbackRefused('iss came from a bank that sends none');
    return;
  }
  if (iss === null && bug('iss-missing-accepted')) return;
  const plain = (text) => (bug('iss-normalised') ? text?.toLowerCase().replace(/\/+$/, '') : text);
  if (plain(iss) !== plain(bank.issuer)) throw new CallbackRefused('iss is not the bank that was asked');
}
