import { describe, expect, it } from 'vitest';
import type { RecordedExchange } from '../../mock-server/journal/journal.js';
import { recordedExchange } from '../../mock-server/testing/recorded-exchange.js';
import { readBankCall } from './bank-call.js';
import type { BankCall } from './bank-call.js';
import { useOf, useWithinMs, whyIdTokensAreIgnored } from './id-token-use.js';
import type { WrongAnswer } from './id-token-use.js';

describe('whether id_tokens matter to an application', () => {
  it.each([
    ['a nonce', undefined, 'nonce=n-1', true],
    ['max_age', undefined, 'max_age=300', true],
    ['an empty nonce', undefined, 'nonce=', false],
    ['nothing', undefined, 'state=s-1', false],
    ['nothing, and a file that says used', 'used', 'state=s-1', true],
    ['a nonce, and a file that says ignored', 'ignored', 'nonce=n-1', false],
    ['nothing, and a file that says ignored', 'ignored', '', false],
  ] as const)('that sends %s', (_what, declared, query, doTheyMatter) => {
    expect(whyIdTokensAreIgnored(declared, new URLSearchParams(query)) === null).toBe(doTheyMatter);
  });
});

describe('the use of the tokens of an answer', () => {
  const redeemed: WrongAnswer = {
    call: { number: 4, tokens: { accessToken: 'access-1', refreshToken: 'refresh-1', idToken: null } },
    grantId: 'grant-1',
    kind: 'redemption',
  };
  const refreshed: WrongAnswer = { ...redeemed, kind: 'refresh' };
  const called = 'the API was called with the access token';
  const renewed = 'they were refreshed';

  const api = (accessToken: string, number = 5): BankCall =>
    call({ endpoint: 'api', requestHeaders: new Headers({ authorization: `Bearer ${accessToken}` }) }, number);
  const apiByQuery = call({ endpoint: 'api', url: 'http://127.0.0.1/btg/accounts?access_token=access-1' }, 5);
  const refresh = (grantId: string): BankCall =>
    call({ requestBody: 'grant_type=refresh_token&refresh_token=refresh-1', facts: { grantId } }, 5);
  const revocation = call({ endpoint: 'revoke', requestBody: 'token=refresh-1', facts: { grantId: 'grant-1' } }, 5);

  it.each([
    ['nothing after it', redeemed, [], null],
    ['the API is called with its access token', redeemed, [api('access-1')], called],
    ['the access token is in the query', redeemed, [apiByQuery], called],
    ['the API is called with another token', redeemed, [api('access-2')], null],
    ['the API was called before it', redeemed, [api('access-1', 3)], null],
    ['its refresh token is used', redeemed, [refresh('grant-1')], renewed],
    ['another grant is refreshed', redeemed, [refresh('grant-2')], null],
    ['it is revoked', redeemed, [revocation], null],
    ['a refreshed access token is used', refreshed, [api('access-1')], called],
    ['a refreshed access token is thrown away and another one got', refreshed, [refresh('grant-1')], null],
  ])('%s', (_what, answer, calls, use) => {
    expect(useOf(calls, answer)).toBe(use);
  });

  it('has no access token to be used where the answer had none', () => {
    const without: WrongAnswer = { ...redeemed, call: { number: 4, tokens: null } };
    expect(useOf([call({ endpoint: 'api' }, 5)], without)).toBeNull();
  });
});

describe('how long tokens may stay unused', () => {
  it.each([
    [5, 50],
    [100, 300],
    [5_000, 600],
  ])('follows the control, which used them after %i ms', (usualMs, withinMs) => {
    const control = { redemption: { answeredAtMs: 1_000 }, apiCall: { answeredAtMs: 1_000 + usualMs } };
    expect(useWithinMs(control)).toBe(withinMs);
  });
});

function call(recorded: Partial<RecordedExchange>, number: number): BankCall {
  const exchange = recordedExchange({ bank: 'btg', receivedAtMs: 0, answeredAtMs: 0, ...recorded });
  return readBankCall(exchange, number, 0);
}
