import { isIP, isIPv4 } from 'node:net';
import { findOwnHost, isInBankDomain } from '../mock-server/banks/own-hosts.js';
import type { OwnHost } from '../mock-server/banks/own-hosts.js';

/** Where a client wants to be let to. */
export interface ProxyTarget {
  /** As a URL writes it, without brackets or port. */
  readonly host: string;
  readonly port: number;
  /** A tunnel, or a request that names the whole URL. */
  readonly by: 'tunnel' | 'http' | 'https';
}

/** What becomes of it. */
export type Judgement =
  | { readonly kind: 'bank'; readonly ownHost: OwnHost }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'refused'; readonly why: RefusalReason };

export type RefusalReason =
  'other-host' | 'bank-domain' | 'bank-port' | 'bare-address' | 'loopback' | 'whole-https-url';

/**
 * Judges where a request may go: a bank's own host is played; whatever else is in a bank's domain is refused, always;
 * other hosts are refused unless `passThrough` lets them. Addresses are never let through, since they may be a bank's;
 * those of this machine are let through with the others.
 */
export function judgeTarget({ host, port, by }: ProxyTarget, passThrough: boolean): Judgement {
  const ownHost = findOwnHost(host);
  if (ownHost !== undefined) {
    const isKnownPort = by === 'http' ? port === 80 : ownHost.ports.includes(port);
    return isKnownPort ? { kind: 'bank', ownHost } : { kind: 'refused', why: 'bank-port' };
  }
  if (isInBankDomain(host)) return { kind: 'refused', why: 'bank-domain' };
  if (!passThrough) return { kind: 'refused', why: isThisMachine(host) ? 'loopback' : 'other-host' };
  if (isIP(host) !== 0 && !isThisMachine(host)) return { kind: 'refused', why: 'bare-address' };
  if (by === 'https') return { kind: 'refused', why: 'whole-https-url' };
  return { kind: 'elsewhere' };
}

/** Reads the target of a CONNECT request, `host:port`; null for what is none. */
export function parseTunnelTarget(text: string): ProxyTarget | null {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^\s:/?#@[\]]+):(\d{1,5})$/.exec(text);
  return match === null ? null : toTarget(`https://${match[0]}`, 'tunnel');
}

/** Reads a request target that is a whole URL; null for what is none. */
export function parseWholeUrl(text: string): { readonly target: ProxyTarget; readonly path: string } | null {
  const by = /^(https?):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (by !== 'http' && by !== 'https') return null;
  const target = toTarget(text, by);
  if (target === null) return null;
  const { pathname, search } = new URL(text);
  return { target, path: pathname + search };
}

function toTarget(url: string, by: ProxyTarget['by']): ProxyTarget | null {
  if (!URL.canParse(url)) return null;
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const usualPort = protocol === 'http:' ? 80 : 443;
  return host === '' ? null : { host, port: port === '' ? usualPort : Number(port), by };
}

function isThisMachine(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  return host === '::1' || host === 'localhost' || host.endsWith('.localhost');
}
