import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server as TlsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerCredentials } from '../certificate-authority/local-authority.js';
import { ConnectionResets } from '../foundation/connection-resets.js';
import { findOwnHost, ownHosts } from '../mock-server/banks/own-hosts.js';
import type { OwnHost } from '../mock-server/banks/own-hosts.js';
import { ListenError } from '../mock-server/listener.js';
import { autoConfiguration } from './auto-configuration.js';
import { forwardToHost, forwardToMock, refuse } from './forwarding.js';
import type { Mock, Passage } from './forwarding.js';
import { judgeTarget, parseTunnelTarget, parseWholeUrl } from './proxy-target.js';
import type { ProxyTarget } from './proxy-target.js';
import { hostUnreachable, misdirected, notForAProxy, refusalMessage, refuseTarget } from './refusal.js';
import type { Refusal } from './refusal.js';

export interface BankProxyOptions {
  /** Default 0: a free port. It is bound on 127.0.0.1 alone. */
  readonly port?: number;
  readonly mock: Mock;
  /** The tenant of the mock that plays the banks. Default `default`. */
  readonly tenant?: string;
  /** A certificate for all the banks' own hosts, and its key. */
  readonly credentials: ServerCredentials;
  /** Lets hosts through that are no bank's. Default false. */
  readonly passThrough?: boolean;
  /** Told in one line of each request that was refused, and of clients that do not trust the certificate. */
  readonly onNotice?: (notice: string) => void;
}

/** A running proxy. */
export interface BankProxy {
  readonly url: string;
  close(): Promise<void>;
}

const address = '127.0.0.1';

/**
 * Starts a proxy that answers as the banks' own hosts from a mock: by CONNECT, under TLS, and for requests that name a
 * whole URL. Nothing in a bank's domain is ever connected to, or looked up.
 *
 * @throws ListenError
 */
export async function startBankProxy(options: BankProxyOptions): Promise<BankProxy> {
  const { mock, tenant = 'default', credentials, passThrough = false, onNotice = () => undefined } = options;
  const sockets = new Set<Duplex>();
  const keep = <S extends Duplex>(socket: S): S => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    return socket.once('close', () => sockets.delete(socket));
  };
  const decline = (outgoing: ServerResponse, refusal: Refusal): void => {
    onNotice(`Refused: ${refusal.summary}.`);
    refuse(outgoing, refusal);
  };
  const play = (passage: Passage, ownHost: OwnHost, path: string): void => {
    const base = tenant === 'default' ? `/${ownHost.bank}` : `/t/${tenant}/${ownHost.bank}`;
    forwardToMock(passage, mock, ownHost.host, base + path);
  };

  const server = createServer();
  const resets = new ConnectionResets(server);
  server.on('connection', keep);
  server.on('request', (incoming, outgoing) => {
    const asked = parseWholeUrl(incoming.url ?? '');
    const passage = { incoming, outgoing, reset: () => resets.reset(incoming.socket) };
    if (asked === null) {
      if (incoming.url === '/proxy.pac') return sendAutoConfiguration(outgoing, urlOf(server));
      return decline(outgoing, notForAProxy);
    }
    const judgement = judgeTarget(asked.target, passThrough);
    switch (judgement.kind) {
      case 'bank':
        if (asked.target.by === 'http') {
          onNotice(`Note: ${asked.target.host} was asked by http, in the clear; the bank is known by https only.`);
        }
        return play(passage, judgement.ownHost, asked.path);
      case 'elsewhere':
        return forwardToHost(passage, asked.target, asked.path);
      case 'refused':
        return decline(outgoing, refuseTarget(asked.target, judgement.why));
    }
  });

  const banks = new Map(ownHosts.map((ownHost) => [ownHost.host, createBank(ownHost)]));
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const end = (refusal: Refusal): void => {
      onNotice(`Refused: ${refusal.summary}.`);
      socket.allowHalfOpen = false;
      socket.end(refusalMessage(refusal));
    };
    const target = parseTunnelTarget(request.url ?? '');
    if (target === null) return end(notForAProxy);
    const judgement = judgeTarget(target, passThrough);
    if (judgement.kind === 'refused') return end(refuseTarget(target, judgement.why));
    if (judgement.kind === 'elsewhere') return tunnel(target, keep(connectTo(target)), socket, head, end);
    // HTTP servers keep a connection that the client has ended; under TLS it would never be closed.
    socket.allowHalfOpen = false;
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    banks.get(judgement.ownHost.host)?.emit('connection', socket);
  });

  /** What answers under TLS as one host. It listens nowhere: tunnels are handed to it. */
  function createBank(ownHost: OwnHost): TlsServer {
    const bank = createTlsServer({ ...credentials, ALPNProtocols: ['http/1.1'] });
    const bankResets = new ConnectionResets(bank);
    bank.keepAliveTimeout = 65_000;
    const left = (reason: string): void =>
      onNotice(`Note: a client left ${ownHost.host} before it asked anything${reason}: does it trust the CA?`);
    bank.on('tlsClientError', (error) => left(` (${reasonOf(error)})`));
    // Where TLS 1.3 is spoken, a client may judge the certificate when the handshake is done already.
    const asking = new WeakSet<Socket>();
    bank.on('secureConnection', (socket) => {
      socket.once('close', () => {
        if (!asking.has(socket)) left('');
      });
    });
    bank.on('request', (incoming, outgoing) => {
      asking.add(incoming.socket);
      const passage = { incoming, outgoing, reset: () => bankResets.reset(incoming.socket) };
      const whole = parseWholeUrl(incoming.url ?? '');
      const asked = whole?.target.host ?? incoming.headers.host ?? '';
      if (findOwnHost(asked) !== ownHost) return decline(outgoing, misdirected(ownHost.host, asked));
      const path = whole?.path ?? pathOf(incoming.url ?? '');
      if (path === null) return decline(outgoing, notForAProxy);
      play(passage, ownHost, path);
    });
    return bank;
  }

  await new Promise<void>((resolve, reject) => {
    const port = options.port ?? 0;
    server.once('error', (error) => reject(new ListenError(address, port, error)));
    server.listen(port, address, resolve);
  });
  return {
    url: urlOf(server),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function sendAutoConfiguration(outgoing: ServerResponse, proxyUrl: string): void {
  outgoing.writeHead(200, { 'content-type': 'application/x-ns-proxy-autoconfig' });
  outgoing.end(autoConfiguration(proxyUrl));
}

function connectTo({ host, port }: ProxyTarget): Socket {
  return connect({ host, port, allowHalfOpen: true });
}

/** Joins a client and the host that it is let through to. */
function tunnel(target: ProxyTarget, far: Socket, near: Duplex, head: Buffer, end: (refusal: Refusal) => void): void {
  let joined = false;
  far.once('connect', () => {
    joined = true;
    near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    far.write(head);
    near.pipe(far);
    far.pipe(near);
  });
  far.once('error', (error: NodeJS.ErrnoException) => {
    if (joined) near.destroy();
    else end(hostUnreachable(target, error.code ?? error.message));
  });
  near.once('close', () => far.destroy());
}

/** A path as a URL has it, with no way up that could lead out of the bank; null for what is no path. */
function pathOf(target: string): string | null {
  const url = `https://host.invalid${target}`;
  if (!target.startsWith('/') || !URL.canParse(url)) return null;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function urlOf(server: Server): string {
  const bound: AddressInfo | string | null = server.address();
  return `http://${address}:${String(typeof bound === 'object' && bound !== null ? bound.port : 0)}`;
}

function reasonOf(error: Error): string {
  const openssl = /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
  return openssl ?? error.message;
}
