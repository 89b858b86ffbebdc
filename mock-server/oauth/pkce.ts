import { createHash } from 'node:crypto';

const unreserved = /^[A-Za-z0-9\-._~]{43,128}$/;
const s256Challenge = /^[A-Za-z0-9_-]{43}$/;

/** Whether a value can be the S256 challenge of any verifier (RFC 7636 section 4.2). */
export function isS256Challenge(value: string): boolean {
  return s256Challenge.test(value);
}

/** Why a `code_verifier` does not prove what the authorization request challenged; null when it does. */
export type VerifierFault = 'verifier-missing' | 'verifier-malformed' | 'verifier-mismatch' | 'verifier-unexpected';

/**
 * Compares a verifier with the stored S256 challenge (RFC 7636 section 4.6). A verifier without a challenge is refused
 * too, or a stolen code could be used by leaving PKCE out of the attacker's own request (RFC 9700 section 4.8.2).
 */
export function verifierFault(challenge: string | null, verifier: string | undefined): VerifierFault | null {
  if (challenge === null) return verifier === undefined ? null : 'verifier-unexpected';
  if (verifier === undefined) return 'verifier-missing';
  if (!unreserved.test(verifier)) return 'verifier-malformed';
  const computed = createHash('sha256').update(verifier).digest('base64url');
  return computed === challenge ? null : 'verifier-mismatch';
}
