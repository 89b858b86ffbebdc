import { createHmac } from 'node:crypto';
import { HomologaError } from '../../foundation/homologa-error.js';

/** RFC 6238 as banks' apps use it: HMAC-SHA-1, 30 seconds, six digits. */
export const totpStepMs = 30_000;

/** Thrown for a key that is not base32 (RFC 4648 section 6); the key itself is not repeated. */
export class InvalidTotpSecretError extends HomologaError {
  constructor() {
    super('ERR_INVALID_TOTP_SECRET', 'Expected the app token key in base32 (A to Z and 2 to 7).');
  }
}

/** The number of the time step that `nowMs` is in. */
export function totpStep(nowMs: number): number {
  return Math.floor(nowMs / totpStepMs);
}

/** The six digits of one time step (RFC 4226 section 5.3). @throws InvalidTotpSecretError */
export function totpCode(secretBase32: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', decodeBase32(secretBase32)).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes of a base32 text; spaces, case and padding do not matter. @throws InvalidTotpSecretError */
export function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text.toUpperCase().replaceAll(/[\s=]/g, '')) {
    const index = alphabet.indexOf(character);
    if (index < 0) throw new InvalidTotpSecretError();
    value = ((value << 5) | index) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  if (bytes.length === 0) throw new InvalidTotpSecretError();
  return Buffer.from(bytes);
}

/** Base32 without padding. */
export function encodeBase32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((value >> bits) & 0x1f);
    }
  }
  if (bits > 0) text += alphabet.charAt((value << (5 - bits)) & 0x1f);
  return text;
}
