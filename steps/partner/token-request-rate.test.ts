import { describe, expect, it } from 'vitest';
import { judgeUnaskedRefreshes, mostWithinAMinute } from './token-request-rate.js';

const every = (ms: number, count: number) => Array.from({ length: count }, (_, index) => (index + 1) * ms);
const judge = (atMs: readonly number[], untilMs: number) => () =>
  judgeUnaskedRefreshes({ what: 'of one customer', atMs, sinceMs: 0, untilMs });

it('counts within a minute that slides', () => {
  expect(mostWithinAMinute([])).toBe(0);
  expect(mostWithinAMinute([0, 59_999, 60_000])).toBe(2);
  expect(mostWithinAMinute([60_000, 30_000, 89_999, 90_000])).toBe(3);
});

describe('refreshes that nothing asked for', () => {
  it.each([
    ['none', [], 12_000],
    ['two, whatever their distance', every(100, 2), 12_000],
    ['two in two seconds', every(1_000, 2), 2_000],
    ['ten in a minute', every(6_000, 10), 60_000],
    ['ten a minute for long', every(6_000, 50), 300_000],
    ['three in a burst, and then none for long', every(100, 3), 60_000],
  ])('%s are few', (_which, atMs, untilMs) => {
    expect(judge(atMs, untilMs)).not.toThrow();
  });

  it.each([
    ['one a second', every(1_000, 12), 12_000, 'about 60 a minute'],
    ['one in four seconds', every(4_000, 3), 12_000, 'about 15 a minute'],
    ['eleven in a minute', every(5_000, 11), 60_000, 'about 11 a minute'],
    ['a burst of many', every(10, 30), 60_000, 'about 30 a minute'],
  ])('%s are too many', (_which, atMs, untilMs, told) => {
    expect(judge(atMs, untilMs)).toThrow(told);
  });
});
