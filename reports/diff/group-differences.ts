import type { ScenarioBank } from '../scenario-tags.js';
import { decidingSetting } from './behaviour-settings.js';
import type { AnswerDifference } from './compare-answers.js';
import { adviseSettings } from './mock-settings.js';
import type { Advice, ComparedAnswers } from './mock-settings.js';
import type { EndpointKind } from './observed-answer.js';

/** Where a difference was seen. */
export interface DifferencePlace {
  readonly check: string;
  readonly step: string;
  readonly request: string;
}

/** One cause for which two runs differ, however often it was seen. */
export interface RunDifference {
  /** Stable, for the list of accepted differences: `bs2.token.lifetime.access_token`. */
  readonly id: string;
  readonly bank: ScenarioBank;
  readonly endpoints: readonly EndpointKind[];
  readonly aspect: string;
  readonly a: string;
  readonly b: string;
  /** In how many answers. */
  readonly answers: number;
  readonly places: readonly DifferencePlace[];
  readonly advice: Advice;
}

/** A difference, and the answers that show it. */
export interface DifferenceFound {
  readonly pair: ComparedAnswers;
  readonly difference: AnswerDifference;
}

/** One row for each cause, those that were seen most first. */
export function groupDifferences(
  findings: readonly DifferenceFound[],
  compared: readonly ComparedAnswers[],
  mock: 'a' | 'b',
): readonly RunDifference[] {
  const groups = new Map<string, DifferenceFound[]>();
  for (const finding of findings) {
    const key = groupKey(finding);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const rows = [...groups.values()].flatMap((group): RunDifference[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { difference, pair } = first;
    const { bank } = pair.mock;
    const pairs = group.map((finding) => finding.pair);
    const shown = { mock: joined(group.map((finding) => finding.difference.mock)), other: difference.other };
    return [
      {
        id: idOf(bank, difference.aspect, pairs),
        bank,
        endpoints: [...new Set(pairs.map((one) => one.mock.endpoint))],
        aspect: difference.aspect,
        a: mock === 'a' ? shown.mock : shown.other,
        b: mock === 'a' ? shown.other : shown.mock,
        answers: group.length,
        places: pairs.map(({ mock: { check, step, method, path } }) => ({ check, step, request: `${method} ${path}` })),
        advice: adviceFor(bank, difference, pairs, compared),
      },
    ];
  });
  return rows.sort((one, two) => one.bank.localeCompare(two.bank) || two.answers - one.answers);
}

function adviceFor(
  bank: ScenarioBank,
  difference: AnswerDifference,
  pairs: readonly ComparedAnswers[],
  compared: readonly ComparedAnswers[],
): Advice {
  const deciding = decidingSetting(bank, difference, pairs);
  if (deciding !== null) return { patch: deciding };
  const { change, why } = difference;
  if (change === null) return { none: why ?? 'the mock has no such setting' };
  return adviseSettings(bank, change, pairs, compared);
}

/** What another decision replaced belongs to it; of all else it only counts what the other bank sends. */
const comparedWhole = new Set(['status']);

/** A header is one cause wherever it is sent. */
function groupKey({ pair, difference: { aspect, mock, other } }: DifferenceFound): string {
  const { bank, endpoint } = pair.mock;
  const place = aspect.startsWith('header.') ? '' : endpoint;
  return [bank, place, aspect, comparedWhole.has(aspect) ? mock : '', other].join('\n');
}

function idOf(bank: ScenarioBank, aspect: string, pairs: readonly ComparedAnswers[]): string {
  if (aspect.startsWith('header.')) return `${bank}.${aspect}`;
  const [endpoint = ''] = pairs.map(({ mock }) => mock.endpoint);
  const errors = new Set(pairs.map(({ mock }) => mock.error));
  const [error] = errors;
  const isOfError = (aspect === 'error-body' || aspect === 'status') && errors.size === 1 && error != null;
  return [bank, endpoint, aspect, ...(isOfError ? [error] : [])].join('.');
}

/** The values of the mock, the most frequent first. */
function joined(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ordered = [...counts].sort(([, one], [, two]) => two - one).map(([value]) => value);
  const more = ordered.length > 3 ? ` or ${String(ordered.length - 3)} others` : '';
  return `${ordered.slice(0, 3).join(' or ')}${more}`;
}
