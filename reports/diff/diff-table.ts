import { entryLabel } from './accepted-differences.js';
import type { JudgedDiff } from './accepted-differences.js';
import { joinPatches } from './mock-settings.js';
import type { SettingsPatch } from './mock-settings.js';
import type { RunDifference } from './group-differences.js';
import type { ApartScenario } from './run-diff.js';

const widestValue = 60;

/** The settings that would remove all differences that are not accepted. */
export function joinedPatch({ differences, apart }: JudgedDiff): SettingsPatch {
  return joinPatches([
    ...apart.flatMap(({ scenario: { advice }, entry }) => (entry === null && advice !== null ? [advice] : [])),
    ...differences.flatMap(({ difference: { advice }, entry }) =>
      entry === null && 'patch' in advice ? [advice.patch] : [],
    ),
  ]);
}

/** The diff for a terminal: a row for each cause, what stands apart, and the settings. */
export function diffTable(judged: JudgedDiff, page: string): string {
  const { diff, differences, apart, gone, outdated } = judged;
  const lines: string[] = [];
  const fresh = differences.filter(({ entry }) => entry === null);
  if (fresh.length > 0) {
    lines.push(...table(fresh.map(({ difference }) => difference)), '');
    for (const { difference } of fresh) lines.push(...details(difference), '');
  }
  const known = differences.filter(({ entry }) => entry !== null);
  for (const { difference, entry } of known) lines.push(`accepted ${difference.id}: ${entry?.reason ?? ''}`);
  if (known.length > 0) lines.push('');
  for (const { scenario, entry } of apart) lines.push(...apartLines(scenario, entry?.reason ?? null));
  lines.push(...onlyLines(apart.map(({ scenario }) => scenario)));
  if (apart.length > 0) lines.push('');
  for (const entry of outdated) lines.push(`accepted only until ${entry.until ?? ''}: ${entryLabel(entry)}`);
  for (const entry of gone) lines.push(`accepted, but no longer seen: ${entryLabel(entry)} (${entry.reason})`);
  const patch = joinedPatch(judged);
  if (Object.keys(patch).length > 0) {
    const names = `The mock (${diff.mock.toUpperCase()}) answers like the other with PATCH {t}/settings`;
    lines.push(`${names}:`, JSON.stringify(patch), '');
  }
  const counted = [
    `${String(fresh.length)} ${fresh.length === 1 ? 'difference' : 'differences'}`,
    ...(known.length > 0 ? [`${String(known.length)} accepted`] : []),
    `${String(diff.scenarios)} scenarios and ${String(diff.answers)} answers compared`,
    ...countsOf(apart.map(({ scenario }) => scenario)),
    ...(['a', 'b'] as const).flatMap((run) => {
      const count = diff.onlyOne[run];
      return count === 0
        ? []
        : [`${String(count)} ${count === 1 ? 'request' : 'requests'} sent in ${run.toUpperCase()} only`];
    }),
  ];
  lines.push(counted.join(', '), `A: ${titleOf(diff.a.run)}`, `B: ${titleOf(diff.b.run)}`, `page: ${page}`);
  return `${lines.join('\n')}\n`;
}

function titleOf({ target, environment, startedAt }: JudgedDiff['diff']['a']['run']): string {
  return `${target}, ${environment}, ${startedAt}`;
}

function table(rows: readonly RunDifference[]): string[] {
  const head = ['difference', 'A', 'B', 'answers', 'scenarios', 'setting'];
  const cells = rows.map(({ id, a, b, answers, places, advice }) => [
    id,
    cut(a),
    cut(b),
    String(answers),
    String(new Set(places.map(({ check }) => check)).size),
    'patch' in advice ? 'yes' : 'none',
  ]);
  const widths = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)];
}

function details({ id, a, b, endpoints, places, advice }: RunDifference): string[] {
  const checks = [...new Set(places.map(({ check }) => check))];
  const [first] = places;
  return [
    id,
    ...(cut(a) === a && cut(b) === b ? [] : [`  A        ${a}`, `  B        ${b}`]),
    `  at       ${endpoints.join(', ')}`,
    `  seen in  ${named(checks)}`,
    ...(first === undefined ? [] : [`  first    ${first.request}, "${first.step}"`]),
    'patch' in advice ? `  setting  ${JSON.stringify(advice.patch)}` : `  setting  none: ${advice.none}`,
  ];
}

const kinds: Readonly<Record<ApartScenario['kind'], string>> = {
  'other-verdict': 'another verdict',
  'other-record': 'recorded otherwise',
  'only-a': 'judged in A only',
  'only-b': 'judged in B only',
};

function apartLines({ kind, check, a, b, advice }: ApartScenario, reason: string | null): string[] {
  if (kind === 'only-a' || kind === 'only-b') return [];
  const accepted = reason === null ? '' : ` (accepted: ${reason})`;
  const setting = advice === null ? [] : [`  setting  ${JSON.stringify(advice)}`];
  return [`${kinds[kind]}  ${check}${accepted}`, `  A        ${a ?? ''}`, `  B        ${b ?? ''}`, ...setting];
}

/** What only one run judged, by why the other did not. */
function onlyLines(apart: readonly ApartScenario[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { kind, check, a, b } of apart) {
    if (kind !== 'only-a' && kind !== 'only-b') continue;
    const why = (kind === 'only-a' ? b : a) ?? 'not in the other run';
    const key = `${kinds[kind]}, ${why}`;
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  return [...groups].map(([key, checks]) => `${key}: ${named(checks)}`);
}

function named(checks: readonly string[]): string {
  const more = checks.length > 3 ? ` and ${String(checks.length - 3)} more` : '';
  return `${checks.slice(0, 3).join(', ')}${more}`;
}

function countsOf(apart: readonly ApartScenario[]): string[] {
  return Object.entries(kinds).flatMap(([kind, words]) => {
    const count = apart.filter((scenario) => scenario.kind === kind).length;
    return count === 0 ? [] : [`${String(count)} ${kind === 'other-verdict' ? 'with ' : ''}${words}`];
  });
}

/** On one line of the table. */
function cut(text: string): string {
  const line = text.replace(/\s*[\r\n]\s*/g, ' ');
  return line.length <= widestValue ? line : `${line.slice(0, widestValue - 1)}…`;
}
