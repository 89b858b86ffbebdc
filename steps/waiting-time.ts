import { setTimeout as wait } from 'node:timers/promises';
import type { WaitingKind } from '../reports/results.js';
import { interruption } from './interruption.js';
import { personTerminal } from './person-terminal.js';

/** Milliseconds that a run waited, by what it waited for. */
export type WaitingTime = Readonly<Record<WaitingKind, number>>;

let waited = new Map<WaitingKind, number>();

/** What was waited for since {@link renewWaitingTime}; waits side by side count each for itself. */
export function waitingTime(): WaitingTime {
  const of = (kind: WaitingKind): number => Math.round(waited.get(kind) ?? 0);
  return { pace: of('pace'), secondFactor: of('secondFactor'), person: of('person') };
}

/** Begins a run's account. */
export function renewWaitingTime(): void {
  waited = new Map();
}

/** Books time that was waited. */
export function bookWait(kind: WaitingKind, durationMs: number): void {
  waited.set(kind, (waited.get(kind) ?? 0) + durationMs);
}

/** Waits so long, with a countdown that says what for. */
export async function waitFor(kind: WaitingKind, durationMs: number, what: string): Promise<void> {
  const countdown = personTerminal().countdown(what, durationMs);
  const began = performance.now();
  try {
    await wait(durationMs, undefined, { signal: interruption.signal });
  } finally {
    countdown.end();
    bookWait(kind, performance.now() - began);
  }
}
