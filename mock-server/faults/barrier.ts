/** How long, in real time, a barrier waits for requests that do not come. */
const patienceMs = 10_000;

/** Holds requests: until enough of them wait, which then race, or for a time. */
export class BarrierBook {
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #delayed = new Map<string, Set<() => void>>();

  /** Resolves when that much real time has passed, or when what is held for this fault is let go. */
  async delay(id: string, ms: number): Promise<void> {
    const delayed = this.#delayed.get(id) ?? new Set();
    this.#delayed.set(id, delayed);
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        clearTimeout(timer);
        delayed.delete(goOn);
        if (delayed.size === 0 && this.#delayed.get(id) === delayed) this.#delayed.delete(id);
        resolve();
      };
      const timer = setTimeout(goOn, ms);
      delayed.add(goOn);
    });
  }

  /** Ends the delays of a fault; whether there were any. */
  letGo(id: string): boolean {
    const delayed = [...(this.#delayed.get(id) ?? [])];
    for (const goOn of delayed) goOn();
    return delayed.length > 0;
  }

  /** Resolves when `size` requests wait at this barrier, or when the first of them has waited ten seconds of real time. */
  async wait(id: string, size: number): Promise<void> {
    const waiting = this.#waiting.get(id) ?? [];
    if (waiting.length + 1 >= size) {
      this.#waiting.delete(id);
      for (const open of waiting) open();
      return;
    }
    this.#waiting.set(id, waiting);
    await new Promise<void>((resolve) => {
      const giveUp = (): void => {
        if (this.#waiting.get(id) === waiting) this.#waiting.delete(id);
        for (const open of waiting) open();
      };
      const timer = setTimeout(giveUp, patienceMs);
      timer.unref();
      waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Opens every barrier and ends every delay. */
  clear(): void {
    for (const id of [...this.#delayed.keys()]) this.letGo(id);
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const open of all) open();
  }
}
