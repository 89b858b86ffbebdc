/** At most `requests` in any `windowMs`. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

export type RateDecision =
  | { readonly kind: 'within' }
  /** `retryAfterMs`: until the oldest counted request leaves the window. */
  | { readonly kind: 'over'; readonly retryAfterMs: number };

/** Judges a request at `nowMs` after those counted at `countedAtMs` (ascending) under a sliding window. */
export function judgeRate(countedAtMs: readonly number[], limit: RateLimit, nowMs: number): RateDecision {
  if (limit.requests < 1) return { kind: 'over', retryAfterMs: limit.windowMs };
  const oldestThatMatters = countedAtMs[countedAtMs.length - limit.requests];
  if (oldestThatMatters === undefined || nowMs - oldestThatMatters >= limit.windowMs) return { kind: 'within' };
  return { kind: 'over', retryAfterMs: oldestThatMatters + limit.windowMs - nowMs };
}
