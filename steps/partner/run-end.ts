import { setTimeout as pause } from 'node:timers/promises';
import { interruption } from '../interruption.js';

/**
 * The end of one bank's part of a run: every check has been made, and whatever is watched to the end was watched for as
 * long as it takes. Verdicts of the whole run fall then, all at once.
 */
export class RunEnd {
  #watchedUntilMs = 0;
  #say: () => void = () => undefined;
  readonly #isPlayed = new Promise<void>((resolve) => {
    this.#say = resolve;
  });
  #over: Promise<void> | null = null;

  /** Every check has been made, or none will be any more. */
  played(): void {
    this.#say();
  }

  /** Resolves at the end, which is not before `atLeastMs` have passed; an interruption ends the wait. */
  watch(atLeastMs: number): Promise<void> {
    this.#watchedUntilMs = Math.max(this.#watchedUntilMs, performance.now() + atLeastMs);
    this.#over ??= this.#wait();
    return this.#over;
  }

  async #wait(): Promise<void> {
    await this.#isPlayed;
    while (performance.now() < this.#watchedUntilMs && !interruption.signal.aborted) {
      const leftMs = this.#watchedUntilMs - performance.now();
      await pause(leftMs, undefined, { signal: interruption.signal }).catch(() => undefined);
    }
  }
}
