import { describe, expect, it } from 'vitest';
import { judgeDeadToken } from './dead-token.js';
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
    expect(() => judgeDeadToken(refused(4), until(5, 1_500))).toThrow(/2 of them when nobody asked, within 2 s: a loop/);
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
