import { checkKey } from '../check.js';
import type { CheckRecord, ExchangeRecord } from '../evidence-records.js';
import type { RunEvidence } from '../run-evidence.js';
import type { ScenarioBank } from '../scenario-tags.js';
import { compareAnswers } from './compare-answers.js';
import { behaviourSettings } from './behaviour-settings.js';
import { groupDifferences } from './group-differences.js';
import type { DifferenceFound, RunDifference } from './group-differences.js';
import type { ComparedAnswers, SettingsPatch } from './mock-settings.js';
import { normalText } from './normal-text.js';
import { learnPaths, observe, redirectOf, redirectUrisOf } from './observed-answer.js';
import type { ObservedAnswer } from './observed-answer.js';
import { pairAnswers } from './pair-answers.js';
import type { AnswerPair } from './pair-answers.js';

/** A scenario that stands apart: `other-verdict` and `other-record` are differences, the others could not be compared. */
export interface ApartScenario {
  readonly kind: 'other-verdict' | 'other-record' | 'only-a' | 'only-b';
  readonly check: string;
  readonly bank: ScenarioBank;
  readonly scenario: string;
  /** What each run says of it; null where it is not in that run. */
  readonly a: string | null;
  readonly b: string | null;
  /** Settings of the mock with which its scenario would end like the other's; null where none are known. */
  readonly advice: SettingsPatch | null;
}

/** Where the observed behaviour of two runs differs. */
export interface RunDiff {
  readonly a: RunEvidence;
  readonly b: RunEvidence;
  /** Which of the two is the mock whose settings are named. */
  readonly mock: 'a' | 'b';
  readonly differences: readonly RunDifference[];
  readonly apart: readonly ApartScenario[];
  /** Scenarios that both runs judged. */
  readonly scenarios: number;
  readonly answers: number;
  /** Answers to requests that one run alone sent, in scenarios that both judged; pages do not count. */
  readonly onlyOne: { readonly a: number; readonly b: number };
}

/** Compares two runs, scenario by scenario and step by step. */
export function diffRuns(a: RunEvidence, b: RunEvidence): RunDiff {
  // The first is the mock, unless only the second says that it is one.
  const mock = isOwnMock(b) && !isOwnMock(a) ? 'b' : 'a';
  const findings: DifferenceFound[] = [];
  const compared: ComparedAnswers[] = [];
  const apart: ApartScenario[] = [];
  const [ofA, ofB] = [observer(a), observer(b)];
  const others = new Map(b.checks.map((check) => [checkKey(check), check]));
  const onlyOne = { a: 0, b: 0 };
  let scenarios = 0;
  for (const check of a.checks) {
    const other = others.get(checkKey(check));
    others.delete(checkKey(check));
    const kind = kindOf(check, other);
    if (kind === 'unjudged') continue;
    if (kind !== 'alike' && isOfRun(check, b)) apart.push(apartOf(kind, { a: check, b: other, mock }));
    if (other === undefined || kind === 'only-a' || kind === 'only-b') continue;
    scenarios += 1;
    // What follows of another verdict or record is told by it.
    const isApart = kind !== 'alike';
    for (const step of pairSteps(ofA(check), ofB(other))) {
      const pairs = pairAnswers(...step);
      const ends = isApart && pairs.some(partsWays);
      for (const pair of pairs) {
        if (pair.a === null || pair.b === null) {
          // What was asked is the harness's affair: it follows of what came before, or of how consent was given.
          const side = pair.a === null ? 'b' : 'a';
          if ((pair.a ?? pair.b)?.endpoint !== 'redirect') onlyOne[side] += 1;
          continue;
        }
        if (isApart && partsWays(pair)) continue;
        const answers = mock === 'a' ? { mock: pair.a, other: pair.b } : { mock: pair.b, other: pair.a };
        if (answers.mock.endpoint !== 'redirect') compared.push(answers);
        const differences = compareAnswers(answers.mock, answers.other);
        findings.push(...differences.map((difference) => ({ pair: answers, difference })));
      }
      if (ends) break;
    }
  }
  for (const check of others.values()) {
    if (isJudged(check) && isOfRun(check, a)) apart.push(apartOf('only-b', { a: undefined, b: check, mock }));
  }
  return {
    a,
    b,
    mock,
    differences: groupDifferences(findings, compared, mock),
    apart,
    scenarios,
    answers: compared.length,
    onlyOne,
  };
}

function isOwnMock({ run }: RunEvidence): boolean {
  return run.environment === 'mock in this process';
}

function isJudged(check: CheckRecord | undefined): boolean {
  return check !== undefined && check.verdict !== 'skipped' && check.verdict !== 'not-applicable';
}

function kindOf(a: CheckRecord, b: CheckRecord | undefined): ApartScenario['kind'] | 'alike' | 'unjudged' {
  if (!isJudged(a)) return isJudged(b) ? 'only-b' : 'unjudged';
  if (b === undefined || !isJudged(b)) return 'only-a';
  if (a.verdict !== b.verdict) return 'other-verdict';
  return normalText(a.actual ?? '') === normalText(b.actual ?? '') ? 'alike' : 'other-record';
}

/** A run of one bank says nothing of the other. */
function isOfRun({ bank }: CheckRecord, { run }: RunEvidence): boolean {
  return run.bank === null || run.bank === bank;
}

interface Ends {
  readonly a: CheckRecord | undefined;
  readonly b: CheckRecord | undefined;
  readonly mock: 'a' | 'b';
}

function apartOf(kind: ApartScenario['kind'], { a, b, mock }: Ends): ApartScenario {
  const check = a ?? b;
  if (check === undefined) throw new TypeError('A scenario is in one of the runs.');
  const said = (one: CheckRecord | undefined): string | null => {
    if (one === undefined) return null;
    const what = one.actual ?? one.reason;
    return what === null ? one.verdict : `${one.verdict}: ${what}`;
  };
  const [of, ends] = [said(a), said(b)];
  const isDifferent = kind === 'other-verdict' || kind === 'other-record';
  const advice = isDifferent ? behaviourSettings(check, (mock === 'a' ? ends : of) ?? '') : null;
  return { kind, check: checkKey(check), bank: check.bank, scenario: check.scenario, a: of, b: ends, advice };
}

/** Reads the answers of a check of a run, step by step, redirects back to the client as answers of their own. */
function observer(run: RunEvidence): (check: CheckRecord) => ReadonlyMap<string, readonly ObservedAnswer[]> {
  const all = [...run.exchanges.values()].flat();
  const byBank = (bank: ScenarioBank): ExchangeRecord[] => {
    const checks = new Set(run.checks.filter((check) => check.bank === bank).map(checkKey));
    return all.filter(({ check }) => checks.has(check));
  };
  const paths = { bs2: learnPaths(byBank('bs2'), run.bodies), btg: learnPaths(byBank('btg'), run.bodies) };
  const redirectUris = redirectUrisOf(all);
  return (check) => {
    const steps = new Map<string, ObservedAnswer[]>();
    let last: string | null = null;
    let turn = 0;
    for (const record of run.exchanges.get(checkKey(check)) ?? []) {
      // A mock's control is no part of a bank.
      if (record.step === null || /^https?:\/\/[^/]+\/_mock\//.test(record.request.url)) continue;
      if (record.step !== last) turn += 1;
      last = record.step;
      const answer = observe(record, run.bodies, { bank: check.bank, paths: paths[check.bank], step: record.step });
      const redirect = redirectOf(answer, redirectUris);
      const key = `${String(turn)} ${record.step}`;
      steps.set(key, [...(steps.get(key) ?? []), answer, ...(redirect === null ? [] : [redirect])]);
    }
    return steps;
  };
}

/** Steps are the same in both runs but for those that sent nothing in one of them. */
function pairSteps(
  a: ReadonlyMap<string, readonly ObservedAnswer[]>,
  b: ReadonlyMap<string, readonly ObservedAnswer[]>,
): [readonly ObservedAnswer[], readonly ObservedAnswer[]][] {
  const keyed = (steps: ReadonlyMap<string, readonly ObservedAnswer[]>) => {
    const seen = new Map<string, number>();
    return new Map(
      [...steps].map(([key, answers]) => {
        const text = key.slice(key.indexOf(' ') + 1);
        const count = (seen.get(text) ?? 0) + 1;
        seen.set(text, count);
        return [`${text}\n${String(count)}`, answers] as const;
      }),
    );
  };
  const [ofA, ofB] = [keyed(a), keyed(b)];
  return [...new Set([...ofA.keys(), ...ofB.keys()])].map((key) => [ofA.get(key) ?? [], ofB.get(key) ?? []]);
}

/** Whether the two banks take different decisions, after which nothing is comparable. */
function partsWays({ a, b }: AnswerPair): boolean {
  if (a === null || b === null) return true;
  return classOf(a.status) !== classOf(b.status);
}

function classOf(status: number | null): number {
  if (status === null) return 0;
  return status < 400 ? 1 : 2;
}
