import type { JournalEntry, JournalHeader } from './journal.js';

interface HarNameValue {
  readonly name: string;
  readonly value: string;
}

/** HTTP Archive 1.2, the parts that viewers ask for. */
export interface Har {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    readonly entries: readonly unknown[];
  };
}

/** Journal entries as an HTTP Archive; still redacted. `lost` has the ids of those whose answer did not arrive. */
export function toHar(entries: readonly JournalEntry[], version: string, lost: ReadonlySet<number> = new Set()): Har {
  const harEntries = entries.map((entry) => toHarEntry(entry, lost.has(entry.id)));
  return { log: { version: '1.2', creator: { name: 'homologa', version }, entries: harEntries } };
}

function toHarEntry(entry: JournalEntry, isLost: boolean): unknown {
  const url = new URL(entry.request.url);
  const queryString: HarNameValue[] = [...url.searchParams].map(([name, value]) => ({ name, value }));
  return {
    startedDateTime: entry.at,
    time: entry.durationMs,
    comment: `${entry.bank} ${entry.endpoint}${entry.outcome === null ? '' : `: ${entry.outcome}`}`,
    request: {
      method: entry.request.method,
      url: entry.request.url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: entry.request.headers,
      queryString,
      ...(entry.request.body === ''
        ? {}
        : { postData: { mimeType: valueOf(entry.request.headers, 'content-type'), text: entry.request.body } }),
      headersSize: -1,
      bodySize: Buffer.byteLength(entry.request.body),
    },
    response: {
      status: entry.response.status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: entry.response.headers,
      content: {
        size: Buffer.byteLength(entry.response.body),
        mimeType: valueOf(entry.response.headers, 'content-type'),
        text: entry.response.body,
      },
      redirectURL: valueOf(entry.response.headers, 'location'),
      headersSize: -1,
      bodySize: Buffer.byteLength(entry.response.body),
      // As browsers say it in theirs.
      ...(isLost ? { _error: 'the answer did not arrive as a whole' } : {}),
    },
    cache: {},
    timings: { send: 0, wait: entry.durationMs, receive: 0 },
  };
}

function valueOf(headers: readonly JournalHeader[], name: string): string {
  return headers.find((header) => header.name.toLowerCase() === name)?.value ?? '';
}
