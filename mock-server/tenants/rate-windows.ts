import { judgeRate } from '../oauth/sliding-window.js';
import type { RateDecision, RateLimit } from '../oauth/sliding-window.js';
import type { TenantMemory } from './tenant-memory.js';

const keyLimit = 10_000;

/** Requests counted for each client, as far back as a limit may look. */
export class RateWindows {
  readonly #counted = new Map<string, number[]>();
  readonly #memory: TenantMemory | null;

  constructor(memory: TenantMemory | null = null) {
    this.#memory = memory;
    for (const [key, counted] of memory?.remembered?.counted ?? []) this.#counted.set(key, [...counted]);
  }

  /** Judges a request and, when it is within the limit, counts it. */
  count(key: string, limit: RateLimit, nowMs: number): RateDecision {
    const counted = this.#counted.get(key) ?? [];
    // A clock that was reset leaves a future behind that never came.
    while ((counted.at(-1) ?? nowMs) > nowMs) counted.pop();
    const decision = judgeRate(counted, limit, nowMs);
    if (decision.kind === 'over') return decision;
    counted.push(nowMs);
    if (counted.length > limit.requests) counted.splice(0, counted.length - limit.requests);
    if (!this.#counted.has(key)) {
      if (this.#counted.size >= keyLimit) this.clear();
      this.#counted.set(key, counted);
    }
    this.#memory?.putCounted(key, counted);
    return decision;
  }

  clear(): void {
    this.#counted.clear();
    this.#memory?.clearCounted();
  }
}
