/**
 * Parameters of a query or a form (`application/x-www-form-urlencoded`), read as RFC 6749 section 3.1 asks: one
 * without a value counts as absent, and a repeated one is remembered as such.
 */
export class RequestParameters {
  readonly #values = new Map<string, string>();
  readonly #repeated: readonly string[];
  /** True when something in it is not what a client may send: broken percent-encoding or UTF-8, or a NUL. */
  readonly malformed: boolean;

  constructor(encoded: string) {
    const repeated: string[] = [];
    let malformed = /%(?![0-9A-Fa-f]{2})/.test(encoded);
    new URLSearchParams(encoded).forEach((value, name) => {
      if (value.includes('\uFFFD') || value.includes('\0') || name.includes('\0')) malformed = true;
      if (this.#values.has(name)) repeated.push(name);
      else this.#values.set(name, value);
    });
    this.#repeated = repeated;
    this.malformed = malformed;
  }

  /** The first value, or undefined when absent or empty. */
  get(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === '' ? undefined : value;
  }

  isRepeated(name: string): boolean {
    return this.#repeated.includes(name);
  }

  /** Whether any parameter came twice. */
  get hasRepeated(): boolean {
    return this.#repeated.length > 0;
  }

  get names(): string[] {
    return [...this.#values.keys()];
  }
}
