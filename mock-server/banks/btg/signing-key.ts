import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import * as v from 'valibot';
import type { BtgSettings } from '../../tenants/settings.js';
import { testKeyPems } from './test-key-pems.js';

/** Public half of a signing key as a JWK (RFC 7517); has no private members. */
export interface PublicJwk {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly alg: 'RS256';
  /** RFC 7638 thumbprint: 43 base64url characters, the length seen in BTG's tokens. */
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** One of the two test keys. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: PublicJwk;
}

type KeyName = BtgSettings['signingKey'];
const keyNames: readonly KeyName[] = ['first', 'second'];
const loaded = new Map<KeyName, SigningKey>();
const rsaJwk = v.object({ n: v.string(), e: v.string() });

/** The test key of that name, imported at its first use: importing a key for each signature would be what costs. */
export function signingKey(name: KeyName): SigningKey {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const privateKey = createPrivateKey(testKeyPems[name]);
  const publicKey = createPublicKey(privateKey);
  const { n, e } = v.parse(rsaJwk, publicKey.export({ format: 'jwk' }));
  const kid = createHash('sha256').update(`{"e":"${e}","kty":"RSA","n":"${n}"}`).digest('base64url');
  const key: SigningKey = { kid, privateKey, publicKey, jwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e } };
  loaded.set(name, key);
  return key;
}

/** The test key with that `kid`, whether or not it signs now: tokens live on after a rotation of keys. */
export function findSigningKey(kid: string): SigningKey | undefined {
  return keyNames.map(signingKey).find((key) => key.kid === kid);
}

/**
 * Both public keys as a JWK Set. No page of BTG names a JWKS address, so the bank shows it only when the setting
 * `discovery` is on; the control API shows it always.
 */
export function jwks(): { readonly keys: readonly PublicJwk[] } {
  return { keys: keyNames.map((name) => signingKey(name).jwk) };
}
