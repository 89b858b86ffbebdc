import { constants } from 'node:os';

/** A signal this soon after the first is the same one, relayed by npm or tsx besides the terminal. */
const relayMs = 300;

/**
 * Resolves at the first SIGINT or SIGTERM. A later one means that the end takes too long: the process ends at once,
 * with the signal's own exit code. `more` are other signals that mean the same, such as SIGHUP where a terminal that goes away
 * must not leave anything behind.
 */
export function untilStopped(more: readonly NodeJS.Signals[] = []): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const onSignal = (signal: NodeJS.Signals): void => {
      const now = performance.now();
      if (firstAt === null) {
        firstAt = now;
        resolve();
      } else if (now - firstAt > relayMs) {
        process.exit(128 + constants.signals[signal]);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', ...more]) process.on(signal, onSignal);
  });
}
