import { describe, expect, it } from 'vitest';
import { recordEvidence } from './evidence-recorder.js';
import type { ExpectedFailure } from './expected-failures.js';
import { readExpectedFailures } from './expected-failures.js';
import { githubAnnotations } from './github-annotations.js';
import { junitReport } from './junit-report.js';
import { markdownSummary } from './markdown-summary.js';
import { htmlReport } from './page/html-report.js';
import { evidenceLine, readRunEvidence } from './run-evidence.js';
import { runReport } from './run-report.js';
import { verdictSentence } from './verdict-sentence.js';

type Verdict = 'passed' | 'failed' | 'skipped' | 'seen';

function reportOf(
  verdicts: readonly Verdict[],
  expectedFailures: ExpectedFailure[] | null = null,
  actual = '<b>200</b> & "more"',
) {
  const lines: string[] = [];
  const facts = { target: 'mock', environment: 'here', bank: null, tags: null, commit: null, command: 'run' };
  const versions = { homologa: '0', node: '20', strict: false, expectedFailures };
  const recorder = recordEvidence({ startedAt: '2026-11-22T12:00:00.000Z', ...facts, ...versions }, (record) => {
    lines.push(evidenceLine(record));
  });
  verdicts.forEach((verdict, index) => {
    const said = {
      expected: verdict === 'failed' ? '400' : null,
      actual: verdict === 'failed' || verdict === 'seen' ? actual : null,
    };
    recorder.check({
      index,
      pickleId: String(index),
      fault: null,
      check: {
        id: `bs2-${String(index)}`,
        verdict: verdict === 'seen' ? 'passed' : verdict,
        requirements: ['BS2-a'],
        scenario: 'S',
        bank: 'bs2',
        ...said,
        reason: verdict === 'skipped' ? 'lacks clock' : null,
      },
      played: {
        conduct: 'negative',
        needs: [],
        feature: { path: 'features/bs2/a.feature', line: 7 },
        steps: [],
        exchanges: [],
        startedAtMs: Date.parse('2026-11-22T12:00:01.000Z'),
        durationMs: 5,
      },
    });
  });
  recorder.end({ durationMs: 10, incomplete: false, faults: [] });
  return runReport(readRunEvidence(lines.join('')), new Map());
}

describe('the list of expected failures', () => {
  it.each<{ verdict: Verdict; entry: Partial<ExpectedFailure> | null; outcome: string | undefined; exitCode: number }>([
    { verdict: 'failed', entry: {}, outcome: 'expected', exitCode: 0 },
    { verdict: 'failed', entry: null, outcome: 'unexpected', exitCode: 1 },
    { verdict: 'passed', entry: {}, outcome: 'stale', exitCode: 1 },
    { verdict: 'failed', entry: { until: '2026-11-21' }, outcome: 'outdated', exitCode: 1 },
    { verdict: 'failed', entry: { until: '2026-11-22' }, outcome: 'expected', exitCode: 0 },
    { verdict: 'skipped', entry: {}, outcome: undefined, exitCode: 0 },
    { verdict: 'passed', entry: null, outcome: undefined, exitCode: 0 },
  ])('makes $outcome of $verdict listed as $entry', ({ verdict, entry, outcome, exitCode }) => {
    const { results } = reportOf([verdict], entry === null ? [] : [{ check: 'bs2-0', reason: 'known', ...entry }]);
    expect(results.baseline?.[0]?.outcome).toBe(outcome);
    expect(results.run.exitCode).toBe(exitCode);
  });

  it.each([
    ['- {check: bs2-0}', /0\.reason: is missing/],
    ['- {check: bs2-0, reason: x, wen: y}', /0\.wen: is not known/],
    ['- {check: bs2-9, reason: x}', /there is no check "bs2-9"/],
    ['- {check: bs2-0, reason: x, until: 2026-02-31}', /0\.until/],
    ['[', /list\.yaml/],
  ])('refuses %s', (yaml, problem) => {
    expect(() => readExpectedFailures('list.yaml', yaml, new Set(['bs2-0']))).toThrow(problem);
  });
});

describe('the writers', () => {
  it('give JUnit one test case a check, a message that is never empty, and why one was skipped', () => {
    const xml = junitReport(reportOf(['passed', 'failed', 'skipped']));
    expect(xml).toContain('tests="3" failures="1" errors="0" skipped="1"');
    expect(xml).toContain(
      '<failure type="BS2-a" message="expected 400; got &lt;b&gt;200&lt;/b&gt; &amp; &quot;more&quot;">',
    );
    expect(xml).toContain('<skipped message="lacks clock"/>');
  });

  it('say what was seen where nothing says what should be', () => {
    const report = reportOf(['passed', 'seen'], null, '429 & Retry-After');
    expect(junitReport(report)).toContain('<system-out>seen: 429 &amp; Retry-After</system-out>');
    expect(markdownSummary(report)).toContain('- `bs2-1` S: 429 &amp; Retry-After');
    expect(markdownSummary(report)).not.toContain('`bs2-0`');
    expect(htmlReport(report)).toContain('429 &amp; Retry-After');
  });

  it('show GitHub at most ten annotations, at the line of the feature', () => {
    const lines = githubAnnotations(reportOf(Array.from({ length: 14 }, () => 'failed' as const)))
      .trim()
      .split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^::error file=features\/bs2\/a\.feature,line=7,title=bs2-0::S: expected 400/);
    expect(lines[9]).toContain('and 5 more');
  });

  it('keep the summary below GitHub’s limit, and say what is missing', () => {
    const summary = markdownSummary(
      reportOf(
        Array.from({ length: 300 }, () => 'failed' as const),
        null,
        'x'.repeat(5_000),
      ),
    );
    expect(summary.length).toBeLessThan(1_000_000);
    expect(summary).toContain('more sections do not fit here');
    expect(markdownSummary(reportOf(['failed']))).toContain('&lt;b>200');
  });

  it.each<[Verdict[], string, string]>([
    [['failed'], 'Failed: 1 of 1 check', 'Reprovado: 1 de 1 verificação falhou'],
    [['failed', 'passed'], 'Failed: 1 of 2 checks', 'Reprovado: 1 de 2 verificações falhou'],
    [['failed', 'failed'], 'Failed: 2 of 2 checks', 'Reprovado: 2 de 2 verificações falharam'],
    [['passed'], 'Nothing unexpected: 1 of 1 check passed', 'Nada inesperado: 1 de 1 verificação passou'],
  ])('count %j as people do', (verdicts, en, pt) => {
    expect(verdictSentence(reportOf(verdicts))).toEqual({ en, pt });
  });

  it('say that nothing is relied on where nothing is', () => {
    const page = htmlReport(reportOf(['passed']));
    expect(page).toContain('Nada aqui depende de um comportamento que ninguém documentou no BS2.');
    expect(page).not.toContain('depende de 0');
  });

  it('let nothing that a bank says become part of the page', () => {
    const html = htmlReport(reportOf(['failed'], null, '</script><script>alert(1)</script>'));
    expect(html).not.toContain('<script>alert');
    expect(html).not.toMatch(/(?:src|href)="https?:\/\/[^"]*\.(?:js|css|png|woff)/);
  });
});
