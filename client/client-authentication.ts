import { Buffer } from 'node:buffer';
import type { ClientRegistration } from './client-registration.js';

/** How a client proves who it is at the token and revocation endpoints. */
export type TokenEndpointAuthentication = 'basic' | 'body' | 'none';

/** `application/x-www-form-urlencoded` of one value, as RFC 6749 appendix B wants it. */
function formUrlEncode(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1);
}

/**
 * The `Authorization` value of RFC 6749 2.3.1: id and secret are form-urlencoded *before* they are joined and
 * base64-encoded. Clients that forget it work until a secret contains `%`, `+` or `:`.
 *
 * @example
 * ```ts
 * basicCredentials('l7 key', 's+cret'); // 'Basic bDcra2V5OnMlMkJjcmV0'
 * ```
 */
export function basicCredentials(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${formUrlEncode(id)}:${formUrlEncode(secret)}`, 'utf8').toString('base64')}`;
}

/**
 * Adds one, and only one, way of client authentication to a request's headers and body (RFC 6749 2.3: never two).
 * A client without secret is identified by `client_id` in the body (RFC 6749 3.2.1), whatever `method` says.
 */
export function authenticateClient(
  client: ClientRegistration,
  method: TokenEndpointAuthentication,
  headers: Headers,
  body: URLSearchParams,
): void {
  if (client.secret === undefined || method === 'none') {
    body.set('client_id', client.id);
  } else if (method === 'basic') {
    headers.set('authorization', basicCredentials(client.id, client.secret));
  } else {
    body.set('client_id', client.id);
    body.set('client_secret', client.secret);
  }
}
