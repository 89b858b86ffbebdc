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

  /** Takes out the keys of every minute that is over at `nowMs`. */
  takeDue(nowMs: number): string[] {
    const due: string[] = [];
    const current = Math.floor(nowMs / bucketMs);
    for (let first = this.#heap[0]; first !== undefined && first < current; first = this.#heap[0]) {
      for (const key of this.#buckets.get(first) ?? []) due.push(key);
      this.#buckets.delete(first);
      this.#pop();
    }
    this.#size -= due.length;
    return due;
  }

  /** Lets go of keys that fall due at no time any more, or at another than they were added for. */
  prune(dueAtMsOf: (key: string) => number | undefined): void {
    this.#size = 0;
    for (const [bucket, keys] of this.#buckets) {
      const kept = [...new Set(keys)].filter((key) => {
        const dueAtMs = dueAtMsOf(key);
        return dueAtMs !== undefined && Math.floor(dueAtMs / bucketMs) === bucket;
      });
      this.#buckets.set(bucket, kept);
      this.#size += kept.length;
    }
  }

  clear(): void {
    this.#size = 0;
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
