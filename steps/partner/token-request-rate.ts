import { CheckFailure } from '../check-failure.js';

const minuteMs = 60_000;
/** What BS2 allows; BTG has a quota by the hour, and says no number. */
const mostAMinute = 10;
/** Fewer refreshes than these are no rhythm. */
const leastForARate = 3;

/** Refreshes that nothing asked for. Instants are epoch ms. */
export interface UnaskedRefreshes {
  /** Whose they are, and what for. */
  readonly what: string;
  readonly atMs: readonly number[];
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** The most of these instants that lie within one minute. */
export function mostWithinAMinute(atMs: readonly number[]): number {
  const sorted = [...atMs].sort((first, second) => first - second);
  return Math.max(0, ...sorted.map((begin, index) => sorted.slice(index).filter((at) => at < begin + minuteMs).length));
}

/**
 * Judges how often was refreshed what needed no refresh, or could have none: by the minutes that were seen, and where less
 * than one was, by what a minute would come to.
 *
 * @throws CheckFailure for more than ten a minute
 */
export function judgeUnaskedRefreshes({ what, atMs, sinceMs, untilMs }: UnaskedRefreshes): void {
  const seenMs = Math.max(1, Math.min(minuteMs, untilMs - sinceMs));
  const inAMinute = mostWithinAMinute(atMs);
  if (inAMinute < leastForARate) return;
  const rate = Math.max(inAMinute, Math.round((inAMinute * minuteMs) / seenMs));
  if (rate <= mostAMinute) return;
  const seconds = Math.max(1, Math.round(seenMs / 1000));
  throw new CheckFailure(
    `${String(mostAMinute)} token requests a minute at most`,
    `${String(inAMinute)} refreshes ${what} within ${String(seconds)} s, which nobody asked for: about ${String(rate)} a minute`,
  );
}
