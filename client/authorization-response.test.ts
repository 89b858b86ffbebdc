import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuthorizationTransaction } from './authorization-request.js';
import { judgeAuthorizationResponse } from './authorization-response.js';
import { AuthorizationResponseError } from './authorization-response-error.js';

const issuer = 'https://id.bank.test';
const transaction: AuthorizationTransaction = {
  bank: 'btg',
  clientId: 'synthetic-client',
  issuer,
  state: 'synthetic-state',
  nonce: null,
  codeVerifier: null,
  redirectUri: 'http://localhost:3000/callback',
  scope: 'openid',
  createdAt: 0,
};
const withIss = { issInRedirect: 'always' } as const;
const withoutIss = { issInRedirect: 'never' } as const;
const good = `code=synthetic-code&state=synthetic-state&iss=${encodeURIComponent(issuer)}`;

function codeOf(judge: () => unknown): string {
  try {
    judge();
  } catch (error) {
    if (error instanceof AuthorizationResponseError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('judgeAuthorizationResponse', () => {
  it.each([
    `http://localhost:3000/callback?${good}`,
    `/callback?${good}`,
    `https://public.test/callback?${good}`,
    `/callback?${good}&session_state=1&session_state=2&code2=x`,
    new URL(`http://localhost:3000/callback?${good}`),
    new URLSearchParams(good),
  ])('gives the code of %s', (callback) => {
    expect(judgeAuthorizationResponse(callback, transaction, withIss)).toEqual({ code: 'synthetic-code' });
  });

  it.each([
    ['', 'ERR_CALLBACK_STATE_MISSING'],
    ['code=c&iss=https://id.bank.test', 'ERR_CALLBACK_STATE_MISSING'],
    ['code=c&state=&iss=https://id.bank.test', 'ERR_CALLBACK_STATE_MISSING'],
    ['code=c&state=other&iss=https://id.bank.test', 'ERR_CALLBACK_STATE_MISMATCH'],
    ['code=c&state=synthetic-stat&iss=https://id.bank.test', 'ERR_CALLBACK_STATE_MISMATCH'],
    ['code=c&state=Synthetic-State&iss=https://id.bank.test', 'ERR_CALLBACK_STATE_MISMATCH'],
    [`${good}&code=other`, 'ERR_CALLBACK_DUPLICATE_PARAMETER'],
    [`${good}&code=synthetic-code`, 'ERR_CALLBACK_DUPLICATE_PARAMETER'],
    [`${good}&state=synthetic-state`, 'ERR_CALLBACK_DUPLICATE_PARAMETER'],
    [`${good}&iss=https://evil.test`, 'ERR_CALLBACK_DUPLICATE_PARAMETER'],
    [`error=a&error=b&state=synthetic-state`, 'ERR_CALLBACK_DUPLICATE_PARAMETER'],
    ['code=c&state=synthetic-state', 'ERR_CALLBACK_ISSUER_MISSING'],
    ['error=access_denied&state=synthetic-state', 'ERR_CALLBACK_ISSUER_MISSING'],
    ['code=c&state=synthetic-state&iss=https://id.bank.test/', 'ERR_CALLBACK_ISSUER_MISMATCH'],
    ['code=c&state=synthetic-state&iss=https://ID.bank.test', 'ERR_CALLBACK_ISSUER_MISMATCH'],
    ['code=c&state=synthetic-state&iss=https://id.bank.test:443', 'ERR_CALLBACK_ISSUER_MISMATCH'],
    ['error=access_denied&state=synthetic-state&iss=https://evil.test', 'ERR_CALLBACK_ISSUER_MISMATCH'],
    ['state=synthetic-state&iss=https://id.bank.test', 'ERR_CALLBACK_CODE_MISSING'],
    ['code=&state=synthetic-state&iss=https://id.bank.test', 'ERR_CALLBACK_CODE_MISSING'],
    [`${good}&error=access_denied`, 'ERR_CALLBACK_AMBIGUOUS'],
    ['error=access_denied&state=synthetic-state&iss=https://id.bank.test', 'ERR_AUTHORIZATION_DENIED'],
    ['error=invalid_scope&state=synthetic-state&iss=https://id.bank.test', 'ERR_AUTHORIZATION_REFUSED'],
    ['error=access_denied&state=other&iss=https://id.bank.test', 'ERR_CALLBACK_STATE_MISMATCH'],
  ])('%s gives %s', (query, code) => {
    expect(codeOf(() => judgeAuthorizationResponse(`/callback?${query}`, transaction, withIss))).toBe(code);
  });

  it('refuses another path', () => {
    expect(codeOf(() => judgeAuthorizationResponse(`/other?${good}`, transaction, withIss))).toBe('ERR_CALLBACK_PATH');
  });

  it('refuses an iss from a bank that sends none (it is another bank’s answer)', () => {
    const bs2 = { ...transaction, issuer: null };
    expect(codeOf(() => judgeAuthorizationResponse(`/callback?${good}`, bs2, withoutIss))).toBe(
      'ERR_CALLBACK_ISSUER_UNEXPECTED',
    );
    expect(judgeAuthorizationResponse('/callback?code=c&state=synthetic-state', bs2, withoutIss)).toEqual({
      code: 'c',
    });
  });

  it('carries the bank’s error, masked, and never the code', () => {
    const query = `error=server_error&error_description=${'x1'.repeat(20)}%0d%0anow&state=synthetic-state`;
    try {
      judgeAuthorizationResponse(`/callback?${query}`, transaction, { issInRedirect: 'on-success' });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ error: 'server_error', errorDescription: '[masked] now' });
    }
  });

  it('accepts only the exact state and issuer, whatever else comes', () => {
    const value = fc.oneof(fc.string(), fc.constantFrom('synthetic-state', issuer, 'synthetic-code'));
    const pair = fc.tuple(fc.constantFrom('code', 'state', 'iss', 'error', 'other'), value);
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), (pairs) => {
        const parameters = new URLSearchParams(pairs);
        const verdict = codeOf(() => judgeAuthorizationResponse(parameters, transaction, withIss));
        const once = (name: string, expected?: string) =>
          parameters.getAll(name).length === 1 && (expected === undefined || parameters.get(name) === expected);
        const acceptable =
          once('state', 'synthetic-state') &&
          once('iss', issuer) &&
          once('code') &&
          parameters.get('code') !== '' &&
          !parameters.has('error');
        expect(verdict === 'accepted').toBe(acceptable);
      }),
      { numRuns: 500 },
    );
  });
});
