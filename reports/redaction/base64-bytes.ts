const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Uint8Array(128);
for (const [value, digit] of [...digits].entries()) values[digit.charCodeAt(0)] = value;
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

/** Grows to the longest run that was decoded. */
let scratch = new Uint8Array(1024);

/**
 * The bytes of base64 or base64url from a digit on. Much cheaper for short runs than a Buffer each; the bytes are valid
 * until the next call.
 *
 * @param run nothing but digits of either alphabet
 */
export function decodeBase64(run: string, from: number): Uint8Array {
  const length = Math.max(0, Math.floor(((run.length - from) * 3) / 4));
  if (scratch.length < length) scratch = new Uint8Array(length * 2);
  let bits = 0;
  let held = 0;
  let written = 0;
  for (let index = from; index < run.length; index += 1) {
    bits = ((bits << 6) | (values[run.charCodeAt(index)] ?? 0)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    scratch[written] = bits >> held;
    written += 1;
  }
  return scratch.subarray(0, written);
}
