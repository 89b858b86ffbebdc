const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The same text with another last character. Where it is one of base64url its first bit is the one that turns, since
 * the last bits of an encoded text may mean nothing.
 */
export function withOtherLastCharacter(text: string): string {
  const characters = Array.from(text);
  const index = base64url.indexOf(characters.at(-1) ?? '');
  return [...characters.slice(0, -1), base64url.charAt(index < 0 ? 0 : index ^ 32)].join('');
}

/** A compact JWT whose signature has one wrong bit, and still the length and form of a right one. */
export function withWrongSignature(token: string): string {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return `${header}.${claims}.${bytes.toString('base64url')}`;
}
