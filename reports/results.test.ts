import { describe, expect, it } from 'vitest';
import type { Evidence } from './evidence.js';
import { evidenceMediaType } from './evidence.js';
import { resultsOf } from './results.js';
import { createCheckCollector } from './check-collector.js';
import { recordEvidence } from './evidence-recorder.js';
import { evidenceLine, readRunEvidence } from './run-evidence.js';
import type { ExpectedFailure } from './expected-failures.js';
import type { RunMessage } from './run-messages.js';

type Status = NonNullable<RunMessage['testStepFinished']>['testStepResult']['status'];

interface Played {
  readonly id?: string;
  readonly row?: string;
  readonly statuses: readonly Status[];
  readonly evidence?: readonly Evidence[];
  readonly message?: string;
}

interface Facts {
  readonly strict?: boolean;
  readonly expectedFailures?: ExpectedFailure[];
}

/** By way of the evidence, written and read again. */
function resultsOfMessages(messages: readonly RunMessage[], { strict = false, expectedFailures }: Facts = {}) {
  const lines: string[] = [];
  const facts = { target: 'mock', environment: 'here', bank: null, tags: null, commit: null, command: 'run' };
  const versions = { homologa: '0', node: '20' };
  const expected = { expectedFailures: expectedFailures ?? null };
  const recorder = recordEvidence(
    { startedAt: '2026-11-22T12:00:00.000Z', ...facts, strict, ...versions, ...expected },
    (record) => {
      lines.push(evidenceLine(record));
    },
  );
  const collector = createCheckCollector();
  for (const message of messages) {
    const judged = collector.add(message);
    if (judged !== null) recorder.check(judged);
  }
  const { startedAtMs, finishedAtMs, interrupted, faults } = collector;
  const durationMs = startedAtMs === null || finishedAtMs === null ? null : finishedAtMs - startedAtMs;
  recorder.end({ durationMs, incomplete: interrupted, faults });
  return resultsOf(readRunEvidence(lines.join('')));
}

const document: RunMessage = {
  gherkinDocument: {
    feature: {
      children: [
        { scenario: { id: 'plain', examples: [] } },
        {
          rule: {
            children: [
              {
                scenario: {
                  id: 'outline',
                  examples: [{ tableBody: [{ id: 'row-1' }, { id: 'row-2' }] }, { tableBody: [{ id: 'row-3' }] }],
                },
              },
            ],
          },
        },
      ],
    },
  },
};

/** The messages of one scenario with one step for each status. */
function play({ id = 'bs2-one', row, statuses, evidence = [], message }: Played, index = 0): RunMessage[] {
  const key = String(index);
  const steps = statuses.map((_status, step) => ({
    id: `${key}-${String(step)}`,
    pickleStepId: `p${key}-${String(step)}`,
  }));
  const pickle = {
    id: key,
    uri: 'features/a.feature',
    name: `Scenario ${key}`,
    astNodeIds: row === undefined ? ['plain'] : ['outline', row],
    tags: [`@id:${id}`, '@req:BS2-code-a', '@bank:bs2', '@kind:positive'].map((name) => ({ name })),
    steps: steps.map(({ pickleStepId }, step) => ({ id: pickleStepId, text: `step ${String(step)}` })),
  };
  return [
    { pickle },
    { testCase: { id: `case-${key}`, pickleId: key, testSteps: steps } },
    { testCaseStarted: { id: `start-${key}`, testCaseId: `case-${key}` } },
    ...evidence.map((found) => ({
      attachment: { testCaseStartedId: `start-${key}`, mediaType: evidenceMediaType, body: JSON.stringify(found) },
    })),
    ...steps.map((step, at): RunMessage => ({
      testStepFinished: {
        testCaseStartedId: `start-${key}`,
        testStepId: step.id,
        testStepResult: { status: statuses[at] ?? 'PASSED', ...(message === undefined ? {} : { message }) },
      },
    })),
    { testCaseFinished: { testCaseStartedId: `start-${key}` } },
  ];
}

const resultsOfOne = (played: Played, differing: Facts = {}) =>
  resultsOfMessages([document, ...play(played)], differing);

describe('resultsOf', () => {
  it('makes one check of a scenario, with absent values null', () => {
    const { schema, run, checks } = resultsOfOne({ statuses: ['PASSED', 'PASSED'] });
    expect(schema).toBe(1);
    expect(run).toEqual({
      target: 'mock',
      bank: null,
      startedAt: '2026-11-22T12:00:00.000Z',
      durationMs: null,
      exitCode: 0,
      incomplete: false,
      stopped: null,
      waitedMs: {},
      strict: false,
      tags: null,
      faults: [],
    });
    expect(checks).toEqual([
      {
        id: 'bs2-one',
        verdict: 'passed',
        requirements: ['BS2-code-a'],
        scenario: 'Scenario 0',
        bank: 'bs2',
        expected: null,
        actual: null,
        reason: null,
      },
    ]);
  });

  it('fails a check with what was expected, what came and the step that judged', () => {
    const evidence: Evidence = { finding: 'failed', expected: 'tokens', actual: '400 invalid_grant' };
    const { run, checks } = resultsOfOne({ statuses: ['PASSED', 'FAILED', 'SKIPPED'], evidence: [evidence] });
    expect(run.exitCode).toBe(1);
    expect(checks[0]).toMatchObject({
      verdict: 'failed',
      expected: 'tokens',
      actual: '400 invalid_grant',
      reason: 'step 1',
    });
  });

  it('counts a prerequisite that failed as failed', () => {
    const evidence: Evidence = { finding: 'not-testable', reason: 'no code' };
    const { run, checks } = resultsOfOne({ statuses: ['FAILED', 'SKIPPED'], evidence: [evidence] });
    expect(run.exitCode).toBe(1);
    expect(checks[0]).toMatchObject({ verdict: 'not-testable', reason: 'no code' });
  });

  it('takes a skipped scenario neither for passed nor for failed', () => {
    const evidence: Evidence = { finding: 'skipped', reason: 'the target lacks clock' };
    const { run, checks } = resultsOfOne({ statuses: ['SKIPPED', 'SKIPPED'], evidence: [evidence] });
    expect(run.exitCode).toBe(0);
    expect(checks[0]).toMatchObject({ verdict: 'skipped', reason: 'the target lacks clock' });
  });

  it('passes a record with what was seen', () => {
    const { checks } = resultsOfOne({ statuses: ['PASSED'], evidence: [{ finding: 'recorded', actual: '429' }] });
    expect(checks[0]).toMatchObject({ verdict: 'passed', actual: '429' });
  });

  it.each([
    { strict: false, exitCode: 0 },
    { strict: true, exitCode: 1 },
  ])('ends with $exitCode after a warning when strict is $strict', ({ strict, exitCode }) => {
    const evidence: Evidence = { finding: 'warning', expected: '303', actual: '302' };
    const { run, checks } = resultsOfOne({ statuses: ['PASSED'], evidence: [evidence] }, { strict });
    expect(run.exitCode).toBe(exitCode);
    expect(checks[0]).toMatchObject({ verdict: 'warning', expected: '303', actual: '302' });
  });

  it.each<{ statuses: readonly Status[]; fault: RegExp }>([
    { statuses: ['UNDEFINED', 'SKIPPED'], fault: /"step 0" has no definition/ },
    { statuses: ['AMBIGUOUS', 'SKIPPED'], fault: /"step 0" has several definitions/ },
    { statuses: ['PENDING', 'SKIPPED'], fault: /"step 0" is not written yet/ },
    { statuses: ['FAILED', 'SKIPPED'], fault: /"step 0" ended with an error of the harness: TypeError: boom/ },
    { statuses: ['SKIPPED'], fault: /skipped without a reason/ },
  ])('takes $statuses without evidence for a fault of the harness', ({ statuses, fault }) => {
    const { run, checks } = resultsOfOne({ statuses, message: 'TypeError: boom\n    at somewhere' });
    expect(run.exitCode).toBe(3);
    expect(run.faults[0]).toMatch(fault);
    expect(checks[0]).toMatchObject({ verdict: 'not-testable' });
  });

  it('takes a failed hook of the run for a fault of the harness', () => {
    const hook: RunMessage = { testRunHookFinished: { result: { status: 'FAILED', message: 'Error: no mock' } } };
    const { run } = resultsOfMessages([document, hook]);
    expect(run).toMatchObject({ exitCode: 3, faults: ['Error: no mock'] });
  });

  it('leaves out what was not judged when the run was interrupted', () => {
    const messages = [
      document,
      ...play({ statuses: ['PASSED'] }, 0),
      ...play({ statuses: ['SKIPPED'], evidence: [{ finding: 'interrupted' }] }, 1),
    ];
    const { run, checks } = resultsOfMessages(messages);
    expect(run).toMatchObject({ exitCode: 130, incomplete: true });
    expect(checks.map(({ scenario }) => scenario)).toEqual(['Scenario 0']);
  });

  it('numbers the rows of an outline through all its tables', () => {
    const messages = ['row-1', 'row-2', 'row-3'].flatMap((row, index) => play({ row, statuses: ['PASSED'] }, index));
    const { checks } = resultsOfMessages([document, ...messages]);
    expect(checks.map(({ id }) => id)).toEqual(['bs2-one#1', 'bs2-one#2', 'bs2-one#3']);
  });

  it('keeps the order of the features, whichever scenario ends first', () => {
    const isOfSource = ({ pickle, testCase }: RunMessage): boolean => pickle !== undefined || testCase !== undefined;
    const played = [0, 1, 2].map((index) => play({ id: `bs2-${String(index)}`, statuses: ['PASSED'] }, index));
    const messages = [
      document,
      ...played.flat().filter(isOfSource),
      ...played
        .reverse()
        .flat()
        .filter((m) => !isOfSource(m)),
    ];
    const { checks } = resultsOfMessages(messages);
    expect(checks.map(({ id }) => id)).toEqual(['bs2-0', 'bs2-1', 'bs2-2']);
  });

  it('takes the duration from the messages', () => {
    const messages: RunMessage[] = [
      { testRunStarted: { timestamp: { seconds: 1_796_000_000, nanos: 250_000_000 } } },
      { testRunFinished: { timestamp: { seconds: 1_796_000_002, nanos: 0 } } },
    ];
    const { run } = resultsOfMessages(messages);
    expect(run.durationMs).toBe(1750);
  });
});
