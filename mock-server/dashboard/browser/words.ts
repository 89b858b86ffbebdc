import type { BankId, Entry } from './api-types.js';

export const bankNames: Readonly<Record<BankId, string>> = { bs2: 'BS2', btg: 'BTG' };

/** `12:03:59` of an instant, in UTC as all of the mock's times. */
export function timeOf(instant: string): string {
  return instant.slice(11, 19);
}

/** `26 Nov`. */
export function dayOf(instant: string): string {
  return `${String(Number(instant.slice(8, 10)))} ${months[Number(instant.slice(5, 7)) - 1] ?? ''}`;
}

/** `26 Nov 2026 12:03:59`. */
export function dateTimeOf(instant: string): string {
  return `${dayOf(instant)} ${instant.slice(0, 4)} ${timeOf(instant)}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** The largest units of a time span, two of them unless told: `29 d 23 h`, `6 min 59 s`. */
export function spanOf(ms: number, most = 2): string {
  let seconds = Math.floor(Math.abs(ms) / 1000);
  const parts: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count > 0 || (name === 's' && parts.length === 0)) parts.push(`${String(count)} ${name}`);
    if (parts.length === most || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(' ');
}

/** The same as ISO 8601, whole seconds: `PT419S`. */
export function isoSeconds(ms: number): string {
  return `PT${String(Math.max(0, Math.floor(ms / 1000)))}S`;
}

/** What an answer's status says at a glance. */
export function statusClass({ response: { status } }: Pick<Entry, 'response'>): 'good' | 'away' | 'bad' | 'broken' {
  if (status === 0 || status >= 500) return 'broken';
  if (status >= 400) return 'bad';
  return status >= 300 ? 'away' : 'good';
}

/** The path and query of an address, without what is the same for all of a bank. */
export function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, '').replace(/^(?:\/t\/[A-Za-z0-9_-]+)?\/(?:bs2|btg)(?=\/)/, '');
}

/** A request of the front channel, of the back channel, or of the API, in a few words. */
export function whatOf({ endpoint, grantType }: Pick<Entry, 'endpoint' | 'grantType'>): string {
  if (endpoint !== 'token') return endpoint;
  return grantType === null ? 'token' : `token · ${grantType.replaceAll('_', ' ')}`;
}
