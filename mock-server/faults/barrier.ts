/** How long, in real time, a barrier waits for requests that do not come. */
const patienceMs = 10_000;

/** Holds requests until enough of them wait, then lets them race. */
export class BarrierBook {
  readonly #waiting = new Map<string, (() => void)[]>();

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

  /** Opens every barrier. */
  clear(): void {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const open of all) open();
  }
}
