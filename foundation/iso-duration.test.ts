import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './iso-duration.js';

describe('parseDuration', () => {
  it.each([
    ['PT0S', 0],
    ['PT1S', 1000],
    ['PT0.5S', 500],
    ['PT7M', 420_000],
    ['PT24H', 86_400_000],
    ['P30D', 2_592_000_000],
    ['P1W', 604_800_000],
    ['P29DT23H59M59S', 2_591_999_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    '30',
    'P1M',
    'P1Y',
    'P1Y2D',
    '-P1D',
    'P-1D',
    'P1.5D',
    'p1d',
    'P1D ',
    'PT1H1D',
    'P99999999999999999D',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrowError(expect.objectContaining({ code: 'ERR_INVALID_DURATION' }));
  });

  it('reads back what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});
