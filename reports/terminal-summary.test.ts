import { describe, expect, it } from 'vitest';
import type { Check } from './check.js';
import type { Results } from './results.js';
import { progressMark, terminalSummary } from './terminal-summary.js';

const check = (differing: Partial<Check>): Check => ({
  id: 'bs2-code-reuse',
  verdict: 'passed',
  requirements: ['RFC6749-4.1.2-c'],
  scenario: 'The code is redeemed again',
  bank: 'bs2',
  expected: null,
  actual: null,
  reason: null,
  ...differing,
});
const failed = check({ verdict: 'failed', expected: '400 invalid_grant', actual: '200 with tokens', reason: 'a step' });

function summary(checks: readonly Check[], colour = false, run: Partial<Results['run']> = {}): string {
  const facts: Results['run'] = {
    target: 'mock',
    bank: null,
    startedAt: null,
    durationMs: 2345,
    exitCode: 0,
    incomplete: false,
    stopped: null,
    waitedMs: {},
    strict: false,
    tags: null,
    faults: [],
  };
  const results: Results = { schema: 1, run: { ...facts, ...run }, checks, baseline: null };
  return terminalSummary(results, { colour, folder: 'reports/out/x', rerun: ({ id }) => `run --tags @id:${id}` });
}

describe('terminalSummary', () => {
  it('tells a failure with expected, got, requirement and the one command to run it again', () => {
    const text = summary([failed, check({ id: 'bs2-other' })]);
    expect(text).toContain('failed bs2-code-reuse: The code is redeemed again');
    // One column for all that is told, whatever it is called.
    expect(text).toMatch(/^ {2}at {8}\S/m);
    expect(text).toContain('expected  400 invalid_grant');
    expect(text).toContain('got       200 with tokens');
    expect(text).toContain('cites     RFC6749-4.1.2-c');
    expect(text).toContain('again     run --tags @id:bs2-code-reuse');
    expect(text).toContain('2 checks (mock) in 2.3 s: 1 failed, 1 passed');
    expect(text).toContain('report: reports/out/x');
  });

  it('counts one check as one', () => {
    expect(summary([failed])).toContain('\n1 check (mock) in');
  });

  it('says after the failures, and once, what kept checks from being made', () => {
    const kept = ['a', 'b', 'c'].map((name) =>
      check({ id: `bs2-${name}`, verdict: 'not-testable', reason: 'Needed a code.' }),
    );
    const text = summary([...kept, failed]);
    expect(text.indexOf('failed bs2-code-reuse')).toBeLessThan(text.indexOf('not-testable 3 checks'));
    expect(text.match(/Needed a code\./g)).toHaveLength(1);
    expect(text).toContain('bs2-a, bs2-b, bs2-c');
  });

  it('lists what was skipped and why, apart from what passed', () => {
    const text = summary([check({ verdict: 'skipped', reason: 'btg-sandbox lacks clock' })]);
    expect(text).toContain('skipped bs2-code-reuse: btg-sandbox lacks clock');
    expect(text).not.toContain('passed');
  });

  it('says when the run is incomplete, and what is wrong with the harness', () => {
    const text = summary([], false, { incomplete: true, faults: ['a hook failed'] });
    expect(text).toContain('incomplete');
    expect(text).toContain('fault of homologa: a hook failed');
    expect(text).toContain('\n0 checks (mock) in 2.3 s, nothing was judged\n');
  });

  it('writes no escape sequence without colour', () => {
    expect(summary([failed])).not.toContain('\u001B');
    expect(summary([failed], true)).toContain('\u001B[31m');
    expect(progressMark(failed, false)).toBe('F');
  });
});
