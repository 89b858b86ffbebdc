import { describe, expect, it } from 'vitest';
import { judgeRate } from './sliding-window.js';

const limit = { requests: 10, windowMs: 60_000 };

describe('judgeRate', () => {
  it.each([
    ['nothing counted', [], 0, null],
    ['nine at the same instant', Array<number>(9).fill(0), 0, null],
    ['ten at the same instant', Array<number>(10).fill(0), 0, 60_000],
    ['ten, a millisecond before the oldest leaves', Array<number>(10).fill(0), 59_999, 1],
    ['ten, as the oldest leaves', Array<number>(10).fill(0), 60_000, null],
    ['ten spread out', [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000], 10_000, 50_000],
  ] as const)('%s', (_name, counted, now, retryAfterMs) => {
    expect(judgeRate(counted, limit, now)).toEqual(
      retryAfterMs === null ? { kind: 'within' } : { kind: 'over', retryAfterMs },
    );
  });

  it('lets nothing in where no request is allowed', () => {
    expect(judgeRate([], { requests: 0, windowMs: 1000 }, 5).kind).toBe('over');
  });
});
