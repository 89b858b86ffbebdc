import { describe, expect, it } from 'vitest';
import type { Check } from './check.js';
import { isKilled, judgeMutation } from './mutation-verdict.js';

function check(id: string, verdict: Check['verdict'], ...requirements: string[]): Check {
  return { id, verdict, requirements, scenario: id, bank: 'bs2', expected: null, actual: null, reason: null };
}

const mutant = { id: 'bs2.bug', breaks: ['A', 'B'] };

describe('judgeMutation', () => {
  it('is killed when a failed check cites each requirement that it breaks', () => {
    const verdict = judgeMutation(mutant, [
      check('one', 'failed', 'A', 'X'),
      check('two', 'failed', 'B'),
      check('three', 'passed', 'C'),
    ]);
    expect(verdict).toEqual({ mutant: 'bs2.bug', killedBy: ['one', 'two'], unnoticed: [], strays: [] });
    expect(isKilled(verdict)).toBe(true);
  });

  it('survives where a requirement that it breaks is cited by no failed check', () => {
    const verdict = judgeMutation(mutant, [check('one', 'failed', 'A'), check('two', 'passed', 'B')]);
    expect(verdict.unnoticed).toEqual(['B']);
    expect(isKilled(verdict)).toBe(false);
  });

  it('counts failures beside the point, and not what it made untestable', () => {
    const verdict = judgeMutation(mutant, [
      check('one', 'failed', 'A', 'B'),
      check('two', 'failed', 'C'),
      check('three', 'not-testable', 'D'),
    ]);
    expect(verdict.strays).toEqual(['two']);
    expect(isKilled(verdict)).toBe(false);
  });

  it('is not killed by a suite that does not run', () => {
    expect(isKilled(judgeMutation({ id: 'bs2.bug', breaks: [] }, []))).toBe(false);
  });
});
