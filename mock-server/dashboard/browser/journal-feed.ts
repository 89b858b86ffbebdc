import type { Entry, Finding, OpenedEntry } from './api-types.js';
import { ApiProblem } from './control-api.js';
import type { TenantApi } from './control-api.js';
import { entryTest, everything, summaryText } from './entry-filter.js';
import type { EntryFilter } from './entry-filter.js';

/** How many entries the page keeps; beyond it the oldest tenth goes. */
const keptEntries = 20_000;
/** What comes in within this time is shown together: a list that moves two hundred times a second helps nobody. */
const gatherMs = 200;
const retryMs = 1500;

/**
 * The journal of a tenant as it comes in. It stands outside of what is drawn: an entry that arrives costs its own
 * parsing and one test of the filter, and what is on the screen is drawn again a few times a second at most.
 */
export class JournalFeed {
  readonly #api: TenantApi;
  readonly #listeners = new Set<() => void>();
  readonly #findings = new Map<number, Finding[]>();
  #entries: Entry[] = [];
  #shown: Entry[] = [];
  #filter: EntryFilter = everything;
  #test = entryTest(everything);
  #source: EventSource | null = null;
  #timer: number | undefined;
  #retry: number | undefined;

  /** `lost`: the server does not answer; the browser goes on trying. */
  state: 'connecting' | 'live' | 'lost' = 'connecting';
  /** How many entries the journal forgot before this page had them. */
  missed = 0;

  constructor(api: TenantApi) {
    this.#api = api;
  }

  /** Entries that pass the filter, oldest first. */
  get shown(): readonly Entry[] {
    return this.#shown;
  }

  get total(): number {
    return this.#entries.length;
  }

  get newest(): Entry | undefined {
    return this.#entries.at(-1);
  }

  /** The last ones that came in, oldest first, whatever the filter. */
  latest(count: number): readonly Entry[] {
    return this.#entries.slice(-count);
  }

  get filter(): EntryFilter {
    return this.#filter;
  }

  set filter(filter: EntryFilter) {
    this.#filter = filter;
    this.#test = entryTest(filter);
    this.#shown = this.#entries.filter(this.#test);
    this.#tell();
  }

  /** By halving: ids grow. */
  find(id: number): Entry | undefined {
    let low = 0;
    let high = this.#entries.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle];
      if (entry === undefined || entry.id === id) return entry;
      if (entry.id < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  findingsOf(id: number): readonly Finding[] {
    return this.#findings.get(id) ?? [];
  }

  /** The gravest of an entry's findings; null where it has none. */
  severityOf(id: number): Finding['severity'] | null {
    const severities = new Set(this.findingsOf(id).map(({ severity }) => severity));
    return (['failed', 'warning', 'info'] as const).find((severity) => severities.has(severity)) ?? null;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Follows the journal while the page is seen: a browser has six connections to a host, and other tabs want some. */
  open(): void {
    document.addEventListener('visibilitychange', this.#onVisibility);
    void this.#connect();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#disconnect();
    window.clearTimeout(this.#timer);
  }

  readonly #onVisibility = (): void => {
    if (document.hidden) this.#disconnect();
    else if (this.#source === null) void this.#connect();
  };

  #disconnect(): void {
    this.#source?.close();
    this.#source = null;
    window.clearTimeout(this.#retry);
  }

  /** Goes on behind the last entry, or from the beginning where the journal does not have that one any more. */
  async #connect(): Promise<void> {
    this.#disconnect();
    const last = this.newest;
    if (last !== undefined) {
      try {
        const { entry } = await this.#api.get<OpenedEntry>(`/journal/${String(last.id)}`);
        if (entry.at !== last.at) this.clear();
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 404) return this.#lose();
        this.clear();
      }
    }
    const after = String(this.newest?.id ?? 0);
    const source = new EventSource(this.#api.address(`/journal/stream?after=${after}`));
    this.#source = source;
    source.addEventListener('open', () => {
      this.state = 'live';
      this.#tellSoon();
    });
    source.addEventListener('error', () => this.#lose());
    source.addEventListener('entry', ({ data }: MessageEvent<string>) => this.#add(JSON.parse(data) as Entry));
    source.addEventListener('finding', ({ data }: MessageEvent<string>) =>
      this.#addFinding(JSON.parse(data) as Finding),
    );
    source.addEventListener('missed', ({ data }: MessageEvent<string>) => {
      this.missed += (JSON.parse(data) as { entries: number }).entries;
      this.#tellSoon();
    });
  }

  /** The server went away, or was started anew: a stream that the browser takes up again by itself would not notice. */
  #lose(): void {
    this.#disconnect();
    this.state = 'lost';
    this.#retry = window.setTimeout(() => void this.#connect(), retryMs);
    this.#tellSoon();
  }

  #addFinding(finding: Finding): void {
    const known = this.#findings.get(finding.entry);
    if (known === undefined) this.#findings.set(finding.entry, [finding]);
    else if (!known.some(({ id }) => id === finding.id)) known.push(finding);
    this.#tellSoon();
  }

  /** Forgets what is here, as the journal was told to. */
  clear(): void {
    this.#entries = [];
    this.#shown = [];
    this.#findings.clear();
    this.missed = 0;
    this.#tell();
  }

  #add(entry: Entry): void {
    const last = this.#entries.at(-1);
    if (last !== undefined && entry.id <= last.id) return;
    this.#entries.push(entry);
    summaryText(entry);
    if (this.#test(entry)) this.#shown.push(entry);
    if (this.#entries.length > keptEntries) this.#forgetOldest();
    this.#tellSoon();
  }

  #forgetOldest(): void {
    const gone = this.#entries.splice(0, keptEntries / 10);
    for (const { id } of gone) this.#findings.delete(id);
    const first = this.#entries[0]?.id ?? 0;
    this.#shown = this.#shown.filter(({ id }) => id >= first);
  }

  #tellSoon(): void {
    this.#timer ??= window.setTimeout(() => this.#tell(), gatherMs);
  }

  #tell(): void {
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const listener of this.#listeners) listener();
  }
}
