import { HomologaError } from '../foundation/homologa-error.js';
import { safeText } from './safe-text.js';

/**
 * No complete answer came.
 *
 * - `ERR_TRANSPORT_NOT_SENT`: the bank surely never saw the request (refused connection, unknown host, failed TLS
 *   handshake): repeating it is safe;
 * - `ERR_TRANSPORT_ANSWER_LOST`: it may have been received and acted upon (time-out, reset, truncated answer):
 *   a code may be spent, a refresh token may be rotated.
 *
 * `cause` is `{ origin, method, reason }`; no path, query or body, since these hold secrets.
 */
export class TransportError extends HomologaError {
  declare readonly code: 'ERR_TRANSPORT_NOT_SENT' | 'ERR_TRANSPORT_ANSWER_LOST';

  /** True when the bank may have acted on the request. */
  get mayHaveBeenProcessed(): boolean {
    return this.code === 'ERR_TRANSPORT_ANSWER_LOST';
  }
}

const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The `code` of an error, of its causes, or of what an AggregateError (happy eyeballs) gathered. */
function systemCodes(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const gathered: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...own, ...[...gathered, error.cause].flatMap((inner) => systemCodes(inner, depth + 1))];
}

/** Decides which of the two an exception of a transport was. In doubt, the answer was lost. */
export function transportError(error: unknown, request: { url: string; method: string }): TransportError {
  if (error instanceof TransportError) return error;
  const codes = systemCodes(error);
  const sent = codes.length === 0 || !codes.every((code) => neverSent.has(code));
  const origin = new URL(request.url).origin;
  const name = error instanceof Error ? error.name : typeof error;
  const reason = codes[0] ?? safeText(name);
  return new TransportError(
    sent ? 'ERR_TRANSPORT_ANSWER_LOST' : 'ERR_TRANSPORT_NOT_SENT',
    sent
      ? `Expected an answer to ${request.method} at ${origin}, none came complete (${reason}). The bank may have acted on it.`
      : `Could not reach ${origin} for ${request.method} (${reason}). Nothing was sent; check address and network.`,
    { cause: { origin, method: request.method, reason } },
  );
}
