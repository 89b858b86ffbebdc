import dns from 'node:dns';
import { Socket } from 'node:net';
import { vi } from 'vitest';

/** What this process connected to and looked up since the guard was set. */
export interface ConnectionGuard {
  readonly connectedTo: ReadonlySet<string>;
  readonly lookedUp: ReadonlySet<string>;
}

const here = ['127.0.0.1', '::1', 'localhost'];

/** Watches where this process connects to, and which names it looks up, until mocks are restored. */
export function guardConnections(): ConnectionGuard {
  const connectedTo = new Set<string>();
  const lookedUp = new Set<string>();
  const { connect } = Object.getOwnPropertyDescriptors(Socket.prototype);
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    // Node itself hands over its arguments in one list that it has sorted already.
    const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
    const isNamed = typeof first === 'object' && first !== null && 'host' in first;
    connectedTo.add(isNamed ? String(first.host) : JSON.stringify(args));
    const connected: unknown = Reflect.apply(connect.value ?? fail, this, args);
    return connected instanceof Socket ? connected : this;
  });
  const lookup = dns.lookup;
  vi.spyOn(dns, 'lookup').mockImplementation((...args: unknown[]): void => {
    lookedUp.add(String(args[0]));
    Reflect.apply(lookup, dns, args);
  });
  return { connectedTo, lookedUp };
}

/** What of it is not this machine. */
export function connectionsElsewhere({ connectedTo, lookedUp }: ConnectionGuard): string[] {
  return [...connectedTo, ...lookedUp].filter((host) => !here.includes(host));
}

function fail(): never {
  throw new TypeError('Sockets cannot connect.');
}
