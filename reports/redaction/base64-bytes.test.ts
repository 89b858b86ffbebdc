import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBase64 } from './base64-bytes.js';

it('reads what Buffer reads, of either alphabet and from any digit on', () => {
  const digits = fc.stringMatching(/^[A-Za-z0-9+/_-]{0,60}$/);
  fc.assert(
    fc.property(digits, fc.integer({ min: 0, max: 3 }), (run, from) => {
      expect([...decodeBase64(run, from)]).toEqual([...Buffer.from(run.slice(from), 'base64')]);
    }),
  );
});

it('grows with what it is given', () => {
  const bytes = Buffer.alloc(5_000, 'á');
  expect(Buffer.from(decodeBase64(bytes.toString('base64url'), 0)).equals(bytes)).toBe(true);
});
