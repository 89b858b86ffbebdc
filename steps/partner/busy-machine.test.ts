import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Check, Verdict } from '../../reports/check.js';
import { BusyMachine } from './busy-machine.js';

let machine: BusyMachine | null = null;
afterEach(() => {
  machine?.stop();
  vi.useRealTimers();
});

function busyAt(...turns: readonly (readonly [lateMs: number, atMs: number])[]): BusyMachine {
  machine = new BusyMachine();
  for (const [lateMs, atMs] of turns) machine.turn(lateMs, atMs);
  return machine;
}

const check = (verdict: Verdict, said: Partial<Check> = {}): Check => ({
  id: 'partner.refresh.race',
  verdict,
  requirements: ['RFC6749-6-d'],
  scenario: 'Twenty calls at once',
  bank: 'btg',
  expected: null,
  actual: null,
  reason: null,
  ...said,
});

describe('a check that failed', () => {
  it('says that the machine was busy while it was made, and how long the longest wait was', () => {
    const told = busyAt([700, 5_000], [1_200, 6_000]).tell(check('failed', { actual: 'no answer' }), 4_000);

    expect(told.verdict).toBe('failed');
    expect(told.actual).toMatch(/^no answer \(the machine was busy .* 1200 ms .* before you believe it\)$/);
  });

  it('says it also where it has nothing else to say', () => {
    expect(busyAt([700, 5_000]).tell(check('failed'), 4_000).actual).toContain('700 ms');
  });

  it('says it in its reason where a prerequisite failed', () => {
    const told = busyAt([700, 5_000]).tell(check('not-testable', { reason: 'not connected' }), 4_000);

    expect(told).toMatchObject({ actual: null });
    expect(told.reason).toContain('not connected (the machine was busy');
  });

  it.each([
    ['a wait was short', [200, 5_000]],
    ['a long wait was over before it began', [900, 3_999]],
  ] as const)('says nothing where %s', (_, turn) => {
    const failed = check('failed', { actual: 'no answer' });

    expect(busyAt(turn).tell(failed, 4_000)).toBe(failed);
  });
});

it.each(['passed', 'warning', 'info', 'not-applicable', 'skipped'] as const)(
  'leaves a check alone that is %s',
  (verdict) => {
    const good = check(verdict, { actual: 'something' });

    expect(busyAt([900, 5_000]).tell(good, 4_000)).toBe(good);
  },
);

it('notices by itself that its turn comes late', () => {
  vi.useFakeTimers();
  let nowMs = 0;
  machine = new BusyMachine(() => nowMs);
  const beganMs = Date.now();
  nowMs = 50;
  vi.advanceTimersByTime(50);
  expect(machine.tell(check('failed'), beganMs).actual).toBeNull();

  nowMs = 700;
  vi.advanceTimersByTime(50);
  expect(machine.tell(check('failed'), beganMs).actual).toContain('waited 600 ms');
});
