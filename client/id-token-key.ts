import type { ClientRegistration } from './client-registration.js';
import { IdTokenError } from './id-token-error.js';
import type { IdTokenKey } from './id-token.js';

/**
 * HS256 is keyed with the secret; without one only TLS vouches for the token, so there must be TLS (or loopback).
 *
 * @throws IdTokenError `ERR_ID_TOKEN_KEY` for a public client whose token endpoint is reached in the clear.
 */
export function idTokenKey(client: ClientRegistration, tokenEndpoint: string): IdTokenKey {
  if (client.secret !== undefined) return { kind: 'client-secret', secret: client.secret };
  const { protocol, hostname } = new URL(tokenEndpoint);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
  if (protocol === 'https:' || isLoopback) return { kind: 'tls' };
  throw new IdTokenError(
    'ERR_ID_TOKEN_KEY',
    'A public client cannot check an HS256 id_token, and the token endpoint is not reached over TLS.',
    null,
    'missing',
  );
}
