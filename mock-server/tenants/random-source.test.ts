import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomBase64url, randomDigits, randomGuid, SecureRandomSource, SeededRandomSource } from './random-source.js';
import type { RandomSource } from './random-source.js';

describe('SeededRandomSource', () => {
  it('gives the same bytes for the same seed, however they are drawn', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.integer({ min: 0, max: 100 })), (seed, lengths) => {
        const piecemeal = new SeededRandomSource(seed);
        const pieces = lengths.map((length) => piecemeal.bytes(length));
        const total = lengths.reduce((sum, length) => sum + length, 0);
        expect(Buffer.concat(pieces)).toEqual(new SeededRandomSource(seed).bytes(total));
      }),
    );
  });

  it('gives other bytes for another seed', () => {
    expect(new SeededRandomSource('a').bytes(32)).not.toEqual(new SeededRandomSource('b').bytes(32));
  });

  it('gives bytes of the length asked for that do not change when more are drawn', () => {
    const source = new SeededRandomSource('seed');
    const first = source.bytes(5);
    const copy = Buffer.from(first);
    source.bytes(500);
    expect(first).toEqual(copy);
    expect(first).toHaveLength(5);
  });
});

describe('SecureRandomSource', () => {
  it('never repeats itself, across the end of its pool too', () => {
    const source = new SecureRandomSource();
    const drawn = Array.from({ length: 3000 }, () => source.bytes(16).toString('hex'));
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(drawn.every((hex) => hex.length === 32 && hex !== '0'.repeat(32))).toBe(true);
  });

  it('gives buffers that the caller may keep', () => {
    const source = new SecureRandomSource();
    const first = source.bytes(16);
    const copy = Buffer.from(first);
    for (let draws = 0; draws < 600; draws += 1) source.bytes(16);
    expect(first).toEqual(copy);
  });
});

/** Gives prepared 32-bit numbers. */
function numbers(...values: number[]): RandomSource {
  return {
    bytes: () => {
      const buffer = Buffer.alloc(4);
      buffer.writeUInt32BE(values.shift() ?? 0);
      return buffer;
    },
  };
}

describe('what is made of random bytes', () => {
  it('shapes version 4 GUIDs, with all other bits random', () => {
    const guids = Array.from({ length: 1000 }, (_, index) => randomGuid(new SeededRandomSource(String(index))));
    for (const guid of guids)
      expect(guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(guids).size).toBe(guids.length);
    const bits = guids.map((guid) =>
      [...Buffer.from(guid.replaceAll('-', ''), 'hex')].map((byte) => byte.toString(2).padStart(8, '0')).join(''),
    );
    const fixed = [48, 49, 50, 51, 64, 65];
    for (let bit = 0; bit < 128; bit += 1) {
      const ones = bits.filter((text) => text[bit] === '1').length;
      if (fixed.includes(bit)) expect([0, 1000]).toContain(ones);
      else expect(Math.abs(ones - 500)).toBeLessThan(100);
    }
  });

  it('makes 43 characters of 32 bytes', () => {
    expect(randomBase64url(new SeededRandomSource('seed'), 32)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('gives digits with leading zeros, each value as likely as another', () => {
    const source = new SeededRandomSource('digits');
    const counts = new Map<string, number>();
    for (let draws = 0; draws < 20_000; draws += 1) {
      const drawn = randomDigits(source, 1);
      expect(drawn).toMatch(/^\d$/);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(300);
  });

  it.each([
    [7, '000007'],
    [1_000_007, '000007'],
    [4_293_999_999, '999999'],
  ])('makes six digits of %i', (value, digits) => {
    expect(randomDigits(numbers(value), 6)).toBe(digits);
  });

  it('draws again where a remainder would make low numbers likelier', () => {
    expect(randomDigits(numbers(4_294_000_000, 2 ** 32 - 1, 42), 6)).toBe('000042');
  });
});
