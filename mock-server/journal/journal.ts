import type { BankId } from '../banks/bank-id.js';
import type { Answer, Endpoint, ExchangeFacts, RequestHeaders } from '../banks/exchange.js';
import type { Environment } from '../tenants/settings.js';
import { Redactor } from './redaction.js';

/** One request as it happened, secrets included; it never leaves the journal. */
export interface RecordedExchange {
  readonly bank: BankId;
  readonly endpoint: Endpoint;
  readonly receivedAtMs: number;
  readonly answeredAtMs: number;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: RequestHeaders;
  readonly requestBody: string;
  readonly answer: Answer;
  readonly facts: ExchangeFacts;
  /** Ids of the faults that acted. */
  readonly faults: readonly string[];
  /** The newest entry when the request came in: of what is older the client may know the answer. */
  readonly arrivedAfter: number;
  /** False where a fault reset the connection before the answer was out. */
  readonly answerArrived: boolean;
  readonly environment: Environment;
  /** Set where nobody sent it: the control API played the user. */
  readonly isPlayed: boolean;
}

export interface JournalHeader {
  readonly name: string;
  readonly value: string;
}

/** A request to a bank and its answer, redacted. */
export interface JournalEntry {
  /** Grows by one with each entry of the tenant. */
  readonly id: number;
  /** RFC 3339 UTC, the tenant's time. */
  readonly at: string;
  readonly durationMs: number;
  readonly bank: BankId;
  readonly endpoint: Endpoint;
  readonly clientId: string | null;
  readonly clientIdentification: 'basic' | 'body' | 'query' | null;
  readonly grantType: string | null;
  readonly grantId: string | null;
  readonly username: string | null;
  readonly outcome: string | null;
  readonly faults: readonly string[];
  /** Whether the control API played the user: the authorization request was the client's, the pages nobody's. */
  readonly played: boolean;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly JournalHeader[];
    readonly body: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly JournalHeader[];
    readonly body: string;
  };
}

/** Who is told of what happens to a journal. Neither may throw. */
export interface JournalListener {
  readonly onEntry: () => void;
  readonly onClose: () => void;
}

/** An exchange under its id, secrets included. */
export interface RecordedEntry {
  readonly id: number;
  readonly exchange: RecordedExchange;
}

/** Cut off after redaction only, or what is cut in its midst would not be recognised. */
const bodyLimit = 16_384;

/**
 * All requests of a tenant, as entries: a ring that forgets the oldest. What happened is kept as it was and redacted
 * whenever it is read, because a request must not wait for that and no other way leads to it.
 */
export class Journal {
  #size: number;
  /** Full, it begins at `#oldest`. No entry lives longer than it must: what outlives a young generation costs twice. */
  #ring: RecordedEntry[] = [];
  #oldest = 0;
  #count = 0;
  readonly #redactor = new Redactor();
  readonly #listeners = new Set<JournalListener>();

  constructor(size: number) {
    this.#size = size;
  }

  /** The id of the newest entry ever recorded; 0 before the first. */
  get newestId(): number {
    return this.#count;
  }

  resize(size: number): void {
    const kept = this.recorded();
    this.#size = size;
    this.clear();
    for (const entry of kept.slice(Math.max(0, kept.length - size))) this.#keep(entry);
  }

  record(exchange: RecordedExchange): void {
    this.#count += 1;
    this.#keep({ id: this.#count, exchange });
    for (const { onEntry } of this.#listeners) onEntry();
  }

  /** The entries that are kept, oldest first; with `after`, at most `limit` of those newer than that id. */
  entries({ after = 0, limit = Infinity }: { after?: number; limit?: number } = {}): JournalEntry[] {
    const kept = this.recorded();
    const first = kept[0]?.id ?? 0;
    const from = Math.max(0, after + 1 - first);
    const chosen = kept.slice(from, from + limit);
    return chosen.map(({ id, exchange }) => this.#redact(id, exchange));
  }

  /** The entries that are kept as they happened, secrets included. */
  recorded(): readonly RecordedEntry[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
  }

  clear(): void {
    this.#ring = [];
    this.#oldest = 0;
  }

  /** Hears of each entry until it lets go, and of the end of the journal. */
  listen(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** The tenant is gone: whoever listens is told. */
  close(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const { onClose } of listeners) onClose();
  }

  #keep(entry: RecordedEntry): void {
    if (this.#ring.length < this.#size) {
      this.#ring.push(entry);
      return;
    }
    if (this.#size === 0) return;
    this.#ring[this.#oldest] = entry;
    this.#oldest = (this.#oldest + 1) % this.#size;
  }

  #redact(id: number, exchange: RecordedExchange): JournalEntry {
    const redactor = this.#redactor;
    const { facts, answer } = exchange;
    const header = ([name, value]: readonly [string, string]): JournalHeader => ({
      name,
      value: redactor.header(name, value),
    });
    const contentType = answer.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    return {
      id,
      at: new Date(exchange.receivedAtMs).toISOString(),
      durationMs: Math.max(0, exchange.answeredAtMs - exchange.receivedAtMs),
      bank: exchange.bank,
      endpoint: exchange.endpoint,
      clientId: facts.clientId ?? null,
      clientIdentification: facts.clientIdentification ?? null,
      grantType: facts.grantType ?? null,
      grantId: facts.grantId ?? null,
      username: facts.username ?? null,
      outcome: facts.outcome ?? null,
      faults: exchange.faults,
      played: exchange.isPlayed,
      request: {
        method: exchange.method,
        url: redactor.url(exchange.url),
        headers: [...exchange.requestHeaders].map(header),
        body: redactor
          .body(exchange.requestHeaders.get('content-type') ?? '', exchange.requestBody)
          .slice(0, bodyLimit),
      },
      response: {
        status: answer.status,
        headers: answer.headers.map(header),
        body: redactor.body(contentType, answer.body).slice(0, bodyLimit),
      },
    };
  }
}
