import type { DeclaredBug } from './partner-catalogue.js';

/** One verdict of a run of `homologa verify`. */
export interface JudgedCheck {
  readonly id: string;
  readonly bank: string;
  readonly verdict: string;
}

/** A run of `homologa verify`; `checks` is null where nothing was judged. */
export interface JudgedPartner {
  readonly exitCode: number | null;
  readonly checks: readonly JudgedCheck[] | null;
  /** What it said, for the reader of a failure. */
  readonly said: string;
}

const harmless = new Set(['passed', 'info', 'not-applicable']);

/** What speaks against a correct partner: everything but a pass. Empty for one that passes. */
export function problemsOfCorrectPartner(run: JudgedPartner, warns: readonly string[]): readonly string[] {
  if (run.checks === null) return [`nothing was judged (exit code ${String(run.exitCode)}): ${lastLine(run.said)}`];
  if (!run.checks.some(({ verdict }) => verdict === 'passed')) return ['no check passed'];
  const bad = run.checks
    .filter(({ id, verdict }) => !harmless.has(verdict) && !(verdict === 'warning' && warns.includes(id)))
    .map(({ id, bank, verdict }) => `${verdict}: ${id} (${bank})`);
  return run.exitCode === 0 || bad.length > 0 ? bad : [`exit code ${String(run.exitCode)}: ${lastLine(run.said)}`];
}

/**
 * What speaks against the claim that a bug is noticed, and nothing else accused: the control must pass the checks that
 * the bug declares, the application with the bug must fail (or be warned by) each of them, and no other check of the
 * run may fail.
 */
export function problemsOfBug(bug: DeclaredBug, broken: JudgedPartner, control: JudgedPartner): readonly string[] {
  if (bug.passesNothing) return problemsOfPassingNothing(broken, control);
  if (broken.checks === null) {
    return [`nothing was judged (exit code ${String(broken.exitCode)}): ${lastLine(broken.said)}`];
  }
  const declared = new Map<string, string>([
    ...bug.informs.map((id): [string, string] => [id, 'info']),
    ...bug.warns.map((id): [string, string] => [id, 'warning']),
    ...bug.fails.map((id): [string, string] => [id, 'failed']),
  ]);
  return [
    ...[...declared].flatMap(([id, verdict]) => problemsOfDeclared(id, verdict, broken.checks ?? [], control)),
    ...strays(broken.checks, new Set([...declared.keys(), ...bug.follows]), bug.blocks, control),
  ];
}

function problemsOfDeclared(
  id: string,
  wanted: string,
  checks: readonly JudgedCheck[],
  control: JudgedPartner,
): readonly string[] {
  const made = checks.filter((check) => check.id === id && check.verdict !== 'not-applicable');
  if (made.length === 0) return [`not made: ${id}`];
  const before = (control.checks ?? []).filter(
    (check) => check.id === id && ['passed', 'info'].includes(check.verdict),
  );
  if (before.length === 0) return [`the control does not pass: ${id}`];
  const got = made.map(({ verdict }) => verdict);
  return got.includes(wanted) ? [] : [`unnoticed: ${id} (${got.join(', ')} instead of ${wanted})`];
}

/** Verdicts beside the declaration that the control does not have. */
function strays(
  checks: readonly JudgedCheck[],
  expected: ReadonlySet<string>,
  blocks: readonly string[],
  control: JudgedPartner,
): readonly string[] {
  // What needs something that the bug breaks cannot be made.
  const isBlocked = (id: string): boolean => blocks.some((start) => id === start || id.startsWith(`${start}.`));
  return checks
    .filter(({ id, verdict }) => !expected.has(id) && !harmless.has(verdict))
    .filter(({ id, verdict }) => !(verdict === 'not-testable' && isBlocked(id)))
    .filter((check) => !(control.checks ?? []).some((other) => isSame(check, other)))
    .map(({ id, bank, verdict }) => `beside the point: ${id} (${bank}, ${verdict})`);
}

function isSame(one: JudgedCheck, other: JudgedCheck): boolean {
  return one.id === other.id && one.bank === other.bank && one.verdict === other.verdict;
}

function problemsOfPassingNothing(broken: JudgedPartner, control: JudgedPartner): readonly string[] {
  const passed = (broken.checks ?? []).filter(({ verdict }) => verdict === 'passed');
  const controls = (control.checks ?? []).some(({ verdict }) => verdict === 'passed');
  return [
    ...(controls ? [] : ['the control passes nothing either']),
    ...(broken.exitCode === 1 || broken.exitCode === 2 ? [] : [`exit code ${String(broken.exitCode)}`]),
    ...passed.map(({ id, bank }) => `passed all the same: ${id} (${bank})`),
  ];
}

function lastLine(said: string): string {
  return said.trim().split('\n').at(-1) ?? '';
}
