import { HomologaError } from '../foundation/homologa-error.js';
import { systemClock, systemSleep, type Clock, type Sleep } from './clock.js';

/** `ERR_RATE_BUDGET`: the request would wait longer than allowed, so it was not queued. Nothing was sent. */
export class RateBudgetError extends HomologaError {
  constructor(readonly retryAfterSeconds: number) {
    super(
      'ERR_RATE_BUDGET',
      `The bank's rate limit leaves no room for ${String(retryAfterSeconds)} s, longer than may be waited. Try again then.`,
      { cause: { retryAfterSeconds } },
    );
  }
}

/** Keeps one client's token requests below a bank's limit. One API Key, one budget, however many grants share it. */
export interface RateBudget {
  /**
   * Runs `task` as soon as the budget allows, in order of arrival.
   *
   * @throws RateBudgetError (as rejection) `ERR_RATE_BUDGET`, and whatever `task` rejects with.
   */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /**
   * Resolves when nobody waits and half of the budget is free: housekeeping asks first, so that users do not wait
   * for it.
   */
  room(): Promise<void>;
  /** How long a task that came now would wait at least, in ms; 0 where it could start at once. */
  readonly delayMs: number;
  /** Starts nothing for so long: the bank answered 429. */
  pause(durationMs: number): void;
}

/** Options of {@link createRateBudget}. */
export interface RateBudgetOptions {
  /** Requests allowed in any window; default unlimited, so that only `pause` holds anything back. */
  readonly limit?: number;
  /** Default one minute. */
  readonly windowMs?: number;
  /** A request that would have to wait longer is refused at once. Default 10 minutes. */
  readonly maxWaitMs?: number;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
}

/**
 * A sliding window over the injected clock. It knows one process: where several share an API Key, give each its part
 * of the limit; a 429 is survived, but it costs time.
 *
 * @example
 * ```ts
 * const budget = createRateBudget({ limit: 10 }); // BS2: 10 token requests a minute and API Key
 * await budget.run(() => bank.refresh(tokens));
 * ```
 */
export function createRateBudget(options: RateBudgetOptions = {}): RateBudget {
  const {
    limit = Infinity,
    windowMs = 60_000,
    maxWaitMs = 600_000,
    clock = systemClock,
    sleep = systemSleep,
  } = options;
  const queue: (() => void)[] = [];
  // A slot is counted from the moment its answer is there: the bank counted it earlier, so its window is over first.
  const finishedAt: number[] = [];
  let underWay = 0;
  let pausedUntil = -Infinity;
  let wakeAt: number | null = null;

  /** 0 when one more may start now, otherwise how long to wait at least; null when an answer must come first. */
  function delayWithin(allowed: number): number | null {
    const now = clock();
    while (finishedAt[0] !== undefined && finishedAt[0] + windowMs <= now) finishedAt.shift();
    if (now < pausedUntil) return pausedUntil - now;
    const excess = finishedAt.length + underWay - allowed;
    if (excess < 0) return 0;
    const freeing = finishedAt[excess];
    return freeing === undefined ? null : freeing + windowMs - now;
  }

  /** Starts what may start, and wakes up again when the next one may. */
  function pump(): void {
    for (let start = queue[0]; start !== undefined; start = queue[0]) {
      const delay = delayWithin(limit);
      if (delay === null) return;
      if (delay > 0) {
        wakeAfter(delay);
        return;
      }
      queue.shift();
      underWay += 1;
      start();
    }
  }

  function wakeAfter(delay: number): void {
    const at = clock() + delay;
    if (wakeAt !== null && wakeAt <= at) return;
    wakeAt = at;
    const wake = () => {
      if (wakeAt === at) wakeAt = null;
      pump();
    };
    void sleep(delay).then(wake, wake);
  }

  function refuseLongWait(): void {
    const pause = Math.max(0, pausedUntil - clock());
    const windows = Math.floor((finishedAt.length + underWay + queue.length) / limit);
    const wait = Math.max(pause, (windows - 1) * windowMs);
    if (wait > maxWaitMs) throw new RateBudgetError(Math.ceil(wait / 1000));
  }

  return {
    async run(task) {
      refuseLongWait();
      await new Promise<void>((resolve) => {
        queue.push(resolve);
        pump();
      });
      try {
        return await task();
      } finally {
        underWay -= 1;
        if (Number.isFinite(limit)) finishedAt.push(clock());
        pump();
      }
    },
    async room() {
      const half = Math.max(1, Math.floor(limit / 2));
      for (;;) {
        const delay = queue.length > 0 ? null : delayWithin(half);
        if (delay === 0) return;
        await sleep(delay ?? Math.max(1, Math.ceil(windowMs / 60)));
      }
    },
    get delayMs() {
      const own = delayWithin(limit) ?? 0;
      // Those who wait already take the first slots.
      const freeing = finishedAt[Math.max(0, finishedAt.length + underWay - limit) + queue.length];
      return queue.length === 0 || freeing === undefined ? own : Math.max(own, freeing + windowMs - clock());
    },
    pause(durationMs) {
      pausedUntil = Math.max(pausedUntil, clock() + durationMs);
    },
  };
}
