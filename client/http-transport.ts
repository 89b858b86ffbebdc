import { Buffer } from 'node:buffer';
import { Agent, buildConnector, request as undiciRequest, type Dispatcher } from 'undici';
import { HomologaError } from '../foundation/homologa-error.js';
import type { HttpAnswer } from './http-answer.js';
import { transportError, TransportError } from './transport-error.js';
import { noteWireFacts } from './wire-facts.js';
import type { TlsFacts } from './wire-facts.js';

/**
 * Carries one request to a bank and brings one answer back. It follows no redirect and repeats nothing: those are
 * decisions, and they are made elsewhere. An in-process mock's `fetch` is one of these.
 */
export type HttpTransport = (request: Request) => Promise<Response>;

/** Options of {@link createHttpTransport}. */
export interface HttpTransportOptions {
  /** An undici dispatcher for every request (a proxy, a MockAgent); default: agents of this transport. */
  readonly dispatcher?: Dispatcher;
  /** PEM of a certificate authority to trust instead of the system's. */
  readonly ca?: string;
  /** PEM of this client's certificate and its key, for banks that ask for one. */
  readonly cert?: string;
  readonly key?: string;
  /** Headers added to every request that lacks them, for example BS2's production `User-Agent` code. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 5 000. */
  readonly connectTimeoutMs?: number;
  /** Until the whole answer is there, connecting included. Default 30 000. */
  readonly timeoutMs?: number;
  /** Largest answer accepted, in bytes. Default 10 MiB. */
  readonly maxBodyBytes?: number;
}

const nullBodyStatus = new Set([204, 205, 304]);

/**
 * The transport over undici. Answers are read completely before they are returned, so that one which breaks off is an
 * error here and not a surprise later. Certificates are always verified (RFC 6749 10.9).
 *
 * Anything but GET and HEAD goes out on a connection of its own: one that died while idle would look exactly like
 * an answer that was lost, and with a refresh that difference is a consent.
 *
 * @throws TransportError (as rejection) `ERR_TRANSPORT_NOT_SENT` or `ERR_TRANSPORT_ANSWER_LOST`.
 */
export function createHttpTransport(options: HttpTransportOptions = {}): HttpTransport {
  const { connectTimeoutMs = 5_000, timeoutMs = 30_000, maxBodyBytes = 10 * 1024 * 1024 } = options;
  const { ca, cert, key } = options;
  const secured = new Map<string, TlsFacts>();
  const connect = noting(secured, {
    timeout: connectTimeoutMs,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  const reusing = options.dispatcher ?? new Agent({ connect });
  const fresh = options.dispatcher ?? new Agent({ connect, pipelining: 0 });

  return async (request) => {
    try {
      const isSafe = request.method === 'GET' || request.method === 'HEAD';
      const headers = new Headers(request.headers);
      for (const [name, value] of Object.entries(options.headers ?? {})) {
        if (!headers.has(name)) headers.set(name, value);
      }
      const answer = await undiciRequest(request.url, {
        dispatcher: isSafe ? reusing : fresh,
        method: request.method,
        headers: Object.fromEntries(headers),
        body: isSafe ? null : Buffer.from(await request.arrayBuffer()),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]),
        responseHeaders: 'raw',
      });
      const body = await readBounded(answer.body, maxBodyBytes, request);
      const pairs = headerPairs(answer.headers);
      const response = new Response(nullBodyStatus.has(answer.statusCode) ? null : body, {
        status: answer.statusCode,
        headers: new Headers(pairs),
      });
      const { protocol, hostname, port } = new URL(request.url);
      const tls = protocol === 'https:' ? (secured.get(connectionKey(hostname, port)) ?? null) : null;
      noteWireFacts(response, { headerNames: pairs.map(([name]) => name), tls });
      return response;
    } catch (error) {
      throw transportError(error, request);
    }
  };
}

/**
 * Sends a request and reads the answer to its end. Every failure on the way is a {@link TransportError}, but for the
 * errors with which a transport refuses on purpose: these say themselves what became of the request.
 */
export async function exchange(transport: HttpTransport, request: Request): Promise<HttpAnswer> {
  try {
    const response = await transport(request);
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    if (error instanceof HomologaError) throw error;
    throw transportError(error, request);
  }
}

async function readBounded(body: AsyncIterable<unknown>, maxBytes: number, request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.byteLength;
    if (size > maxBytes) {
      const { origin } = new URL(request.url);
      throw new TransportError(
        'ERR_TRANSPORT_ANSWER_LOST',
        `Expected at most ${String(maxBytes)} bytes from ${origin}, more came. Raise maxBodyBytes if that is right.`,
        { cause: { origin, method: request.method, reason: 'answer too large' } },
      );
    }
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

/** Raw headers are a flat list of names and values; undici's types know only the other form. */
function headerPairs(raw: unknown): [string, string][] {
  const flat: unknown[] = Array.isArray(raw) ? raw : [];
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) pairs.push([String(flat[index]), String(flat[index + 1])]);
  return pairs;
}

function connectionKey(hostname: string, port: string): string {
  return `${hostname}:${port === '' ? '443' : port}`;
}

/** Opens connections as undici does, and notes what was agreed on by TLS. */
function noting(secured: Map<string, TlsFacts>, options: buildConnector.BuildOptions): buildConnector.connector {
  const connector = buildConnector(options);
  return (target, callback) => {
    connector(target, (...opened) => {
      const [error, socket] = opened;
      if (error === null && 'getProtocol' in socket) {
        const { servername } = socket;
        secured.set(connectionKey(target.hostname, target.port), {
          serverName: typeof servername === 'string' && servername !== '' ? servername : null,
          protocol: socket.getProtocol(),
        });
      }
      callback(...opened);
    });
  };
}
