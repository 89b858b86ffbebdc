import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recordedCall } from './testing/recorded-request.js';
import type { RecordedRequest } from './testing/recorded-request.js';
import { authenticationBreach, bringsCode, formBreach, redirectUriBreach, verifierBreach } from './token-request.js';

const redirectUri = 'http://127.0.0.1:3000/callback';
const verifier = 'verificador-sintetico-0123456789-abcdefghijk';
const parameters = { grant_type: 'authorization_code', code: 'c0d1g0', redirect_uri: redirectUri };
const form = 'application/x-www-form-urlencoded';
const basic = `Basic ${Buffer.from('cliente:segredo').toString('base64')}`;

const posted = (changes: Record<string, string | null> = {}, rest: RecordedRequest = {}) => {
  const body = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) body.delete(name);
    else body.set(name, value);
  }
  const headers = { 'content-type': form, authorization: basic };
  return recordedCall({ endpoint: 'token', method: 'POST', body: body.toString(), headers, ...rest });
};
const json = (members: object) =>
  posted({}, { body: JSON.stringify(members), headers: { 'content-type': 'application/json', authorization: basic } });

describe('a token request', () => {
  it('is a form by POST', () => {
    expect(formBreach(posted())).toBeNull();
    expect(formBreach(posted({}, { headers: { 'content-type': `${form}; charset=UTF-8` } }))).toBeNull();
    expect(formBreach(posted({}, { method: 'GET' }))).toMatchObject({ actual: 'a GET' });
    expect(formBreach(json(parameters))).toMatchObject({ actual: 'application/json' });
    expect(formBreach(posted({}, { headers: {} }))).toMatchObject({ actual: 'no Content-Type' });
    expect(formBreach(posted({ grant_type: null }))).toMatchObject({ actual: 'no grant_type' });
    expect(formBreach(posted({}, { query: 'canal=web' }))).toBeNull();
    expect(formBreach(posted({}, { query: 'code=c0d1g0&client_secret=x' }))).toMatchObject({
      actual: 'in the address: code, client_secret',
    });
    const body = `${new URLSearchParams(parameters).toString()}&code=outro`;
    expect(formBreach(posted({}, { body }))).toMatchObject({ actual: 'code more than once' });
  });

  it('is found by its code wherever that stands', () => {
    expect(bringsCode(posted(), 'c0d1g0')).toBe(true);
    expect(bringsCode(json(parameters), 'c0d1g0')).toBe(true);
    expect(bringsCode(posted({ code: null }, { query: 'code=c0d1g0' }), 'c0d1g0')).toBe(true);
    expect(bringsCode(posted(), 'outro')).toBe(false);
  });

  it('names the redirect URI of the authorization request', () => {
    const request = recordedCall({ query: new URLSearchParams({ redirect_uri: redirectUri }).toString() });
    expect(redirectUriBreach(posted(), request)).toBeNull();
    expect(redirectUriBreach(json(parameters), request)).toBeNull();
    expect(redirectUriBreach(posted({ redirect_uri: null }), request)).toMatchObject({ actual: 'no redirect_uri' });
    expect(redirectUriBreach(posted({ redirect_uri: `${redirectUri}/` }), request)).toMatchObject({
      actual: 'another one',
    });
  });

  it('authenticates the client in one way that the bank takes', () => {
    const unnamed = { headers: { 'content-type': form } };
    expect(authenticationBreach(posted())).toBeNull();
    expect(authenticationBreach(posted({ client_id: 'cliente' }))).toBeNull();
    expect(authenticationBreach(posted({ client_id: 'cliente', client_secret: 'segredo' }, unnamed))).toBeNull();
    expect(authenticationBreach(posted({}, unnamed))).toMatchObject({ actual: 'none' });
    expect(authenticationBreach(posted({ client_secret: 'segredo' }))).toMatchObject({
      actual: 'two: Basic and client_secret',
    });
    // What stands in the address is judged as that alone.
    expect(authenticationBreach(posted({}, { query: 'client_secret=segredo' }))).toBeNull();
    const headers = { 'content-type': form, authorization: 'Bearer x' };
    expect(authenticationBreach(posted({}, { headers }))).toMatchObject({ expected: 'HTTP Basic' });
    const facts = { outcome: 'invalid_client: method' };
    expect(authenticationBreach(posted({ client_secret: 'segredo' }, { ...unnamed, facts }))).toMatchObject({
      actual: 'client_secret among the parameters, which it refused (invalid_client: method)',
    });
  });
});

describe('a code verifier', () => {
  const challenged = (challenge: string | null, method = 'S256') =>
    recordedCall({ query: challenge === null ? '' : `code_challenge=${challenge}&code_challenge_method=${method}` });
  const challenge = createHash('sha256').update(verifier).digest('base64url');

  it('is the one of the challenge', () => {
    expect(verifierBreach(posted({ code_verifier: verifier }), challenged(challenge))).toBeNull();
    expect(verifierBreach(posted({ code_verifier: verifier }), challenged(verifier, 'plain'))).toBeNull();
    expect(verifierBreach(posted(), challenged(null))).toBeNull();
  });

  it.each<[string, Record<string, string>, string | null]>([
    ['none', {}, challenge],
    ['one', { code_verifier: verifier }, null],
    ['another one', { code_verifier: `${verifier}x` }, challenge],
    ['42 characters', { code_verifier: 'v'.repeat(42) }, challenge],
    ['44 characters, some of them others', { code_verifier: `${'v'.repeat(42)}+/` }, challenge],
  ])('is not: %s', (actual, changes, of) => {
    expect(verifierBreach(posted(changes), challenged(of))).toMatchObject({ actual });
  });
});
