/**
 * Waits for `work`, and rejects with the signal's reason once that is aborted. Work that has begun goes on, and nobody
 * hears how it ends.
 */
export async function unlessAborted<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener('abort', stop, { once: true });
  const working = work();
  try {
    await Promise.race([working, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return working;
}
