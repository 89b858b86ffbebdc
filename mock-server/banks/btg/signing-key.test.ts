import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { findSigningKey, jwks, signingKey } from './signing-key.js';

describe('the shipped test keys', () => {
  it('are two RSA keys of 2048 bits, known by their RFC 7638 thumbprints', async () => {
    const { keys } = jwks();
    expect(keys).toHaveLength(2);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
    for (const key of keys) {
      expect(key.kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(await calculateJwkThumbprint({ kty: key.kty, n: key.n, e: key.e })).toBe(key.kid);
      expect(Buffer.from(key.n, 'base64url')).toHaveLength(256);
    }
  });

  it('show no private member in the JWKS', () => {
    for (const key of jwks().keys) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('are imported once and found by kid', () => {
    expect(signingKey('first')).toBe(signingKey('first'));
    expect(findSigningKey(signingKey('second').kid)).toBe(signingKey('second'));
    expect(findSigningKey('unknown')).toBeUndefined();
  });
});
