import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestParameters } from './request-parameters.js';

/** What a request says about which client sends it. */
export type ClientCredentials =
  | { readonly kind: 'none' }
  /** `client_id` alone: a public client, or a confidential one that forgot its secret. */
  | { readonly kind: 'identified'; readonly id: string }
  | { readonly kind: 'secret'; readonly method: 'basic' | 'body'; readonly id: string; readonly secret: string }
  /** An `Authorization` header that is not readable as Basic. */
  | { readonly kind: 'malformed' }
  /** More than one method in a request, which RFC 6749 section 2.3 forbids. */
  | { readonly kind: 'several' };

const basicScheme = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/** Id and secret of a Basic header, form-decoded as RFC 6749 section 2.3.1 says; null when it cannot be read. */
export function parseBasic(authorization: string): { id: string; secret: string } | null {
  const encoded = basicScheme.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1 || /[\0-\x1F\x7F\uFFFD]/.test(decoded)) return null;
  const id = formDecode(decoded.slice(0, colon));
  const secret = formDecode(decoded.slice(colon + 1));
  return id === null || secret === null ? null : { id, secret };
}

function formDecode(value: string): string | null {
  if (!/[%+]/.test(value)) return value;
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** Reads what the `Authorization` header and the body say, without judging it. */
export function readClientCredentials(
  authorization: string | undefined,
  parameters: RequestParameters,
): ClientCredentials {
  const bodyId = parameters.get('client_id');
  const bodySecret = parameters.get('client_secret');
  if (authorization !== undefined) {
    const basic = parseBasic(authorization);
    if (basic === null) return { kind: 'malformed' };
    // The same id repeated in the body says nothing new and is what several libraries send.
    if (bodySecret !== undefined || (bodyId !== undefined && bodyId !== basic.id)) return { kind: 'several' };
    return { kind: 'secret', method: 'basic', ...basic };
  }
  if (bodyId === undefined) return { kind: 'none' };
  if (bodySecret === undefined) return { kind: 'identified', id: bodyId };
  return { kind: 'secret', method: 'body', id: bodyId, secret: bodySecret };
}

/** Whether two secrets are equal, in time that does not tell where they differ. */
export function secretsEqual(first: string, second: string): boolean {
  const a = Buffer.from(first);
  const b = Buffer.from(second);
  if (a.length === b.length) return timingSafeEqual(a, b);
  const digest = (value: Buffer): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** What of a registered client its authentication is judged by. */
export interface AuthenticatableClient {
  readonly id: string;
  /** Null for public clients. */
  readonly secret: string | null;
}

export type ClientAuthentication =
  | { readonly kind: 'authenticated' }
  | {
      readonly kind: 'refused';
      readonly why:
        'missing' | 'malformed' | 'several' | 'unknown-client' | 'wrong-secret' | 'secret-missing' | 'method';
    };

/** Which methods a bank takes at this endpoint. */
export interface ClientAuthenticationOptions {
  readonly acceptsBasic: boolean;
  readonly acceptsBody: boolean;
  readonly acceptsPublicClients: boolean;
}

/** The decisions that client authentication asks for. A bank's options build it; a mutant replaces one. */
export interface ClientAuthenticationPolicy {
  accepts(method: 'basic' | 'body'): boolean;
  mayOmitSecret(client: AuthenticatableClient): boolean;
  isRightSecret(client: AuthenticatableClient, sent: string): boolean;
}

/** Whether this is the secret of the client; a client without one has none that is right. */
export function isRightSecret({ secret }: AuthenticatableClient, sent: string): boolean {
  return secret !== null && secretsEqual(secret, sent);
}

/** The policy of a strict server: a client that has a secret must send it. */
export function strictClientAuthentication(options: ClientAuthenticationOptions): ClientAuthenticationPolicy {
  return {
    accepts: (method) => (method === 'basic' ? options.acceptsBasic : options.acceptsBody),
    mayOmitSecret: (client) => client.secret === null && options.acceptsPublicClients,
    isRightSecret,
  };
}

/** Judges credentials against the client that they name (RFC 6749 sections 2.3 and 3.2.1). */
export function authenticateClient(
  credentials: ClientCredentials,
  client: AuthenticatableClient | undefined,
  policy: ClientAuthenticationPolicy,
): ClientAuthentication {
  switch (credentials.kind) {
    case 'none':
      return { kind: 'refused', why: 'missing' };
    case 'malformed':
      return { kind: 'refused', why: 'malformed' };
    case 'several':
      return { kind: 'refused', why: 'several' };
    case 'identified':
      if (client === undefined) return { kind: 'refused', why: 'unknown-client' };
      if (!policy.mayOmitSecret(client)) return { kind: 'refused', why: 'secret-missing' };
      return { kind: 'authenticated' };
    case 'secret':
      if (!policy.accepts(credentials.method)) return { kind: 'refused', why: 'method' };
      if (client === undefined) return { kind: 'refused', why: 'unknown-client' };
      if (!policy.isRightSecret(client, credentials.secret)) return { kind: 'refused', why: 'wrong-secret' };
      return { kind: 'authenticated' };
  }
}
