import { afterEach, describe, expect, it, vi } from 'vitest';
import { BankTraffic } from './bank-traffic.js';
import { countRequests, judgeOutageRequests, untilQuiet } from './outage.js';
import { madeCalls } from './testing/made-call.js';

describe('requests during an outage', () => {
  const finding = (what: Parameters<typeof countRequests>[0], count: number, early = 0) =>
    judgeOutageRequests([{ what, count, early }]).finding;

  it.each([
    ['refreshes', 10, 'recorded'],
    ['refreshes', 11, 'failed'],
    ['calls of the API', 20, 'recorded'],
    ['calls of the API', 21, 'failed'],
    ['requests with the same code', 1, 'recorded'],
    ['requests with the same code', 2, 'warning'],
    ['requests with the same code', 11, 'failed'],
  ] as const)('%s: %i', (what, count, expected) => {
    expect(finding(what, count)).toBe(expected);
  });

  it('that came before the time that the bank named are worth knowing', () => {
    expect(finding('refreshes', 2, 1)).toBe('info');
  });

  it('are counted, those that came too early apart from the first', () => {
    const calls = madeCalls([{ at: 1_000 }, { at: 1_500 }, { at: 2_500 }]);
    expect(countRequests('refreshes', calls, 1_000)).toEqual({ what: 'refreshes', count: 3, early: 1 });
    expect(countRequests('refreshes', calls, null)).toMatchObject({ count: 3, early: 0 });
    expect(countRequests('refreshes', [], 1_000)).toMatchObject({ count: 0, early: 0 });
  });
});

describe('quiet', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is when no more requests of the kind come', async () => {
    vi.useFakeTimers();
    const traffic = new BankTraffic();
    const [call] = madeCalls([{}]);
    if (call === undefined) throw new Error('no call');
    let isQuiet = false;
    const quiet = untilQuiet(traffic, ({ endpoint }) => endpoint === 'token').then(() => {
      isQuiet = true;
    });
    for (let sent = 0; sent < 4; sent += 1) {
      await vi.advanceTimersByTimeAsync(100);
      traffic.record(call.recorded);
    }
    await vi.advanceTimersByTimeAsync(149);
    expect(isQuiet).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await quiet;
  });

  it('is not waited for without end', async () => {
    vi.useFakeTimers();
    const traffic = new BankTraffic();
    const [call] = madeCalls([{}]);
    if (call === undefined) throw new Error('no call');
    const storm = setInterval(() => traffic.record(call.recorded), 10);
    const quiet = untilQuiet(traffic, ({ endpoint }) => endpoint === 'token');
    await vi.advanceTimersByTimeAsync(1_600);
    await quiet;
    clearInterval(storm);
  });
});
