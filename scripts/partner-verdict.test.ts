import { describe, expect, it } from 'vitest';
import type { DeclaredBug } from './partner-catalogue.js';
import { problemsOfBug, problemsOfCorrectPartner } from './partner-verdict.js';
import type { JudgedPartner } from './partner-verdict.js';

const run = (verdicts: Readonly<Record<string, string>>, exitCode = 0): JudgedPartner => ({
  exitCode,
  checks: Object.entries(verdicts).map(([id, verdict]) => ({ id, bank: 'bs2', verdict })),
  said: '',
});
const nothing: JudgedPartner = { exitCode: 2, checks: null, said: 'homologa: no answer' };
const bug = (more: Partial<DeclaredBug> = {}): DeclaredBug => ({
  bug: 'a-bug',
  description: 'It is wrong.',
  banks: ['bs2'],
  fails: ['partner.a.declared'],
  warns: [],
  informs: [],
  follows: [],
  blocks: [],
  env: {},
  file: undefined,
  passesNothing: false,
  slow: false,
  ...more,
});
const control = run({ 'partner.a.declared': 'passed', 'partner.a.other': 'passed', 'partner.a.odd': 'warning' });

describe('a correct partner', () => {
  it('passes, and may be informed or not concerned', () => {
    expect(problemsOfCorrectPartner(run({ a: 'passed', b: 'info', c: 'not-applicable' }), [])).toEqual([]);
  });

  it.each(['failed', 'warning', 'not-testable', 'skipped'])('does not pass with a check that is %s', (verdict) => {
    expect(problemsOfCorrectPartner(run({ a: 'passed', b: verdict }, 1), [])).toEqual([`${verdict}: b (bs2)`]);
  });

  it('may be warned where its build is known to be', () => {
    expect(problemsOfCorrectPartner(run({ a: 'passed', b: 'warning' }), ['b'])).toEqual([]);
    expect(problemsOfCorrectPartner(run({ a: 'passed', b: 'failed' }, 1), ['b'])).toEqual(['failed: b (bs2)']);
  });

  it('does not pass where nothing was judged, nothing passed or the command failed', () => {
    expect(problemsOfCorrectPartner(nothing, [])).toEqual(['nothing was judged (exit code 2): homologa: no answer']);
    expect(problemsOfCorrectPartner(run({ a: 'not-applicable' }), [])).toEqual(['no check passed']);
    expect(problemsOfCorrectPartner(run({ a: 'passed' }, 3), [])).toEqual(['exit code 3: ']);
  });
});

describe('a bug', () => {
  it('is noticed where its checks fail and no other does', () => {
    const broken = run({ 'partner.a.declared': 'failed', 'partner.a.other': 'passed', 'partner.a.odd': 'warning' }, 1);
    expect(problemsOfBug(bug(), broken, control)).toEqual([]);
  });

  it('is not noticed where a check passes, only warns, or is not made', () => {
    const judge = (verdict: string) => problemsOfBug(bug(), run({ 'partner.a.declared': verdict }, 1), control);
    expect(judge('passed')).toEqual(['unnoticed: partner.a.declared (passed instead of failed)']);
    expect(judge('warning')).toEqual(['unnoticed: partner.a.declared (warning instead of failed)']);
    expect(judge('not-testable')).toEqual(['unnoticed: partner.a.declared (not-testable instead of failed)']);
    expect(judge('not-applicable')).toEqual(['not made: partner.a.declared']);
    expect(problemsOfBug(bug(), nothing, control)).toEqual(['nothing was judged (exit code 2): homologa: no answer']);
  });

  it('proves nothing where its control does not pass', () => {
    const broken = run({ 'partner.a.declared': 'failed' }, 1);
    expect(problemsOfBug(bug(), broken, run({ 'partner.a.declared': 'failed' }, 1))).toEqual([
      'the control does not pass: partner.a.declared',
    ]);
  });

  it('must not be blamed for what it does not do', () => {
    const broken = run({ 'partner.a.declared': 'failed', 'partner.a.other': 'failed', 'partner.a.odd': 'failed' }, 1);
    expect(problemsOfBug(bug(), broken, control)).toEqual([
      'beside the point: partner.a.other (bs2, failed)',
      'beside the point: partner.a.odd (bs2, failed)',
    ]);
  });

  it('may leave checks without their prerequisite where it says so', () => {
    const broken = run(
      { 'partner.a.declared': 'failed', 'partner.b.one': 'not-testable', 'partner.bc.two': 'passed' },
      1,
    );
    expect(problemsOfBug(bug({ blocks: ['partner.b'] }), broken, control)).toEqual([]);
    expect(problemsOfBug(bug({ blocks: ['partner.b.one'] }), broken, control)).toEqual([]);
    expect(problemsOfBug(bug(), broken, control)).toEqual(['beside the point: partner.b.one (bs2, not-testable)']);
    const failing = run(
      { 'partner.a.declared': 'failed', 'partner.b.one': 'failed', 'partner.bc.two': 'not-testable' },
      1,
    );
    expect(problemsOfBug(bug({ blocks: ['partner.b'] }), failing, control)).toEqual([
      'beside the point: partner.b.one (bs2, failed)',
      'beside the point: partner.bc.two (bs2, not-testable)',
    ]);
  });

  it('that breaks everything passes nothing', () => {
    const hopeless = bug({ fails: [], passesNothing: true });
    expect(problemsOfBug(hopeless, nothing, control)).toEqual([]);
    expect(problemsOfBug(hopeless, run({ a: 'not-testable' }, 1), control)).toEqual([]);
    expect(problemsOfBug(hopeless, run({ a: 'passed', b: 'failed' }, 1), control)).toEqual([
      'passed all the same: a (bs2)',
    ]);
    expect(problemsOfBug(hopeless, run({ a: 'not-applicable' }), control)).toEqual(['exit code 0']);
    expect(problemsOfBug(hopeless, nothing, nothing)).toEqual(['the control passes nothing either']);
  });
});
