import { isIP, isIPv4 } from 'node:net';

/** Hosts by the two kinds of names that certificates tell apart. */
export interface HostNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/**
 * What an authority is confined to: hosts with all that is below them, and ranges of addresses, each written as
 * address and mask one after the other (RFC 5280 section 4.2.1.10).
 */
export interface Confinement {
  readonly dns: readonly string[];
  readonly ip: readonly Uint8Array<ArrayBuffer>[];
  /** Every address there is, where none is permitted: constraints on names alone would say nothing of addresses. */
  readonly excludedIp: readonly Uint8Array<ArrayBuffer>[];
}

/** The names of this machine alone. */
export const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Sorts hosts, as URLs write them, into names and addresses, each once. */
export function hostNames(hosts: readonly string[]): HostNames {
  const plain = [...new Set(hosts.map((host) => host.replace(/^\[|\]$/g, '').toLowerCase()))];
  return { dns: plain.filter((host) => isIP(host) === 0), ip: plain.filter((host) => isIP(host) !== 0) };
}

/** Whether a host is this machine's own: a name in `localhost`, or an address of the loopback. */
export function isLoopbackHost(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIPv4(plain)) return plain.startsWith('127.');
  return plain === '::1' || plain === 'localhost' || plain.endsWith('.localhost');
}

/** The narrowest confinement that allows these names. All of 127.0.0.0/8 counts as one host: it is this machine. */
export function confinementOf({ dns, ip }: HostNames): Confinement {
  const ranges = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const address of ip) {
    const range = isLoopbackHost(address) && isIPv4(address) ? addressRange('127.0.0.0', 8) : addressRange(address);
    ranges.set(Buffer.from(range).toString('hex'), range);
  }
  const excludedIp = ranges.size === 0 ? [addressRange('0.0.0.0', 0), addressRange('::', 0)] : [];
  return { dns, ip: [...ranges.values()], excludedIp };
}

/** The bytes of an IP address, in network order. */
export function addressBytes(address: string): Uint8Array<ArrayBuffer> {
  if (isIPv4(address)) return Uint8Array.from(address.split('.'), Number);
  // The URL parser writes every IPv6 address in its one canonical form, without dotted quads.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const all = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
  return Uint8Array.from(all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
}

function addressRange(address: string, prefix = isIPv4(address) ? 32 : 128): Uint8Array<ArrayBuffer> {
  const bytes = addressBytes(address);
  const mask = bytes.map((_byte, index) => (0xff << (8 - Math.min(8, Math.max(0, prefix - index * 8)))) & 0xff);
  return Uint8Array.from([...bytes, ...mask]);
}
