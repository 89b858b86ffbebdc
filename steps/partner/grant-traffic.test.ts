import { expect, it } from 'vitest';
import { BankTraffic } from './bank-traffic.js';
import { apiCallsOf, refreshesOf, tokensOf, wasAnswered } from './grant-traffic.js';
import { madeCalls, madeRefresh } from './testing/made-call.js';
import type { MadeCall } from './testing/made-call.js';

const traffic = new BankTraffic();
const calls: readonly MadeCall[] = [
  { body: { grant_type: 'authorization_code', code: 'c' }, answer: { access_token: 'access-1', refresh_token: 'one' } },
  // Faults stand before the bank: it does not say whose a request is.
  { endpoint: 'api', bearer: 'access-1', status: 503, grantId: null, faults: ['fault-1'] },
  madeRefresh('one', null, { status: 500, grantId: null, faults: ['fault-2'] }),
  madeRefresh('one', 'two'),
  { endpoint: 'api', bearer: 'access-two' },
  {
    body: { grant_type: 'authorization_code' },
    answer: { access_token: 'other', refresh_token: 'o' },
    grantId: 'other',
  },
  { endpoint: 'api', bearer: 'other', grantId: 'other' },
];
for (const { recorded } of madeCalls(calls)) traffic.record(recorded);
const numbers = (of: readonly { readonly number: number }[]): number[] => of.map(({ number }) => number);

it('the tokens of a grant are those that the bank gave for it', () => {
  expect(tokensOf(traffic, 'grant')).toEqual({
    accessTokens: ['access-1', 'access-two'],
    refreshTokens: ['one', 'two'],
  });
});

it('requests are a grant’s by their tokens, also where the bank did not get to look at them', () => {
  expect(numbers(apiCallsOf(traffic, 'grant'))).toEqual([1, 4]);
  expect(numbers(refreshesOf(traffic, 'grant'))).toEqual([2, 3]);
  expect(numbers(refreshesOf(traffic, 'grant', 3))).toEqual([3]);
});

it('a call was answered when the bank gave a 2xx for this grant', () => {
  expect(wasAnswered(traffic, 'grant', 0)).toBe(true);
  expect(wasAnswered(traffic, 'grant', 5)).toBe(false);
});
