import * as v from 'valibot';
import { parse } from 'yaml';
import { HomologaError } from '../../foundation/homologa-error.js';
import type { RunDifference } from './group-differences.js';
import type { ApartScenario, RunDiff } from './run-diff.js';

const text = v.pipe(v.string(), v.minLength(1));
const day = v.pipe(
  text,
  v.regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2026-12-31'),
  v.isoDate('a day of the calendar'),
);
const why = { reason: text, owner: v.optional(text), until: v.optional(day) };

/** One entry: a row of the table, by its id and, where that is not enough, its values; or a scenario that stands apart. */
export const acceptedDifferenceSchema = v.union([
  v.strictObject({ difference: text, a: v.optional(v.string()), b: v.optional(v.string()), ...why }),
  v.strictObject({ scenario: text, ...why }),
]);
export type AcceptedDifference = v.InferOutput<typeof acceptedDifferenceSchema>;

/** Thrown for a list that cannot be used; `cause` is `{ file }`. */
export class AcceptedDifferencesError extends HomologaError {
  constructor(file: string, problem: string) {
    super('ERR_ACCEPTED_DIFFERENCES', `${file}: ${problem}.`, { cause: { file } });
  }
}

/**
 * Reads a list of accepted differences.
 *
 * @throws AcceptedDifferencesError (`ERR_ACCEPTED_DIFFERENCES`)
 */
export function readAcceptedDifferences(file: string, yaml: string): readonly AcceptedDifference[] {
  let document: unknown;
  try {
    document = parse(yaml);
  } catch (error) {
    const [line = 'not YAML'] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new AcceptedDifferencesError(file, line.replace(/[:.]$/, ''));
  }
  if (!Array.isArray(document ?? [])) throw new AcceptedDifferencesError(file, 'expected a list of entries');
  const entries: unknown[] = Array.isArray(document) ? document : [];
  return entries.map((entry, index) => readEntry(file, entry, index));
}

function readEntry(file: string, entry: unknown, index: number): AcceptedDifference {
  const parsed = v.safeParse(acceptedDifferenceSchema, entry);
  if (parsed.success) return parsed.output;
  const form = 'expected {difference, reason, a?, b?, owner?, until?} or {scenario, reason, owner?, until?}';
  throw new AcceptedDifferencesError(file, `entry ${String(index + 1)}: ${form}, reason not empty, until a day`);
}

/** What a list makes of a diff. */
export interface JudgedDiff {
  readonly diff: RunDiff;
  readonly differences: readonly { readonly difference: RunDifference; readonly entry: AcceptedDifference | null }[];
  readonly apart: readonly { readonly scenario: ApartScenario; readonly entry: AcceptedDifference | null }[];
  /** Entries whose last day is over: what they accepted counts again. */
  readonly outdated: readonly AcceptedDifference[];
  /** Entries of which nothing was seen any more. */
  readonly gone: readonly AcceptedDifference[];
  /** Whether anything differs that is not accepted. */
  readonly isDifferent: boolean;
}

/** Holds the list against what differs; `today` is `YYYY-MM-DD`. */
export function judgeDiff(diff: RunDiff, entries: readonly AcceptedDifference[], today: string): JudgedDiff {
  const matching = new Set<AcceptedDifference>();
  const outdated = new Set<AcceptedDifference>();
  const find = (matches: (entry: AcceptedDifference) => boolean): AcceptedDifference | null => {
    const found = entries.filter(matches);
    for (const entry of found) matching.add(entry);
    const [valid] = found.filter(({ until }) => until === undefined || until >= today);
    if (valid === undefined) for (const entry of found) outdated.add(entry);
    return valid ?? null;
  };
  const differences = diff.differences.map((difference) => ({
    difference,
    entry: find(
      (entry) =>
        'difference' in entry &&
        entry.difference === difference.id &&
        (entry.a ?? difference.a) === difference.a &&
        (entry.b ?? difference.b) === difference.b,
    ),
  }));
  const apart = diff.apart.map((scenario) => ({
    scenario,
    entry: find((entry) => 'scenario' in entry && entry.scenario === scenario.check),
  }));
  const counts = ({ kind }: ApartScenario): boolean => kind === 'other-verdict' || kind === 'other-record';
  return {
    diff,
    differences,
    apart,
    outdated: [...outdated],
    gone: entries.filter((entry) => !matching.has(entry)),
    isDifferent:
      differences.some(({ entry }) => entry === null) ||
      apart.some(({ entry, scenario }) => entry === null && counts(scenario)),
  };
}

/** What an entry speaks of, in one line. */
export function entryLabel(entry: AcceptedDifference): string {
  return 'difference' in entry ? entry.difference : entry.scenario;
}
