import { createHmac, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { orderedJson } from './ordered-json.js';
import type { JsonMembers } from '../json-members.js';

/** Header and claims of a JWT, each in the order in which it is written. */
export interface JwtContent {
  readonly header: JsonMembers;
  readonly claims: JsonMembers;
}

function signingInput({ header, claims }: JwtContent): string {
  return `${Buffer.from(orderedJson(header)).toString('base64url')}.${Buffer.from(orderedJson(claims)).toString('base64url')}`;
}

/** Signs with RSASSA-PKCS1-v1_5 and SHA-256 (RFC 7518 section 3.3) in the thread pool, so requests do not wait for it. */
export async function signRs256(content: JwtContent, privateKey: KeyObject): Promise<string> {
  const input = signingInput(content);
  const signature = await new Promise<Buffer>((resolve, reject) => {
    sign('RSA-SHA256', Buffer.from(input), privateKey, (error, signed) => {
      if (error === null) resolve(signed);
      else reject(error);
    });
  });
  return `${input}.${signature.toString('base64url')}`;
}

/** Signs with HMAC SHA-256 keyed with the UTF-8 bytes of a client secret (OpenID Connect Core section 10.1). */
export function signHs256(content: JwtContent, secret: string): string {
  return signWithHmac(content, 'sha256', secret);
}

/** Signs with HMAC over another hash (RFC 7518 section 3.2). */
export function signWithHmac(content: JwtContent, hash: 'sha256' | 'sha384' | 'sha512', secret: string): string {
  const input = signingInput(content);
  const mac = createHmac(hash, secret).update(input).digest('base64url');
  return `${input}.${mac}`;
}

/** A JWT without a signature (RFC 7519 section 6.1). */
export function unsigned(content: JwtContent): string {
  return `${signingInput(content)}.`;
}

/** A JWS in compact serialisation (RFC 7515 section 3.1), taken apart and not yet believed. */
export interface UnverifiedJwt {
  readonly header: unknown;
  readonly claims: unknown;
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** Takes a compact JWS apart; null where it is none, also where its base64url is not the canonical one. */
export function parseJwt(token: string): UnverifiedJwt | null {
  const [first, second, third, ...rest] = token.split('.');
  if (first === undefined || second === undefined || third === undefined || rest.length > 0) return null;
  const header = decodeBase64url(first);
  const claims = decodeBase64url(second);
  const signature = decodeBase64url(third);
  if (header === null || claims === null || signature === null) return null;
  try {
    return {
      header: JSON.parse(header.toString('utf8')),
      claims: JSON.parse(claims.toString('utf8')),
      signingInput: `${first}.${second}`,
      signature,
    };
  } catch {
    return null;
  }
}

/** Buffer.from skips what is not base64url and ignores spare bits; a token changed there must not pass. */
function decodeBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : null;
}

/** Whether the signature of a JWS is the RS256 signature of this key. The caller has judged `alg`. */
export function isRs256Signature({ signingInput, signature }: UnverifiedJwt, publicKey: KeyObject): boolean {
  return verify('RSA-SHA256', Buffer.from(signingInput), publicKey, signature);
}
