import type { Check, Verdict } from './check.js';
import { readEvidence } from './evidence.js';
import type { Evidence } from './evidence.js';
import { readExchanges } from './exchange.js';
import type { Exchange } from './exchange.js';
import { timestampMs } from './run-messages.js';
import type { RunMessage } from './run-messages.js';
import { readScenarioTags } from './scenario-tags.js';
import type { Capability, ScenarioKind, ScenarioTags } from './scenario-tags.js';

/** How a scenario went, whatever it came to. */
export interface PlayedScenario {
  readonly conduct: ScenarioKind;
  readonly needs: readonly Capability[];
  readonly feature: { readonly path: string; readonly line: number | null };
  readonly steps: readonly { readonly text: string; readonly status: string }[];
  readonly exchanges: readonly Exchange[];
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/** What a finished scenario came to; `fault` says what is wrong with the harness, null where nothing is. */
export interface JudgedScenario {
  readonly check: Check;
  readonly fault: string | null;
  /** Its place in the order of the features. */
  readonly index: number;
  readonly pickleId: string;
  readonly played: PlayedScenario;
}

type Judgement = Pick<JudgedScenario, 'check' | 'fault'>;

/** Reads a run's messages one by one, in whatever order parallel workers send them. */
export interface CheckCollector {
  /** Takes a message; gives the check where the message ends a scenario that was judged. */
  add(message: RunMessage): JudgedScenario | null;
  /** What was judged so far, in the order of the features. */
  readonly judged: readonly JudgedScenario[];
  /** Faults outside scenarios: hooks of the whole run. */
  readonly faults: readonly string[];
  /** Whether a scenario was left out because the run was stopped. */
  readonly interrupted: boolean;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

type Pickle = NonNullable<RunMessage['pickle']>;
type TestCase = NonNullable<RunMessage['testCase']>;
type StepResult = NonNullable<RunMessage['testStepFinished']>;

interface Attempt {
  readonly testCaseId: string;
  readonly steps: StepResult[];
  readonly evidence: Evidence[];
  readonly exchanges: Exchange[];
  readonly startedAtMs: number;
}

/** Reads what the tags of a scenario say. */
export type ReadTags = (tags: readonly string[]) => ScenarioTags;

/** Turns cucumber messages into checks; `readTags` reads a scenario's tags, as those of a bank scenario unless told. */
export function createCheckCollector(readTags: ReadTags = readScenarioTags): CheckCollector {
  const rows = new Map<string, number>();
  const pickles = new Map<string, { readonly pickle: Pickle; readonly index: number }>();
  const testCases = new Map<string, TestCase>();
  const attempts = new Map<string, Attempt>();
  const judged: JudgedScenario[] = [];
  const faults: string[] = [];
  let interrupted = false;
  let startedAtMs: number | null = null;
  let finishedAtMs: number | null = null;

  function finish(attempt: Attempt, finishedMs: number): JudgedScenario | null {
    const testCase = testCases.get(attempt.testCaseId);
    const known = testCase === undefined ? undefined : pickles.get(testCase.pickleId);
    if (testCase === undefined || known === undefined) return null;
    if (attempt.evidence.some(({ finding }) => finding === 'interrupted')) {
      interrupted = true;
      return null;
    }
    const scenario = {
      ...judge(known.pickle, testCase, attempt, { rows, readTags }),
      index: known.index,
      pickleId: known.pickle.id,
      played: describePlay(known.pickle, testCase, attempt, { finishedMs, readTags }),
    };
    judged.push(scenario);
    judged.sort((first, second) => first.index - second.index);
    return scenario;
  }

  return {
    add(message) {
      const { pickle, testCase, testCaseStarted, testStepFinished, testCaseFinished, attachment } = message;
      if (message.gherkinDocument !== undefined) for (const [id, row] of rowsOf(message)) rows.set(id, row);
      if (pickle !== undefined) pickles.set(pickle.id, { pickle, index: pickles.size });
      if (testCase !== undefined) testCases.set(testCase.id, testCase);
      if (message.testRunStarted !== undefined) startedAtMs = timestampMs(message.testRunStarted.timestamp);
      if (message.testRunFinished !== undefined) finishedAtMs = timestampMs(message.testRunFinished.timestamp);
      if (message.testRunHookFinished?.result.status === 'FAILED') {
        faults.push(firstLine(message.testRunHookFinished.result.message) ?? 'a hook of the run failed');
      }
      if (testCaseStarted !== undefined) {
        const { id, testCaseId, timestamp } = testCaseStarted;
        const startedMs = timestamp === undefined ? 0 : timestampMs(timestamp);
        attempts.set(id, { testCaseId, steps: [], evidence: [], exchanges: [], startedAtMs: startedMs });
      }
      if (attachment?.testCaseStartedId !== undefined) {
        const attempt = attempts.get(attachment.testCaseStartedId);
        const evidence = readEvidence(attachment);
        if (evidence !== null) attempt?.evidence.push(evidence);
        attempt?.exchanges.push(...readExchanges(attachment));
      }
      if (testStepFinished !== undefined) {
        attempts.get(testStepFinished.testCaseStartedId)?.steps.push(testStepFinished);
      }
      if (testCaseFinished === undefined) return null;
      const { testCaseStartedId, timestamp } = testCaseFinished;
      const attempt = attempts.get(testCaseStartedId);
      attempts.delete(testCaseStartedId);
      return attempt === undefined ? null : finish(attempt, timestamp === undefined ? 0 : timestampMs(timestamp));
    },
    get judged() {
      return [...judged];
    },
    faults,
    get interrupted() {
      return interrupted;
    },
    get startedAtMs() {
      return startedAtMs;
    },
    get finishedAtMs() {
      return finishedAtMs;
    },
  };
}

/** The rows of every outline of a feature by their node, counted from 1 through all its tables. */
function rowsOf({ gherkinDocument }: RunMessage): [string, number][] {
  const children = (gherkinDocument?.feature?.children ?? []).flatMap(({ scenario, rule }) => [
    { scenario },
    ...(rule?.children ?? []),
  ]);
  return children.flatMap(({ scenario }) =>
    (scenario?.examples ?? [])
      .flatMap(({ tableBody }) => tableBody)
      .map(({ id }, index): [string, number] => [id, index + 1]),
  );
}

/** What evidence makes of a check in which no step failed; null where it says nothing of it. */
export function verdictOf(found: Evidence): (Pick<Check, 'verdict'> & Partial<Check>) | null {
  switch (found.finding) {
    case 'failed':
    case 'warning':
      return { verdict: found.finding, expected: found.expected, actual: found.actual };
    case 'info':
      return { verdict: 'info', expected: found.expected ?? null, actual: found.actual };
    case 'recorded':
      return { verdict: 'passed', actual: found.actual };
    case 'not-testable':
    case 'not-applicable':
    case 'skipped':
      return { verdict: found.finding, reason: found.reason };
    case 'interrupted':
      return null;
  }
}

interface Reading {
  readonly rows: ReadonlyMap<string, number>;
  readonly readTags: ReadTags;
}

function judge(pickle: Pickle, testCase: TestCase, attempt: Attempt, { rows, readTags }: Reading): Judgement {
  const tags = readTags(pickle.tags.map(({ name }) => name));
  const row = pickle.astNodeIds.map((id) => rows.get(id)).find((found) => found !== undefined);
  const judged = (verdict: Verdict, said: Partial<Pick<Check, 'expected' | 'actual' | 'reason'>> = {}): Check => ({
    id: row === undefined ? tags.id : `${tags.id}#${String(row)}`,
    verdict,
    requirements: tags.requirements,
    scenario: pickle.name,
    bank: tags.bank,
    expected: said.expected ?? null,
    actual: said.actual ?? null,
    reason: said.reason ?? null,
  });
  const { evidence, steps } = attempt;
  const bad = steps.find(({ testStepResult: { status } }) => status !== 'PASSED' && status !== 'SKIPPED');
  if (bad !== undefined) {
    const why = evidence.find(({ finding }) => finding === 'failed' || finding === 'not-testable');
    const isFailed = bad.testStepResult.status === 'FAILED';
    if (isFailed && why?.finding === 'failed') {
      const { expected, actual } = why;
      return { check: judged('failed', { expected, actual, reason: stepText(bad, pickle, testCase) }), fault: null };
    }
    if (isFailed && why?.finding === 'not-testable') {
      return { check: judged('not-testable', { reason: why.reason }), fault: null };
    }
    const fault = faultOf(bad, pickle, testCase);
    return { check: judged('not-testable', { reason: fault }), fault };
  }
  const found = evidence.map(verdictOf).find((candidate) => candidate !== null);
  if (found != null) return { check: judged(found.verdict, found), fault: null };
  if (steps.some(({ testStepResult: { status } }) => status === 'SKIPPED')) {
    const fault = 'a step was skipped without a reason';
    return { check: judged('not-testable', { reason: fault }), fault };
  }
  return { check: judged('passed'), fault: null };
}

function describePlay(
  pickle: Pickle,
  testCase: TestCase,
  attempt: Attempt,
  { finishedMs, readTags }: { readonly finishedMs: number; readonly readTags: ReadTags },
): PlayedScenario {
  const { kind, needs } = readTags(pickle.tags.map(({ name }) => name));
  const steps = attempt.steps.flatMap((step) => {
    const text = stepText(step, pickle, testCase);
    return text === null ? [] : [{ text, status: step.testStepResult.status.toLowerCase() }];
  });
  return {
    conduct: kind,
    needs,
    // Written with "/" on every system, and never absolute: cucumber runs in the package's folder.
    feature: { path: pickle.uri.replaceAll('\\', '/'), line: pickle.location?.line ?? null },
    steps,
    exchanges: attempt.exchanges,
    startedAtMs: attempt.startedAtMs,
    durationMs: Math.max(0, finishedMs - attempt.startedAtMs),
  };
}

function stepText(step: StepResult, pickle: Pickle, testCase: TestCase): string | null {
  const { pickleStepId } = testCase.testSteps.find(({ id }) => id === step.testStepId) ?? {};
  return pickle.steps.find(({ id }) => id === pickleStepId)?.text ?? null;
}

function faultOf(step: StepResult, pickle: Pickle, testCase: TestCase): string {
  const text = stepText(step, pickle, testCase);
  const where = text === null ? 'a hook' : `the step "${text}"`;
  const { status, message } = step.testStepResult;
  switch (status) {
    case 'UNDEFINED':
      return `${where} has no definition`;
    case 'AMBIGUOUS':
      return `${where} has several definitions`;
    case 'PENDING':
      return `${where} is not written yet`;
    default:
      return `${where} ended with an error of the harness: ${firstLine(message) ?? 'unknown'}`;
  }
}

function firstLine(message: string | undefined): string | null {
  return message?.split('\n', 1)[0] ?? null;
}
