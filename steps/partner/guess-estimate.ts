import { createHash } from 'node:crypto';
import { partsOf } from './value-structure.js';

/** A value as it was seen, and when. */
export interface Sighting {
  readonly value: string;
  /** Epoch ms. */
  readonly atMs: number;
}

/** How hard it is to guess the next value. */
export interface GuessEstimate {
  /** Of what varies from one value to the next, never more than is there: a generator that can be predicted shows itself nowhere. */
  readonly bits: number;
  /** What varies, for a person; says nothing of the values. */
  readonly because: string;
}

/** So few bits are tried out, by an attacker who sends a customer's browser from one address to the next. */
export const guessableBits = 40;
/** Fewer are mostly those of a generator that was not made for secrets, whose next value follows from the last. */
export const weakBits = 60;

/**
 * Estimates by values of separate occasions, in the order in which they were made, how many bits somebody must guess
 * who knows values of their own and the time. Counters, clocks, small numbers and their hashes count for next to
 * nothing; a signature or a random part counts whole, whatever stands beside it.
 */
export function estimateGuess(sightings: readonly Sighting[]): GuessEstimate {
  const distinct = [...new Map(sightings.map((sighting) => [sighting.value, sighting])).values()];
  if (distinct.length < 2) return { bits: 0, because: 'it is the same each time' };
  const parts = [...partsOf(distinct.map(({ value }) => value)).values()].map((values) =>
    estimatePart(values.map((value, index) => ({ value, atMs: distinct[index]?.atMs ?? 0 }))),
  );
  const bits = parts.reduce((sum, part) => sum + part.bits, 0);
  const most = parts.reduce((best, part) => (part.bits >= best.bits ? part : best));
  return { bits, because: most.because };
}

function estimatePart(sightings: readonly Sighting[]): GuessEstimate {
  const values = sightings.map(({ value }) => value);
  const distinct = new Set(values);
  if (distinct.size === 1) return { bits: 0, because: 'it is the same each time' };
  if (values.every((value) => /^\d{1,20}$/.test(value))) {
    const counted = countedBits(values.map(Number));
    if (counted !== null) return { bits: counted, because: 'it counts up, as a number or a clock does' };
  }
  const hash = distinct.size === values.length ? guessedHash(sightings) : null;
  if (hash !== null) return { bits: 14, because: hash };
  return { bits: positionBits([...distinct]), because: 'so little of it changes' };
}

/** Bits of a series that only grows, by steps that are small beside what it has reached; null for another series. */
function countedBits(numbers: readonly number[]): number | null {
  const steps = numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
  const least = Math.min(...numbers);
  const spread = Math.max(...numbers) - least;
  const isCounting = steps.every((step) => step >= 0) && (spread < least / 50 || spread <= 20 * numbers.length);
  return isCounting ? Math.log2(Math.max(...steps) + 1) + 2 : null;
}

/** Of values as they stand, letter by letter: what is the same in all counts for nothing. */
function positionBits(values: readonly string[]): number {
  const shortest = Math.min(...values.map(({ length }) => length));
  const columns = Array.from({ length: shortest }, (_, index) => values.map((value) => value.charAt(index)));
  const varying = columns.filter((column) => new Set(column).size > 1);
  const alphabet = alphabetOf(varying.flat().join(''));
  return varying.reduce(
    (sum, column) => sum + Math.log2(lettersBehind(new Set(column).size, column.length, alphabet)),
    0,
  );
}

const alphabets: readonly (readonly [RegExp, number])[] = [
  [/^\d*$/, 10],
  [/^[\da-f]*$/, 16],
  [/^[\dA-F]*$/, 16],
  [/^[a-z]*$/, 26],
  [/^[A-Z]*$/, 26],
  [/^[A-Z2-7]*$/, 32],
  [/^[\da-z]*$/, 36],
  [/^[\dA-Z]*$/, 36],
  [/^[a-zA-Z]*$/, 52],
  [/^[\da-zA-Z]*$/, 62],
];

function alphabetOf(letters: string): number {
  return alphabets.find(([pattern]) => pattern.test(letters))?.[1] ?? 64;
}

const expectedVariety = (letters: number, draws: number): number => letters * (1 - (1 - 1 / letters) ** draws);

/** From how many letters so many different ones came in that many draws: the whole alphabet unless that is unlikely. */
function lettersBehind(different: number, draws: number, alphabet: number): number {
  if (different >= 0.55 * expectedVariety(alphabet, draws)) return alphabet;
  let letters = different;
  while (expectedVariety(letters, draws) < different) letters += 0.25;
  return letters;
}

const algorithms: Readonly<Record<number, string>> = { 16: 'md5', 20: 'sha1', 32: 'sha256' };
const smallNumbers = 20_000;
const clockBackMs = 3_000;

/** What is hashed, where two values are plain hashes of a small number or of the clock; null where they are not. */
function guessedHash(sightings: readonly Sighting[]): string | null {
  const [last, before] = sightings.toReversed();
  const what = last === undefined ? null : hashedValueOf(last);
  return what !== null && before !== undefined && hashedValueOf(before) === what ? what : null;
}

function hashedValueOf({ value, atMs }: Sighting): string | null {
  const encoding = /^[\da-f]+$/i.test(value) ? 'hex' : /^[\w+/-]+=*$/.test(value) ? 'base64url' : null;
  if (encoding === null) return null;
  const bytes = Buffer.from(value, encoding);
  const algorithm = algorithms[bytes.length];
  if (algorithm === undefined) return null;
  const isHashOf = (guess: number): boolean => createHash(algorithm).update(String(guess)).digest().equals(bytes);
  for (let number = 0; number < smallNumbers; number += 1) {
    if (isHashOf(number)) return 'it is the hash of a small number';
  }
  for (let ms = atMs - clockBackMs; ms <= atMs + 50; ms += 1) if (isHashOf(ms)) return 'it is the hash of the time';
  const second = Math.floor(atMs / 1000);
  return [-5, -4, -3, -2, -1, 0, 1].some((step) => isHashOf(second + step)) ? 'it is the hash of the time' : null;
}
