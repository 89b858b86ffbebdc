import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shardOf } from './shard-plugin.js';

it('gives each scenario to exactly one part, in order', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.integer({ min: 1, max: 12 }), (count, of) => {
      const pickles = Array.from({ length: count }, (_, index) => index);
      const parts = Array.from({ length: of }, (_, part) => shardOf(pickles, { part, of }));
      expect(parts.flat()).toEqual(pickles);
    }),
  );
});

it('shares out evenly, but leaves the reporting process a little less', () => {
  const pickles = Array.from({ length: 344 }, (_, index) => index);
  const [own, ...others] = [0, 1, 2].map((part) => shardOf(pickles, { part, of: 3 }).length);
  expect(own).toBeLessThan(Math.min(...others));
  expect(own).toBeGreaterThan(344 / 4);
});

it('knows no part beyond the last', () => {
  expect(() => shardOf([1], { part: 2, of: 2 })).toThrow(RangeError);
});
