import { describe, expect, it } from 'vitest';
import { isRefused, mentions, newestTokens, refusedForItsAge, tellRefreshes, times } from './refresh-chain.js';
import { madeCalls, madeRefresh } from './testing/made-call.js';

const redemption = {
  body: { grant_type: 'authorization_code', code: 'c' },
  answer: { access_token: 'access-R1', refresh_token: 'R1' },
};

describe('newestTokens', () => {
  it.each([
    ['the code’s, before any refresh', [redemption], { accessToken: 'access-R1', refreshToken: 'R1' }],
    [
      'the last refresh’s',
      [redemption, madeRefresh('R1', 'R2'), madeRefresh('R2', 'R3')],
      { accessToken: 'access-R3', refreshToken: 'R3' },
    ],
    [
      'those before a refusal',
      [redemption, madeRefresh('R1', 'R2'), madeRefresh('R1', null)],
      { accessToken: 'access-R2', refreshToken: 'R2' },
    ],
    [
      'a refresh token that stayed when no new one came',
      [redemption, madeRefresh('R1', 'R2', { answer: { access_token: 'access-2' } })],
      { accessToken: 'access-2', refreshToken: 'R1' },
    ],
    ['none', [madeRefresh('R1', null)], null],
    ['none without a refresh token', [{ ...redemption, answer: { access_token: 'a' } }], null],
  ])('are %s', (_which, made, expected) => {
    expect(newestTokens(madeCalls(made))).toEqual(expected);
  });
});

describe('mentions', () => {
  it.each([
    ['a form', { body: { token: 'R1' } }, true],
    ['JSON', { body: '{"refresh_token":"R1"}' }, true],
    ['the address', { url: 'http://127.0.0.1:4010/token?refresh_token=R1' }, true],
    ['an escaped value', { body: 'refresh_token=%521' }, true],
    ['none of them', { body: { token: 'R2' } }, false],
  ])('finds a value in %s', (_where, made, expected) => {
    expect(madeCalls([made]).map((call) => mentions(call, 'R1'))).toEqual([expected]);
  });
});

it('takes invalid_grant for a refusal, and no other error', () => {
  const made = [
    madeRefresh('R1', null),
    madeRefresh('R1', null, { answer: { error: 'invalid_scope' } }),
    madeRefresh('R1', null, { status: 429 }),
    madeRefresh('R1', 'R2'),
  ];
  expect(madeCalls(made).map(isRefused)).toEqual([true, false, false, false]);
});

describe('a refresh that is refused for its age', () => {
  it.each([
    ['an older token after the newest was given', [madeRefresh('R1', 'R2'), madeRefresh('R1', null)], 1],
    ['the newest, which the customer took back', [madeRefresh('R1', 'R2'), madeRefresh('R2', null)], null],
    ['an older one that an outage kept from the bank', [madeRefresh('R1', null, { status: 503 })], null],
    ['none', [madeRefresh('R1', 'R2')], null],
  ])('%s', (_which, made, number) => {
    expect(refusedForItsAge(madeCalls(made), 'R2')?.number ?? null).toBe(number);
  });
});

describe('tellRefreshes', () => {
  it.each([
    ['no refresh', [redemption]],
    ['one refresh, 1 of them granted', [redemption, madeRefresh('R1', 'R2')]],
    ['3 refreshes, 1 of them granted', [madeRefresh('R1', 'R2'), madeRefresh('R1', null), madeRefresh('R1', null)]],
    ['2 refreshes with 2 refresh tokens, 2 of them granted', [madeRefresh('R1', 'R2'), madeRefresh('R2', 'R3')]],
  ])('%s', (told, made) => {
    expect(tellRefreshes(madeCalls(made))).toBe(told);
  });
});

it('counts in words that fit', () => {
  expect([0, 1, 2].map((count) => times(count, 'call', 'calls'))).toEqual(['no calls', 'one call', '2 calls']);
});
