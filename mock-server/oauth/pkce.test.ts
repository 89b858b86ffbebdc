import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isS256Challenge, verifierFault } from './pkce.js';

// RFC 7636, appendix B.
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const unreserved = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~');
const verifiers = fc.string({ unit: unreserved, minLength: 43, maxLength: 128 });

describe('verifierFault', () => {
  it.each([
    ['the verifier of RFC 7636 appendix B', challenge, verifier, null],
    ['neither challenge nor verifier', null, undefined, null],
    ['a verifier without challenge', null, verifier, 'verifier-unexpected'],
    ['no verifier', challenge, undefined, 'verifier-missing'],
    ['an empty verifier', challenge, '', 'verifier-malformed'],
    ['42 characters', challenge, 'a'.repeat(42), 'verifier-malformed'],
    ['43 characters of another secret', challenge, 'a'.repeat(43), 'verifier-mismatch'],
    ['128 characters of another secret', challenge, 'a'.repeat(128), 'verifier-mismatch'],
    ['129 characters', challenge, 'a'.repeat(129), 'verifier-malformed'],
    ['a reserved character', challenge, `${'a'.repeat(43)}+`, 'verifier-malformed'],
    ['a trailing line feed', challenge, `${verifier}\n`, 'verifier-malformed'],
    ['the challenge itself, as the plain method would', challenge, challenge, 'verifier-mismatch'],
  ] as const)('%s', (_name, stored, sent, fault) => {
    expect(verifierFault(stored, sent)).toBe(fault);
  });

  it('takes exactly the verifier whose digest was challenged', () => {
    fc.assert(
      fc.property(verifiers, verifiers, (mine, other) => {
        const digest = createHash('sha256').update(mine).digest('base64url');
        expect(isS256Challenge(digest)).toBe(true);
        expect(verifierFault(digest, mine)).toBe(null);
        expect(verifierFault(digest, other)).toBe(other === mine ? null : 'verifier-mismatch');
      }),
    );
  });
});

describe('isS256Challenge', () => {
  it.each([
    '',
    'short',
    `${challenge}=`,
    `${challenge}a`,
    challenge.slice(1),
    challenge.replace('-', '+'),
    `${challenge}\n`,
  ])('refuses %j', (value) => {
    expect(isS256Challenge(value)).toBe(false);
  });
});
