import type { RequestHeaders } from './banks/exchange.js';

/**
 * The header fields of a request as Node's parser read them, with the meaning of fetch's `Headers`: names in any case,
 * what is repeated joined. A `Headers` is only made of them when somebody lists them, since most requests are asked for
 * four fields and then lie in the journal.
 */
export class SocketHeaders implements RequestHeaders {
  readonly #raw: readonly string[];

  /** @param raw names and values in turn, as `IncomingMessage.rawHeaders` */
  constructor(raw: readonly string[]) {
    this.#raw = raw;
  }

  get(name: string): string | null {
    const asked = name.toLowerCase();
    let found: string | null = null;
    for (let index = 0; index < this.#raw.length; index += 2) {
      const sent = this.#raw[index];
      if (sent?.length !== asked.length || sent.toLowerCase() !== asked) continue;
      const value = this.#raw[index + 1] ?? '';
      found = found === null ? value : `${found}${asked === 'cookie' ? '; ' : ', '}${value}`;
    }
    return found;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    const headers = new Headers();
    for (let index = 0; index < this.#raw.length; index += 2) {
      headers.append(this.#raw[index] ?? '', this.#raw[index + 1] ?? '');
    }
    return headers[Symbol.iterator]();
  }
}
