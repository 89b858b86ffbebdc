/** A complete answer of a bank, read to its end. What the judges work on: plain values, no stream, no socket. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * `Retry-After` as seconds from now (RFC 9110 10.2.3: a number of seconds or a date); null when absent or unreadable.
 * A date is compared with the answer's own `Date`, so that a bank whose clock differs from ours is not misread.
 */
export function retryAfterSeconds(headers: Headers, nowMs: number): number | null {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const until = value.endsWith('GMT') ? Date.parse(value) : NaN;
  if (Number.isNaN(until)) return null;
  const bankNow = Date.parse(headers.get('date') ?? '');
  return Math.max(0, Math.ceil((until - (Number.isNaN(bankNow) ? nowMs : bankNow)) / 1000));
}
