import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { estimateGuess, guessableBits, weakBits } from './guess-estimate.js';

const startMs = 1_731_234_567_890;
/** What an application makes at six connects that follow each other. */
const bitsOf = (make: (index: number, atMs: number) => string): number => {
  const atMs = (index: number): number => startMs + 137 * index + (index % 3);
  return estimateGuess([0, 1, 2, 3, 4, 5].map((index) => ({ value: make(index, atMs(index)), atMs: atMs(index) + 9 })))
    .bits;
};
const signed = (claims: object, algorithm = 'HS256'): string => {
  const text = [{ alg: algorithm, typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = createHmac('sha256', 'chave sintética').update(text).digest('base64url');
  return `${text}.${algorithm === 'none' ? '' : signature}`;
};
const letters = (count: number): string =>
  [...randomBytes(count)].map((byte) => 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(byte % 36)).join('');

const uuidOfTime = (atMs: number): string => {
  const hex = `${atMs.toString(16).padStart(12, '0')}7${randomBytes(10).toString('hex').slice(0, 19)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

describe('values that nobody guesses', () => {
  it.each<[string, (index: number, atMs: number) => string]>([
    ['32 random bytes', () => randomBytes(32).toString('base64url')],
    ['16 random bytes in hex', () => randomBytes(16).toString('hex')],
    ['16 random bytes in base64', () => randomBytes(16).toString('base64')],
    ['a random UUID', () => randomUUID()],
    ['a UUID of the clock and random bytes', (_, atMs) => uuidOfTime(atMs)],
    ['24 letters and digits', () => letters(24)],
    ['a customer and random bytes', (index) => `cliente-${String(index)}.${randomBytes(16).toString('base64url')}`],
    ['a clock and random bytes', (_, atMs) => `${String(atMs)}_${randomBytes(16).toString('hex')}`],
    [
      'a random member of JSON',
      (index) => Buffer.from(JSON.stringify({ c: index, n: randomUUID() })).toString('base64'),
    ],
    [
      'a signed JWT of a customer and the second',
      (index, atMs) => signed({ sub: index, iat: Math.floor(atMs / 1000) }),
    ],
    [
      'what is encrypted',
      (index) => `v1.${randomBytes(12 + index).toString('base64url')}.${randomBytes(16).toString('hex')}`,
    ],
    ['the hash of a random session', () => createHash('sha256').update(randomBytes(32)).digest('hex')],
    ['a long random number', () => BigInt(`0x${randomBytes(16).toString('hex')}`).toString()],
  ])('%s', (_, make) => {
    // Each estimate is of six values only: what holds must hold for every six.
    for (let times = 0; times < 5; times += 1) expect(bitsOf(make)).toBeGreaterThan(weakBits);
  });
});

describe('values that are guessed', () => {
  it.each<[string, (index: number, atMs: number) => string]>([
    ['the same value', () => 'conectar-conta'],
    ['a counter', (index) => String(998 + index)],
    ['the number of a customer', (index) => `cliente-${String(7 + index)}`],
    ['the number of a customer in base64', (index) => Buffer.from(`cliente-${String(7 + index)}`).toString('base64')],
    ['a CNPJ', (index) => ['11222333000181', '45723174000110', '33000167000101'].at(index % 3) ?? ''],
    ['milliseconds', (_, atMs) => String(atMs)],
    ['nanoseconds', (_, atMs) => `${String(atMs)}${String(atMs % 999_983).padStart(6, '0')}`],
    ['milliseconds in base 36', (_, atMs) => atMs.toString(36)],
    ['a customer and the time', (index, atMs) => `${String(index + 3)}:${new Date(atMs).toISOString()}`],
    ['JSON of a customer and the time', (index, atMs) => JSON.stringify({ cliente: index, ts: atMs })],
    ['a JWT without a signature', (index, atMs) => signed({ sub: index, iat: atMs }, 'none')],
    [
      'the hash of a counter',
      (index) =>
        createHash('md5')
          .update(String(41 + index))
          .digest('hex'),
    ],
    ['the hash of the time', (_, atMs) => createHash('sha256').update(String(atMs)).digest('base64url')],
    [
      'the hash of the second',
      (_, atMs) =>
        createHash('sha1')
          .update(String(Math.floor(atMs / 1000) % 2 ** 31))
          .digest('hex'),
    ],
    [
      'an object id of one process',
      (index, atMs) => `${Math.floor(atMs / 1000).toString(16)}5f1a2b3c4d${(0xabcdef + index).toString(16)}`,
    ],
    ['a UUID of the clock', (_, atMs) => `${(atMs * 10_000).toString(16).slice(-8)}-a1b2-11ef-9c3d-0242ac120002`],
    ['six digits', () => String(randomBytes(4).readUInt32BE() % 1_000_000).padStart(6, '0')],
    ['six letters', () => letters(6)],
  ])('%s', (_, make) => {
    for (let times = 0; times < 5; times += 1) expect(bitsOf(make)).toBeLessThan(guessableBits);
  });

  it('says what can be guessed of them, and nothing of the values', () => {
    const because = (make: (index: number) => string): string =>
      estimateGuess([0, 1, 2, 3, 4].map((index) => ({ value: make(index), atMs: startMs }))).because;
    expect(because(() => 'conectar')).toBe('it is the same each time');
    expect(because((index) => String(index))).toBe('it counts up, as a number or a clock does');
    expect(because((index) => createHash('md5').update(String(index)).digest('hex'))).toBe(
      'it is the hash of a small number',
    );
  });
});

it('is between the two for a generator that is not made for secrets', () => {
  let seed = 7;
  const bits = bitsOf(() => {
    seed = (seed * 48_271) % 2_147_483_647;
    return (seed / 2_147_483_647).toString(36).slice(2, 12).padEnd(10, 'x');
  });
  expect(bits).toBeGreaterThan(guessableBits - 1);
  expect(bits).toBeLessThan(weakBits);
});
