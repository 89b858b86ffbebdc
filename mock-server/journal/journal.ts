import type { BankId } from '../banks/bank-id.js';
import type { Answer, Endpoint, ExchangeFacts } from '../banks/exchange.js';
import { Redactor } from './redaction.js';

/** One request as it happened, secrets included; it never leaves the journal. */
export interface RecordedExchange {
  readonly bank: BankId;
  readonly endpoint: Endpoint;
  readonly receivedAtMs: number;
  readonly answeredAtMs: number;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Headers;
  readonly requestBody: string;
  readonly answer: Answer;
  readonly facts: ExchangeFacts;
  /** Ids of the faults that acted. */
  readonly faults: readonly string[];
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

/** Cut off after redaction only, or what is cut in its midst would not be recognised. */
const bodyLimit = 16_384;

/**
 * All requests of a tenant, as entries: a ring that forgets the oldest. What happened is kept as it was and redacted
 * whenever it is read, because a request must not wait for that and no other way leads to it.
 */
export class Journal {
  #size: number;
  #recorded: { id: number; exchange: RecordedExchange }[] = [];
  #count = 0;
  readonly #redactor = new Redactor();

  constructor(size: number) {
    this.#size = size;
  }

  resize(size: number): void {
    this.#size = size;
    this.#trim();
  }

  record(exchange: RecordedExchange): void {
    this.#count += 1;
    this.#recorded.push({ id: this.#count, exchange });
    // Trimming at twice the size moves each entry once, where a shift per request would move them all each time.
    if (this.#recorded.length >= 2 * this.#size + 64) this.#trim();
  }

  /** The entries that are kept, oldest first. */
  entries(): JournalEntry[] {
    this.#trim();
    return this.#recorded.map(({ id, exchange }) => this.#redact(id, exchange));
  }

  clear(): void {
    this.#recorded = [];
  }

  #trim(): void {
    if (this.#recorded.length > this.#size) this.#recorded = this.#recorded.slice(this.#recorded.length - this.#size);
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
