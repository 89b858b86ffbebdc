import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClockBackwardsError, ClockRangeError, VirtualClock } from './virtual-clock.js';

const start = Date.UTC(2026, 10, 1);
const day = 86_400_000;
beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(start);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('VirtualClock', () => {
  it('shows real time at first, and follows the fake timers of a test', () => {
    const clock = new VirtualClock();
    expect([clock.now(), clock.mode]).toEqual([start, 'running']);
    vi.advanceTimersByTime(5000);
    expect(clock.now()).toBe(start + 5000);
  });

  it('keeps running after it was advanced or set', () => {
    const clock = new VirtualClock();
    clock.advance(30 * day);
    vi.advanceTimersByTime(1);
    expect(clock.now()).toBe(start + 30 * day + 1);
    clock.set(start + 40 * day);
    vi.advanceTimersByTime(1);
    expect([clock.now(), clock.mode]).toEqual([start + 40 * day + 1, 'running']);
  });

  it('stands still while frozen, moves only when told, and runs on from there', () => {
    const clock = new VirtualClock();
    clock.freeze();
    vi.advanceTimersByTime(10_000);
    expect([clock.now(), clock.mode]).toEqual([start, 'frozen']);
    clock.advance(250);
    clock.set(start + 300);
    clock.freeze();
    expect([clock.now(), clock.mode]).toEqual([start + 300, 'frozen']);
    clock.resume();
    vi.advanceTimersByTime(7);
    expect([clock.now(), clock.mode]).toEqual([start + 307, 'running']);
    clock.resume();
    expect(clock.now()).toBe(start + 307);
  });

  it.each(['running', 'frozen'])('never goes back while %s, and says from when to when', (mode) => {
    const clock = new VirtualClock();
    if (mode === 'frozen') clock.freeze();
    expect(() => clock.advance(-1)).toThrow(ClockBackwardsError);
    expect(() => clock.set(start - 1)).toThrow(
      expect.objectContaining({
        code: 'ERR_CLOCK_BACKWARDS',
        cause: { now: '2026-11-01T00:00:00.000Z', to: '2026-10-31T23:59:59.999Z' },
      }),
    );
    expect([clock.now(), clock.mode]).toEqual([start, mode]);
    clock.set(start);
    expect(clock.now()).toBe(start);
  });

  it.each([NaN, Infinity, Date.UTC(2500, 0, 1), Number.MAX_SAFE_INTEGER])(
    'stays in the years that a date can express: %s',
    (to) => {
      const clock = new VirtualClock();
      expect(() => clock.set(to)).toThrow(ClockRangeError);
      expect(clock.now()).toBe(start);
    },
  );

  it('is back in real time, running, after a reset from any state', () => {
    const clock = new VirtualClock();
    clock.advance(day);
    clock.freeze();
    clock.advance(day);
    clock.reset();
    expect([clock.now(), clock.mode]).toEqual([start, 'running']);
  });

  it('agrees with a sum, whatever the order of calls', () => {
    const call = fc.oneof(
      fc.record({ kind: fc.constant('advance' as const), by: fc.nat(10 * day) }),
      fc.record({ kind: fc.constant('wait' as const), by: fc.nat(day) }),
      fc.record({ kind: fc.constantFrom('freeze' as const, 'resume' as const), by: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
        vi.setSystemTime(start);
        const clock = new VirtualClock();
        let expected = start;
        let frozen = false;
        for (const { kind, by } of calls) {
          if (kind === 'advance') clock.advance(by);
          if (kind === 'wait') vi.setSystemTime(Date.now() + by);
          if (kind === 'freeze') clock.freeze();
          if (kind === 'resume') clock.resume();
          if (kind === 'advance' || (kind === 'wait' && !frozen)) expected += by;
          if (kind === 'freeze' || kind === 'resume') frozen = kind === 'freeze';
          expect(clock.now()).toBe(expected);
          expect(clock.mode).toBe(frozen ? 'frozen' : 'running');
        }
      }),
    );
  });
});
