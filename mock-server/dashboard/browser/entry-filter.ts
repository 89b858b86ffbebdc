import type { BankId, Entry } from './api-types.js';

/** Which entries the list shows. */
export interface EntryFilter {
  /** Words that all stand somewhere in an entry. */
  readonly words: string;
  readonly bank: BankId | 'both';
  readonly kind: 'all' | 'findings' | 'refused' | 'tokens';
  /** Ids of entries that a pasted value was found in; null where none was looked for. */
  readonly among: ReadonlySet<number> | null;
}

export const everything: EntryFilter = { words: '', bank: 'both', kind: 'all', among: null };

/** A test of entries, made once for many of them. */
export function entryTest({ words, bank, kind, among }: EntryFilter): (entry: Entry) => boolean {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  // Tags of secrets are the only thing that anybody looks for in a body, and bodies are long.
  const tags = wanted.filter((word) => word.includes('«'));
  const plain = wanted.filter((word) => !word.includes('«'));
  return (entry) =>
    (bank === 'both' || entry.bank === bank) &&
    (among === null || among.has(entry.id)) &&
    isOfKind(entry, kind) &&
    (plain.length === 0 || everyWord(summaryText(entry), plain)) &&
    (tags.length === 0 || everyWord(wholeText(entry), tags));
}

function isOfKind(entry: Entry, kind: EntryFilter['kind']): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'findings':
      return entry.findings.length > 0;
    case 'refused':
      return entry.response.status >= 400 || entry.response.status === 0 || entry.faults.length > 0;
    case 'tokens':
      return entry.endpoint === 'token' || entry.endpoint === 'revoke';
  }
}

function everyWord(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

const summaries = new WeakMap<Entry, string>();

/** What words are looked for in; made when an entry comes in, since all of them at once would keep the page waiting. */
export function summaryText(entry: Entry): string {
  const known = summaries.get(entry);
  if (known !== undefined) return known;
  const made = makeSummary(entry);
  summaries.set(entry, made);
  return made;
}

function makeSummary(entry: Entry): string {
  const { id, bank, endpoint, clientId, grantType, grantId, username, outcome, findings, request, response } = entry;
  const parts = [`#${String(id)}`, bank, endpoint, request.method, String(response.status), request.url];
  return [...parts, clientId, grantType, grantId, username, outcome, ...findings].join(' ').toLowerCase();
}

function wholeText({ request, response }: Entry): string {
  const headers = [...request.headers, ...response.headers].map(({ value }) => value).join(' ');
  return `${request.url} ${request.body} ${response.body} ${headers}`.toLowerCase();
}
