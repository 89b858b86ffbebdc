/** Real turns without a request in flight after which nobody is at work: all who are left sleep. */
const idleTurns = 4;

/** Time that passes only while everybody sleeps. {@link VirtualTime.now} is what `Date.now` shows meanwhile. */
export class VirtualTime {
  #nowMs: number;
  #inFlight = 0;
  readonly #sleepers: { readonly wakesAtMs: number; readonly wake: () => void }[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      this.#sleepers.push({ wakesAtMs: this.#nowMs + ms, wake: resolve });
    });

  /** Work that no sleeper is woken during. */
  async working<T>(work: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await work();
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Waits until `toMs`, where that is still to come. */
  passTo(toMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, toMs);
  }

  /** Runs what was begun to its end, letting time pass for those who sleep. */
  async finish<T>(begun: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    begun.then(over, over);
    for (let idle = 0; ; idle += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return begun;
      if (this.#inFlight > 0) idle = 0;
      if (idle < idleTurns || this.#sleepers.length === 0) continue;
      idle = 0;
      this.#wakeNext();
    }
  }

  #wakeNext(): void {
    let first = 0;
    for (const [index, { wakesAtMs }] of this.#sleepers.entries()) {
      if (wakesAtMs < (this.#sleepers[first]?.wakesAtMs ?? Infinity)) first = index;
    }
    const [sleeper] = this.#sleepers.splice(first, 1);
    this.passTo(sleeper?.wakesAtMs ?? 0);
    sleeper?.wake();
  }
}
