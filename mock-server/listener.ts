import { createServer as createHttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { ConnectionResets } from '../foundation/connection-resets.js';
import { HomologaError } from '../foundation/homologa-error.js';
import type { Answer, Peer } from './banks/exchange.js';
import type { Delivery } from './faults/fault-seam.js';
import { announcedLength, firstHalf, isBodyless } from './http-delivery.js';
import type { Entrance, MockApplication } from './mock-application.js';
import { readPlainRequest } from './plain-request.js';

/** A port of the mock. */
export interface Listener {
  readonly origin: string;
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  /** PEM; absent for plain http. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** Thrown when a port cannot be had; `cause` is Node's error. */
export class ListenError extends HomologaError {
  constructor(host: string, port: number, cause: unknown) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const advice = reason === 'EADDRINUSE' ? 'it is in use; choose another port, or 0 for a free one' : reason;
    super('ERR_LISTEN', `Cannot listen on ${host} port ${String(port)}: ${advice}.`, { cause });
  }
}

/** Opens a port. @throws ListenError */
export async function listen(
  application: MockApplication,
  entrance: Entrance,
  options: ListenerOptions,
): Promise<Listener> {
  const deliver = ({ answer, transport }: Delivery, incoming: IncomingMessage, outgoing: ServerResponse): void => {
    if (transport === 'reset-before') {
      resets.reset(incoming.socket);
      return;
    }
    if (transport === 'complete') {
      send(outgoing, answer);
      return;
    }
    outgoing.writeHead(answer.status, [...answer.headers, ['content-length', announcedLength(answer.body)]].flat());
    outgoing.write(firstHalf(answer.body), () => resets.reset(incoming.socket));
  };
  const handler = getRequestListener(
    async (request, { incoming, outgoing }) => {
      const handled = await application.handle(request, entrance, peerOf(incoming));
      if (handled.kind === 'response') return handled.response;
      if (!(outgoing instanceof ServerResponse) || !(incoming instanceof IncomingMessage)) {
        throw new TypeError('The mock speaks HTTP/1.1 only.');
      }
      deliver(handled.delivery, incoming, outgoing);
      return RESPONSE_ALREADY_SENT;
    },
    { overrideGlobalObjects: false, errorHandler },
  );
  const scheme = options.tls === undefined ? 'http' : 'https';
  const onRequest: RequestListener = (incoming, outgoing) => {
    const plain = readPlainRequest(incoming, scheme);
    const location = plain === null ? null : application.locate(plain.url, entrance);
    if (plain === null || location?.kind !== 'bank') {
      void handler(incoming, outgoing);
      return;
    }
    application.answer(plain, location, peerOf(incoming)).then(
      (delivery) => {
        // Answers of one turn of the loop leave together, so that who waits for several is woken once: a sixth of a token
        // request's time under load.
        setImmediate(() => {
          try {
            deliver(delivery, incoming, outgoing);
          } catch {
            // An answer that HTTP cannot have must not end the mock.
            fail(outgoing);
          }
        });
      },
      () => fail(outgoing),
    );
  };
  const server =
    options.tls === undefined ? createHttpServer(onRequest) : await createTlsServer(options.tls, onRequest);
  const resets = new ConnectionResets(server);
  // A partner's keep-alive pool must not be surprised by the mock closing an idle connection first.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new ListenError(options.host, options.port, error)));
    server.listen(options.port, options.host, resolve);
  });
  const host = options.host.includes(':')
    ? `[${options.host}]`
    : options.host === '0.0.0.0'
      ? '127.0.0.1'
      : options.host;
  return { origin: `${scheme}://${host}:${String(portOf(server))}`, close: () => close(server) };
}

/** Nobody hears it whose request did not come to its end. */
function fail(outgoing: ServerResponse): void {
  if (!outgoing.headersSent) outgoing.writeHead(500);
  outgoing.end();
}

function peerOf({ socket }: { readonly socket: { readonly remoteAddress?: string | undefined } }): Peer {
  return { address: socket.remoteAddress ?? null };
}

/** Written without a `Response` between, whose body would be read back from a stream: a fifth of a token request's time. */
function send(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const sent: string[] = [];
  for (const [name, value] of headers) sent.push(name.toLowerCase(), value);
  if (isBodyless(status)) {
    outgoing.writeHead(status, sent).end();
    return;
  }
  sent.push('content-length', String(Buffer.byteLength(body)));
  outgoing.writeHead(status, sent).end(body);
}

/** Loaded on demand: a mock that speaks plain http should not start later for it. */
async function createTlsServer(tls: NonNullable<ListenerOptions['tls']>, onRequest: RequestListener): Promise<Server> {
  const { createServer } = await import('node:https');
  return createServer({ cert: tls.cert, key: tls.key }, onRequest);
}

/** Addresses and hosts that are none never reach a bank: they are answered as Node answers what is not HTTP. */
function errorHandler(error: unknown): Response {
  return new Response(null, { status: error instanceof RequestError ? 400 : 500 });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
