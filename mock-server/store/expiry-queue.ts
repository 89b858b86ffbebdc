const bucketMs = 60_000;

/**
 * Keys by the minute in which they fall due, so that letting go of them never scans what is alive. A key whose due
 * time moved is simply added again; the owner checks what it takes out.
 */
export class ExpiryQueue {
  readonly #buckets = new Map<number, string[]>();
  /** A binary heap of the bucket numbers. */
  readonly #heap: number[] = [];
  #size = 0;
  #pruning: Iterator<void> | null = null;

  /** How many keys it holds, those included that moved or are known no more. */
  get size(): number {
    return this.#size;
  }

  add(key: string, dueAtMs: number): void {
    this.#size += 1;
    const bucket = Math.floor(dueAtMs / bucketMs);
    const keys = this.#buckets.get(bucket);
    if (keys !== undefined) {
      keys.push(key);
      return;
    }
    this.#buckets.set(bucket, [key]);
    this.#push(bucket);
  }

  /** Takes out keys of minutes that are over at `nowMs`, the oldest minutes first and at most `limit`. */
  takeDue(nowMs: number, limit: number): string[] {
    const due: string[] = [];
    const current = Math.floor(nowMs / bucketMs);
    for (let first = this.#heap[0]; first !== undefined && first < current; first = this.#heap[0]) {
      const keys = this.#buckets.get(first) ?? [];
      while (due.length < limit && keys.length > 0) due.push(keys.pop() ?? '');
      if (keys.length > 0) break;
      this.#buckets.delete(first);
      this.#pop();
    }
    this.#size -= due.length;
    return due;
  }

  /** Whether {@link ExpiryQueue.prune} was begun and has not come to its end. */
  get isPruning(): boolean {
    return this.#pruning !== null;
  }

  /**
   * Lets go of keys that fall due at no time any more, or at another than they were added for. Looks at no more than
   * `steps` keys and goes on from there at the next call, so that nobody waits for all of them.
   */
  prune(dueAtMsOf: (key: string) => number | undefined, steps: number): void {
    const pruning = (this.#pruning ??= this.#prune(dueAtMsOf));
    for (let step = 0; step < steps; step += 1) {
      if (pruning.next().done !== true) continue;
      this.#pruning = null;
      return;
    }
  }

  *#prune(dueAtMsOf: (key: string) => number | undefined): Iterator<void> {
    // Buckets that come or go meanwhile do not disturb it: a map can be walked while it changes.
    for (const [bucket, keys] of this.#buckets) {
      const seen = new Set<string>();
      let kept = 0;
      for (let index = 0; index < keys.length; index += 1) {
        const key = keys[index] ?? '';
        const dueAtMs = dueAtMsOf(key);
        if (dueAtMs !== undefined && Math.floor(dueAtMs / bucketMs) === bucket && !seen.has(key)) {
          seen.add(key);
          keys[kept] = key;
          kept += 1;
        }
        yield;
      }
      if (kept >= keys.length) continue;
      this.#size -= keys.length - kept;
      keys.length = kept;
    }
  }

  clear(): void {
    this.#size = 0;
    this.#pruning = null;
    this.#buckets.clear();
    this.#heap.length = 0;
  }

  #push(bucket: number): void {
    const heap = this.#heap;
    let index = heap.push(bucket) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || parent <= bucket) break;
      heap[index] = parent;
      heap[parentIndex] = bucket;
      index = parentIndex;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const leftIndex = 2 * index + 1;
      const left = heap[leftIndex];
      if (left === undefined) break;
      const right = heap[leftIndex + 1];
      const [childIndex, child] = right !== undefined && right < left ? [leftIndex + 1, right] : [leftIndex, left];
      if (child >= last) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
  }
}
