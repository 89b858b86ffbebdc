import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from './json-fault.js';

describe('where a text stops being JSON', () => {
  it.each([
    ['{', 1],
    ['{"a"', 4],
    ['{"a":', 5],
    ['{"a" 1}', 5],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{]', 1],
    ['[}', 1],
    ['{,}', 1],
    ["{'a':1}", 1],
    ['{a:1}', 1],
    ['tru', 0],
    ['nulls', 4],
    ['01', 1],
    ['1.', 1],
    ['"a', 2],
    ['"a\nb"', 2],
    ['"\\x"', 1],
    ['"\\u12"', 1],
    ['{} {}', 3],
    ['{"a":[{"b":}]}', 11],
    ['\u00a0{}', 0],
  ])('%j: %i', (text, index) => {
    expect(() => void JSON.parse(text)).toThrow();
    expect(findJsonFault(text).index).toBe(index);
  });

  it('counts lines and columns from 1', () => {
    expect(findJsonFault('{\n  "a": ?\n}')).toEqual({ index: 9, line: 2, column: 8 });
  });

  it('is where something foreign was put in, or later', () => {
    const property = fc.property(fc.json(), fc.nat(), (text, at) => {
      const index = at % (text.length + 1);
      const broken = `${text.slice(0, index)}\u0001${text.slice(index)}`;
      expect(findJsonFault(broken).index).toBeLessThanOrEqual(index);
      expect(findJsonFault(text).index).toBe(text.length);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
