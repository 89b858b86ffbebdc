import type { Server, Socket } from 'node:net';

/**
 * Resets connections of a server. Under TLS the socket of a request is not the one that can be reset; what lies under
 * it is found by the peer's address and port.
 */
export class ConnectionResets {
  readonly #sockets = new Map<string, Socket>();

  /** @param server before it accepts its first connection */
  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      const peer = peerOf(socket);
      this.#sockets.set(peer, socket);
      socket.once('close', () => {
        if (this.#sockets.get(peer) === socket) this.#sockets.delete(peer);
      });
    });
  }

  /** Ends the connection that a request came by as a broken one ends: by a reset. */
  reset(socket: Socket): void {
    const known = this.#sockets.get(peerOf(socket));
    if (known === undefined) socket.destroy();
    else known.resetAndDestroy();
  }
}

function peerOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${String(remotePort)}`;
}
