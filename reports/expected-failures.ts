import * as v from 'valibot';
import { parse } from 'yaml';
import { HomologaError } from '../foundation/homologa-error.js';
import type { Check } from './check.js';
import { countsAsFailed } from './check.js';
import { scenarioBanks } from './scenario-tags.js';

const text = v.pipe(v.string(), v.minLength(1));
const day = v.pipe(
  text,
  v.regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2026-12-31'),
  v.check((value) => isDay(value), 'a day of the calendar'),
);

function isDay(value: string): boolean {
  const ms = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value);
}

/** One entry of the expected-failures file. */
export const expectedFailureSchema = v.strictObject({
  check: text,
  bank: v.optional(v.picklist(scenarioBanks)),
  reason: text,
  owner: v.optional(text),
  /** The last day on which the entry counts. */
  until: v.optional(day),
});

export type ExpectedFailure = v.InferOutput<typeof expectedFailureSchema>;

/**
 * - `expected`: listed, and it fails; `unexpected`: it fails and is not listed;
 * - `stale`: listed, but it passes; `outdated`: listed, but only until a day that is over.
 */
export type BaselineOutcome = 'expected' | 'unexpected' | 'stale' | 'outdated';

/** What the list makes of one check. */
export interface BaselineFinding {
  readonly check: string;
  readonly bank: Check['bank'];
  readonly outcome: BaselineOutcome;
  /** Null where it is `unexpected`. */
  readonly entry: ExpectedFailure | null;
}

/** Thrown for a list that cannot be used; `cause` is `{ file }`. */
export class ExpectedFailuresError extends HomologaError {
  constructor(file: string, problem: string) {
    super('ERR_EXPECTED_FAILURES', `${file}: ${problem}.`, { cause: { file } });
  }
}

/**
 * Reads a list of expected failures. `knownChecks` are the ids of all scenarios: an entry for another one is refused.
 *
 * @throws ExpectedFailuresError (`ERR_EXPECTED_FAILURES`)
 */
export function readExpectedFailures(
  file: string,
  yaml: string,
  knownChecks: ReadonlySet<string>,
): readonly ExpectedFailure[] {
  let document: unknown;
  try {
    document = parse(yaml);
  } catch (error) {
    throw new ExpectedFailuresError(
      file,
      (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '',
    );
  }
  const parsed = v.safeParse(v.array(expectedFailureSchema), document ?? []);
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${problemOf(issue)}`);
    throw new ExpectedFailuresError(file, problems.join('; '));
  }
  for (const [index, { check, bank }] of parsed.output.entries()) {
    if (!knownChecks.has(check)) throw new ExpectedFailuresError(file, `there is no check "${check}"`);
    const isSame = (other: ExpectedFailure): boolean =>
      other.check === check && (bank === undefined || other.bank === undefined || other.bank === bank);
    if (parsed.output.slice(0, index).some(isSame)) throw new ExpectedFailuresError(file, `${check} is there twice`);
  }
  return parsed.output;
}

/** What a list makes of a run's checks. Entries of checks that did not run, or were skipped, say nothing. */
export function judgeExpectedFailures(
  checks: readonly Check[],
  entries: readonly ExpectedFailure[],
  { strict, today }: { readonly strict: boolean; readonly today: string },
): readonly BaselineFinding[] {
  return checks.flatMap((check): BaselineFinding[] => {
    const entry = entries.find(
      (candidate) => candidate.check === check.id && (candidate.bank ?? check.bank) === check.bank,
    );
    const fails = countsAsFailed(check, strict);
    if (entry === undefined)
      return fails ? [{ check: check.id, bank: check.bank, outcome: 'unexpected', entry: null }] : [];
    if (check.verdict === 'skipped' || check.verdict === 'not-applicable') return [];
    if (!fails) return [{ check: check.id, bank: check.bank, outcome: 'stale', entry }];
    const isOver = entry.until !== undefined && entry.until < today;
    return [{ check: check.id, bank: check.bank, outcome: isOver ? 'outdated' : 'expected', entry }];
  });
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'is not known';
  return issue.received === 'undefined' ? 'is missing' : issue.message.replace(/\.$/, '');
}
