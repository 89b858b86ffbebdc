import { HarnessFault } from './check-failure.js';

/** Holds what one step of a scenario leaves for the next. */
export class Slot<T> {
  readonly #name: string;
  #value: { readonly held: T } | null = null;

  /** `name` completes "no step left …". */
  constructor(name: string) {
    this.#name = name;
  }

  set(value: T): void {
    this.#value = { held: value };
  }

  get isSet(): boolean {
    return this.#value !== null;
  }

  /** @throws HarnessFault when no earlier step set it: the scenario is put together wrongly. */
  get(): T {
    if (this.#value === null) throw new HarnessFault(`No earlier step of this scenario left ${this.#name}.`);
    return this.#value.held;
  }
}
