import { countsAsFailed } from '../../reports/check.js';
import type { Check } from '../../reports/check.js';

const everyMs = 50;
/** An application whose machine keeps homologa waiting so long is kept waiting as well, and looks slow or hung. */
const busyMs = 400;
const mostKept = 10_000;

/**
 * Watches how late this process gets the processor, on a timer of its own: where other work keeps it waiting, it keeps
 * the application under test waiting too, and a step that took too long proves nothing.
 */
export class BusyMachine {
  readonly #waits: { readonly untilMs: number; readonly lateMs: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  /** `now` counts ms, from whenever. */
  constructor(now: () => number = () => performance.now()) {
    let lastMs = now();
    this.#timer = setInterval(() => {
      const nowMs = now();
      this.turn(nowMs - lastMs - everyMs);
      lastMs = nowMs;
    }, everyMs);
    this.#timer.unref();
  }

  /** A turn came `lateMs` late, at an instant in epoch ms. */
  turn(lateMs: number, atMs = Date.now()): void {
    if (lateMs < busyMs) return;
    this.#waits.push({ untilMs: atMs, lateMs });
    if (this.#waits.length > mostKept) this.#waits.shift();
  }

  /**
   * A check that began at an instant (epoch ms) and came to nothing good says so where the machine was busy meanwhile: it
   * may not be the application's fault.
   */
  tell(check: Check, beganMs: number): Check {
    const waits = this.#waits.filter(({ untilMs }) => untilMs >= beganMs).map(({ lateMs }) => lateMs);
    if (waits.length === 0 || !countsAsFailed(check, false)) return check;
    const longestMs = String(Math.round(Math.max(...waits)));
    const told = `the machine was busy meanwhile, homologa itself waited ${longestMs} ms for its turn: make the check again on a quiet one before you believe it`;
    const { verdict, actual, reason } = check;
    return verdict === 'failed'
      ? { ...check, actual: joined(actual, told) }
      : { ...check, reason: joined(reason, told) };
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function joined(said: string | null, told: string): string {
  return said === null ? told : `${said} (${told})`;
}
