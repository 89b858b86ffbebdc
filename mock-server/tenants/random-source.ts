import { createHash, randomFillSync } from 'node:crypto';

/** Where a tenant's codes, tokens and identifiers come from. */
export interface RandomSource {
  /** `length` fresh bytes; the caller may keep the buffer. */
  bytes(length: number): Buffer;
}

const poolSize = 4096;

/** Cryptographically secure bytes, drawn from a pool because one system call for each token is what costs. */
export class SecureRandomSource implements RandomSource {
  readonly #pool = Buffer.alloc(poolSize);
  #used = poolSize;

  bytes(length: number): Buffer {
    if (this.#used + length > poolSize) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const drawn = Buffer.allocUnsafe(length);
    this.#pool.copy(drawn, 0, this.#used, this.#used + length);
    this.#pool.fill(0, this.#used, this.#used + length);
    this.#used += length;
    return drawn;
  }
}

/** SHA-256 in counter mode over a seed: the same seed gives the same bytes, so a failing run can be replayed. */
export class SeededRandomSource implements RandomSource {
  readonly #seed: string;
  #counter = 0;
  #block = Buffer.alloc(0);

  constructor(seed: string) {
    this.#seed = seed;
  }

  bytes(length: number): Buffer {
    while (this.#block.length < length) {
      const next = createHash('sha256')
        .update(`${this.#seed}\n${String(this.#counter)}`)
        .digest();
      this.#counter += 1;
      this.#block = Buffer.concat([this.#block, next]);
    }
    const drawn = Buffer.from(this.#block.subarray(0, length));
    this.#block = this.#block.subarray(length);
    return drawn;
  }
}

const guidText = Buffer.alloc(36);
const hexDigits = '0123456789abcdef';
const hyphen = 0x2d;

/** A version 4 GUID (122 random bits), the shape of BS2's codes and tokens. */
export function randomGuid(source: RandomSource): string {
  const bytes = source.bytes(16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  // Written into one buffer, not joined of parts: that would be kept as a tree of them, at five times the memory.
  let at = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    if (index === 4 || index === 6 || index === 8 || index === 10) at = guidText.writeUInt8(hyphen, at);
    const byte = bytes.readUInt8(index);
    at = guidText.writeUInt8(hexDigits.charCodeAt(byte >> 4), at);
    at = guidText.writeUInt8(hexDigits.charCodeAt(byte & 0x0f), at);
  }
  return guidText.toString('latin1');
}

/** Base64url of `byteLength` random bytes; 32 bytes give the 43 characters of BTG's codes and token ids. */
export function randomBase64url(source: RandomSource, byteLength: number): string {
  return source.bytes(byteLength).toString('base64url');
}

/** `length` decimal digits, each of the same probability. */
export function randomDigits(source: RandomSource, length: number): string {
  const modulus = 10 ** length;
  const limit = Math.floor(2 ** 32 / modulus) * modulus;
  let value = source.bytes(4).readUInt32BE(0);
  while (value >= limit) value = source.bytes(4).readUInt32BE(0);
  return String(value % modulus).padStart(length, '0');
}
