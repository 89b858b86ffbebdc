import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateWindows } from './rate-windows.js';

describe('RateWindows', () => {
  it('agrees with counting by hand: never more than allowed in any window, never a refusal where fewer came', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 80 }),
        (requests, windowMs, gaps) => {
          const windows = new RateWindows();
          const accepted: number[] = [];
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            const inWindow = accepted.filter((at) => at > now - windowMs);
            const decision = windows.count('key', { requests, windowMs }, now);
            expect(decision.kind).toBe(inWindow.length < requests ? 'within' : 'over');
            if (decision.kind === 'within') accepted.push(now);
            else expect(decision.retryAfterMs).toBe((inWindow[inWindow.length - requests] ?? NaN) + windowMs - now);
          }
        },
      ),
    );
  });

  it('counts each key by itself', () => {
    const windows = new RateWindows();
    const one = { requests: 1, windowMs: 1000 };
    expect(windows.count('a', one, 0).kind).toBe('within');
    expect(windows.count('b', one, 0).kind).toBe('within');
    expect(windows.count('a', one, 0).kind).toBe('over');
  });

  it('forgets what was counted in a future that a clock reset undid', () => {
    const windows = new RateWindows();
    const one = { requests: 1, windowMs: 60_000 };
    expect(windows.count('a', one, 30 * 86_400_000).kind).toBe('within');
    expect(windows.count('a', one, 0).kind).toBe('within');
    expect(windows.count('a', one, 0).kind).toBe('over');
  });
});
