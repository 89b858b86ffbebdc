import { describe, expect, it } from 'vitest';
import { judgeDeadToken } from './dead-token.js';
import { madeCalls, madeRefresh } from './testing/made-call.js';

const refused = (count: number) => madeCalls(Array.from({ length: count }, () => madeRefresh('R1', null)));

describe('after the bank refused a refresh token', () => {
  it.each([
    [1, 3],
    [2, 1],
    [2, 3],
  ])('%i requests with it for %i calls are let pass', (sends, driven) => {
    expect(judgeDeadToken(refused(sends), driven)).toBe(null);
  });

  it.each([
    [3, 1],
    [4, 3],
    [5, 3],
  ])('%i requests for %i calls are a warning', (sends, driven) => {
    expect(judgeDeadToken(refused(sends), driven)).toMatchObject({ finding: 'warning' });
  });

  it.each([
    [4, 1],
    [6, 3],
    [150, 3],
  ])('%i requests for %i calls are a loop', (sends, driven) => {
    expect(() => judgeDeadToken(refused(sends), driven)).toThrow(/a loop/);
  });

  it('requests that were under way together are no repetition', () => {
    const together = madeCalls(Array.from({ length: 20 }, () => madeRefresh('R1', null, { at: 5_000 })));
    expect(judgeDeadToken(together, 1)).toBe(null);
  });

  it('what came before the refusal counts for nothing, and without one nothing does', () => {
    const lost = Array.from({ length: 9 }, () => madeRefresh('R1', 'R2'));
    expect(judgeDeadToken(madeCalls(lost), 1)).toBe(null);
    expect(judgeDeadToken(madeCalls([...lost, madeRefresh('R1', null)]), 1)).toBe(null);
  });
});
