import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase32, encodeBase32, InvalidTotpSecretError, totpCode, totpStep } from './totp.js';

const secret = encodeBase32(Buffer.from('12345678901234567890'));

describe('totpCode', () => {
  // RFC 6238 appendix B, SHA-1: the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i', (seconds, code) => {
    expect(totpCode(secret, totpStep(seconds * 1000))).toBe(code);
  });

  // RFC 4226 appendix D.
  it.each([
    ...['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'].entries(),
  ])('at step %i', (step, code) => {
    expect(totpCode(secret, step)).toBe(code);
  });

  it('changes every thirty seconds', () => {
    expect([totpStep(29_999), totpStep(30_000), totpStep(59_999), totpStep(60_000)]).toEqual([0, 1, 1, 2]);
  });
});

describe('base32', () => {
  // RFC 4648 section 10, without padding.
  it.each([
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%s', (text, encoded) => {
    expect(encodeBase32(Buffer.from(text))).toBe(encoded);
    expect(decodeBase32(encoded).toString()).toBe(text);
  });

  it('reads back any bytes, in any case, with spaces and padding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const encoded = encodeBase32(Buffer.from(bytes));
        expect(decodeBase32(encoded)).toEqual(Buffer.from(bytes));
        expect(decodeBase32(` ${encoded.toLowerCase().replaceAll(/(.{4})/g, '$1 ')}====`)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each(['', ' ', 'A', 'MZXW1', 'MZXW8', 'não'])('refuses %j and does not repeat it', (text) => {
    expect(() => totpCode(text, 0)).toThrow(InvalidTotpSecretError);
    if (text.length > 1) expect(() => totpCode(text, 0)).not.toThrow(new RegExp(text));
  });
});
