import { HomologaError } from '../../foundation/homologa-error.js';
import type { ClockState } from './tenant-memory.js';

/** What every rule and record of the mock asks for the time. */
export interface Clock {
  /** Epoch milliseconds, in the tenant's own time. */
  now(): number;
}

export type ClockMode = 'running' | 'frozen';

/** Thrown when a clock is asked to go back; `cause` holds `{ now, to }` as RFC 3339 UTC. */
export class ClockBackwardsError extends HomologaError {
  constructor(now: number, to: number) {
    const cause = { now: new Date(now).toISOString(), to: new Date(to).toISOString() };
    super('ERR_CLOCK_BACKWARDS', `The clock shows ${cause.now} and never goes back to ${cause.to}; reset it instead.`, {
      cause,
    });
  }
}

/** Thrown when a clock would leave the years that a date can express; `cause` holds `{ to }` in epoch ms. */
export class ClockRangeError extends HomologaError {
  constructor(to: number) {
    super('ERR_CLOCK_RANGE', 'The clock stays before the year 2500; advance it by less, or reset it.', {
      cause: { to },
    });
  }
}

const latestMs = Date.UTC(2500, 0, 1);

/**
 * A tenant's clock: real time plus an offset, or frozen at an instant. This is the only place of the mock that reads
 * the system clock, at each call, so fake timers of a test in the same process move it too.
 */
export class VirtualClock implements Clock {
  #offsetMs = 0;
  #frozenAtMs: number | null = null;
  readonly #onChange: () => void;

  /** `onChange` is called when the clock was moved, not when time passes. */
  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange;
  }

  now(): number {
    return this.#frozenAtMs ?? Date.now() + this.#offsetMs;
  }

  get mode(): ClockMode {
    return this.#frozenAtMs === null ? 'running' : 'frozen';
  }

  /** Moves on by `byMs`, keeping the mode. @throws ClockBackwardsError for a negative `byMs`. */
  advance(byMs: number): void {
    this.set(this.now() + byMs);
  }

  /** Shows `toMs` from now on, keeping the mode. @throws ClockBackwardsError when that is in the past. */
  set(toMs: number): void {
    const now = this.now();
    if (toMs < now) throw new ClockBackwardsError(now, toMs);
    if (!(toMs < latestMs)) throw new ClockRangeError(toMs);
    if (this.#frozenAtMs === null) this.#offsetMs += toMs - now;
    else this.#frozenAtMs = toMs;
    this.#onChange();
  }

  freeze(): void {
    this.#frozenAtMs = this.now();
    this.#onChange();
  }

  resume(): void {
    if (this.#frozenAtMs === null) return;
    this.#offsetMs = this.#frozenAtMs - Date.now();
    this.#frozenAtMs = null;
    this.#onChange();
  }

  /** Back to real time, running. */
  reset(): void {
    this.#offsetMs = 0;
    this.#frozenAtMs = null;
    this.#onChange();
  }

  get state(): ClockState {
    return { offsetMs: this.#offsetMs, frozenAtMs: this.#frozenAtMs };
  }

  /** Goes on from where another clock stood: a running one shows what it would show by now. */
  restore({ offsetMs, frozenAtMs }: ClockState): void {
    this.#offsetMs = offsetMs;
    this.#frozenAtMs = frozenAtMs;
  }
}
