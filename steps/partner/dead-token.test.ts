import { describe, expect, it } from 'vitest';
import { judgeDeadToken, unaskedRepeats } from './dead-token.js';
import { Driving } from './driving.js';
import { madeCalls, madeRefresh } from './testing/made-call.js';

const until = (driven: number, quietSinceMs = Infinity) => ({ driven, quietSinceMs });
const refused = (count: number) => madeCalls(Array.from({ length: count }, () => madeRefresh('R1', null)));

describe('after the bank refused a refresh token', () => {
  it.each([
    [1, 3],
    [2, 1],
    [2, 3],
  ])('%i requests with it for %i calls are let pass', (sends, driven) => {
    expect(judgeDeadToken(refused(sends), until(driven))).toBe(null);
  });

  it.each([
    [3, 1],
    [4, 3],
    [5, 3],
  ])('%i requests for %i calls are a warning', (sends, driven) => {
    expect(judgeDeadToken(refused(sends), until(driven))).toMatchObject({ finding: 'warning' });
  });

  it.each([
    [4, 1],
    [6, 3],
    [150, 3],
  ])('%i requests for %i calls are a loop', (sends, driven) => {
    expect(() => judgeDeadToken(refused(sends), until(driven))).toThrow(/a loop/);
  });

  it('requests when nobody asks are a loop, but for one', () => {
    // One a second: the refusal at 0, the others at 1 000, 2 000 and so on.
    expect(judgeDeadToken(refused(4), until(5, 2_500))).toMatchObject({ finding: 'warning' });
    expect(() => judgeDeadToken(refused(4), until(5, 1_500))).toThrow(
      /2 of them when nobody asked, within 2 s: a loop/,
    );
  });

  it.each([
    [1, 'warning'],
    [2, 'warning'],
    [3, 'failed'],
  ])('%i requests every six seconds are a %s', (count, finding) => {
    const slow = Array.from({ length: count }, (_, index) => madeRefresh('R1', null, { at: 6_000 * (index + 1) }));
    const judge = () => judgeDeadToken(madeCalls([madeRefresh('R1', null, { at: 0 }), ...slow]), until(5, 500));
    if (finding === 'failed') expect(judge).toThrow(/3 of them when nobody asked, within 18 s: a loop/);
    else expect(judge()).toMatchObject({ finding });
  });

  it('a request for each time that the application was told to refresh is no loop', () => {
    const slow = Array.from({ length: 6 }, (_, index) => madeRefresh('R1', null, { at: 6_000 * index }));
    expect(judgeDeadToken(madeCalls(slow), { ...until(1, 500), toldSince: 5 })).toBe(null);
    expect(() => judgeDeadToken(madeCalls(slow), { ...until(1, 500), toldSince: 2 })).toThrow(/a loop/);
  });

  it('requests that were under way together are no repetition', () => {
    const together = madeCalls(Array.from({ length: 20 }, () => madeRefresh('R1', null, { at: 5_000 })));
    expect(judgeDeadToken(together, until(1))).toBe(null);
  });

  it('what came before the refusal counts for nothing, and without one nothing does', () => {
    const lost = Array.from({ length: 9 }, () => madeRefresh('R1', 'R2'));
    expect(judgeDeadToken(madeCalls(lost), until(1))).toBe(null);
    expect(judgeDeadToken(madeCalls([...lost, madeRefresh('R1', null)]), until(1))).toBe(null);
  });
});

describe('repeats of a run that nobody asked for', () => {
  const run = madeCalls([
    madeRefresh('C1', 'R1', { grantId: 'one' }),
    madeRefresh('C2', 'R2', { grantId: 'two' }),
    ...[3, 4, 5, 6].flatMap((second) => [
      madeRefresh('R1', null, { grantId: 'one', at: 1_000 * second }),
      madeRefresh('R2', null, { grantId: 'two', at: 1_000 * second + 1 }),
    ]),
    ...[7, 8].map((second) => madeRefresh('of-nobody', null, { at: 1_000 * second })),
  ]);

  it('are those of grants whose check has ended, of all of them', () => {
    const driving = new Driving();
    expect(unaskedRepeats(run, driving)).toBe(null);
    driving.checkEnded({ from: 0, until: 1 }, 4_500);
    expect(unaskedRepeats(run, driving)).toEqual({ atMs: [5_000, 6_000], sinceMs: 4_500 });
    driving.checkEnded({ from: 1, until: 2 }, 5_500);
    expect(unaskedRepeats(run, driving)).toEqual({ atMs: [5_000, 6_000, 6_001], sinceMs: 4_500 });
  });

  it('are not those that it was told to make', () => {
    const driving = new Driving();
    driving.checkEnded({ from: 0, until: 1 }, 4_500);
    driving.toldToRefresh(4_600);
    expect(unaskedRepeats(run, driving)).toEqual({ atMs: [6_000], sinceMs: 4_500 });
    driving.toldToRefresh(4_700);
    expect(unaskedRepeats(run, driving)).toBe(null);
  });
});
