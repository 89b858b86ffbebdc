import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions, ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { hostUnreachable, mockUnreachable, reasonPhrase, refusalText } from './refusal.js';
import type { Refusal } from './refusal.js';
import type { ProxyTarget } from './proxy-target.js';

/** Headers that belong to one connection and not to the message (RFC 9110 section 7.6.1). */
const ofTheConnection = ['connection', 'keep-alive', 'upgrade', 'te', 'trailer'];

/** The mock that plays the banks. */
export interface Mock {
  /** A loopback origin. */
  readonly url: string;
  /** PEM certificates to trust it by, besides those that Node trusts. */
  readonly ca?: readonly string[];
}

/** A request on its way through. */
export interface Passage {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Breaks the client's connection, where the other side broke. */
  readonly reset: () => void;
}

/** Passes a request to the mock, as one for this host, and the answer back; a broken answer stays broken. */
export function forwardToMock(passage: Passage, mock: Mock, host: string, path: string): void {
  const { hostname, port, protocol } = new URL(mock.url);
  const options = { hostname: hostname.replace(/^\[|\]$/g, ''), port, path };
  const send = (all: RequestOptions): ClientRequest =>
    protocol === 'https:'
      ? httpsRequest({ ...all, ...(mock.ca === undefined ? {} : { ca: [...mock.ca] }) })
      : httpRequest(all);
  pass(passage, host, options, send, (reason) => mockUnreachable(mock.url, reason));
}

/** Passes a plain http request to the host that it names. */
export function forwardToHost(passage: Passage, target: ProxyTarget, path: string): void {
  const { host, port } = target;
  const name = host.includes(':') ? `[${host}]` : host;
  const authority = port === 80 ? name : `${name}:${String(port)}`;
  pass(passage, authority, { hostname: host, port, path }, httpRequest, (reason) => hostUnreachable(target, reason));
}

function pass(
  { incoming, outgoing, reset }: Passage,
  host: string,
  where: RequestOptions,
  send: (options: RequestOptions) => ClientRequest,
  unreachable: (reason: string) => Refusal,
): void {
  const headers = passable(incoming.rawHeaders);
  // RFC 9112 section 3.2.2: the host that is asked for counts, not what Host says.
  const named = headers.map(([name, value]) => [name, name.toLowerCase() === 'host' ? host : value] as const);
  // A connection for each request: one that is kept might be closed by the other side just when it is used again. The
  // other side is not told, or it would close, at a refusal, while the rest of a large body is still on its way.
  const all = [...named, ['connection', 'keep-alive']].flat();
  const upstream = send({ ...where, method: incoming.method ?? 'GET', headers: all, agent: false });
  if (!hasBody(incoming)) upstream.useChunkedEncodingByDefault = false;
  let isAnswered = false;
  upstream.on('response', (answer) => {
    isAnswered = true;
    outgoing.sendDate = false;
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', passable(answer.rawHeaders).flat());
    // With no body to wait for, the head alone is the answer's beginning.
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.on('error', reset);
  });
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    // An answer that has begun says itself whether it broke off.
    if (isAnswered) return;
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') reset();
    else refuse(outgoing, unreachable(error.code ?? error.message));
  });
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) upstream.destroy();
  });
  incoming.pipe(upstream);
}

/** Answers with a refusal. */
export function refuse(outgoing: ServerResponse, refusal: Refusal): void {
  const body = refusalText(refusal);
  outgoing.writeHead(refusal.status, reasonPhrase(refusal), {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  outgoing.end(body);
}

function passable(rawHeaders: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  const listed = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(/\s*,\s*/));
  return pairs.filter(([name]) => {
    const lower = name.toLowerCase();
    return !ofTheConnection.includes(lower) && !listed.includes(lower) && !lower.startsWith('proxy-');
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
