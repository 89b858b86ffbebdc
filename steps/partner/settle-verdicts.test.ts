import { afterEach, describe, expect, it, vi } from 'vitest';
import { windowClosed } from './settle-verdicts.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('a window', () => {
  const judge = () => null;

  it('closes when it is due', async () => {
    vi.useFakeTimers();
    let isClosed = false;
    const closed = windowClosed({ dueAtMs: performance.now() + 2_000, judge }).then(() => {
      isClosed = true;
    });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await closed;
  });

  it('closes sooner where there is nothing more to wait for, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    await windowClosed({ dueAtMs: performance.now() + 3_600_000, isDone: Promise.resolve(), judge });
    expect(vi.getTimerCount()).toBe(0);
  });
});
