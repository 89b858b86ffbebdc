import type { Check, Verdict } from './check.js';
import { checkKey, countsAsFailed } from './check.js';
import { meaningOf } from './check-advice.js';
import type { CheckAdvice } from './check-advice.js';
import type { BaselineOutcome } from './expected-failures.js';
import type { Results } from './results.js';
import { keyOf } from './run-report.js';
import { waitedIn } from './waited-words.js';

/** How the terminal is written to. */
export interface TerminalStyle {
  readonly colour: boolean;
  /** Where the reports are, as the reader would type it. */
  readonly folder: string;
  /** The command that runs one check again. */
  readonly rerun: (check: Check) => string;
  /** What failed checks of an application mean. */
  readonly advice?: ReadonlyMap<string, CheckAdvice>;
}

const widest = 110;

/** A text in lines, under a title in the column of the others. */
function wrapped(title: string, text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= widest) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, index) => `  ${(index === 0 ? title : '').padEnd(8)}  ${line}`);
}

const marks: Readonly<Record<Verdict, string>> = {
  passed: '.',
  failed: 'F',
  warning: 'w',
  info: 'i',
  'not-testable': '!',
  'not-applicable': 'n',
  skipped: '-',
};
const colours: Readonly<Record<Verdict, number>> = {
  passed: 32,
  failed: 31,
  warning: 33,
  info: 36,
  'not-testable': 31,
  'not-applicable': 36,
  skipped: 36,
};
const order: readonly Verdict[] = ['failed', 'not-testable', 'warning', 'skipped', 'not-applicable', 'info', 'passed'];

const outcomeTexts: Readonly<Record<BaselineOutcome, string>> = {
  expected: 'failed as expected',
  unexpected: 'failed',
  stale: 'expected to fail, but passed',
  outdated: 'expected to fail, but no longer',
};

function painted(text: string, code: number, colour: boolean): string {
  return colour ? `\u001B[${String(code)}m${text}\u001B[0m` : text;
}

/** One character a check, as it is judged. */
export function progressMark({ verdict }: Check, colour: boolean): string {
  return painted(marks[verdict], colours[verdict], colour);
}

/** A check with all that its reader needs. `advice` null leaves out what a failure would mean: nothing was judged. */
function told(check: Check, style: TerminalStyle, advice = style.advice?.get(check.id) ?? null): string[] {
  const { id, verdict, scenario, requirements, expected, actual, reason } = check;
  const at = id.startsWith('partner.') ? ` (${check.bank})` : '';
  return [
    `${painted(verdict, colours[verdict], style.colour)} ${id}${at}: ${scenario}`,
    ...(reason === null ? [] : [`  ${verdict === 'failed' ? 'at       ' : 'because  '} ${reason}`]),
    ...(expected === null ? [] : [`  expected  ${expected}`]),
    ...(actual === null ? [] : [`  got       ${actual}`]),
    ...(advice === null
      ? []
      : [...wrapped('means', meaningOf(advice, check.bank, 'en')), ...wrapped('change', advice.change.en)]),
    `  cites     ${requirements.join(', ')}`,
    `  again     ${style.rerun(check)}`,
    '',
  ];
}

const mostNamed = 8;

/** Checks that one thing kept from being made. */
function toldTogether(kept: readonly Check[], { colour, rerun }: TerminalStyle): string[] {
  const [first] = kept;
  if (first === undefined) return [];
  const rest = kept.length - mostNamed;
  const ids = kept.slice(0, mostNamed).map(({ id }) => id);
  return [
    `${painted('not-testable', colours['not-testable'], colour)} ${String(kept.length)} checks, for one reason`,
    `  because   ${first.reason ?? 'it is not known why'}`,
    ...wrapped('checks', `${ids.join(', ')}${rest > 0 ? `, and ${String(rest)} more, which the report lists` : ''}`),
    `  again     ${rerun(first)}`,
    '',
  ];
}

/** The closing summary: what needs attention with its reason, what was left out, the counts, and where to read on. */
export function terminalSummary({ run, checks, baseline }: Results, style: TerminalStyle): string {
  const { colour } = style;
  const lines: string[] = [];
  const listed = new Map(
    (baseline ?? []).flatMap((finding) =>
      finding.entry === null ? [] : [[keyOf(finding), { ...finding, entry: finding.entry }] as const],
    ),
  );
  const attention = checks.filter(
    (check) => !listed.has(checkKey(check)) && (countsAsFailed(check, run.strict) || check.verdict === 'warning'),
  );
  const prerequisites = attention.filter(({ verdict }) => verdict === 'not-testable');
  for (const check of attention.filter(({ verdict }) => verdict !== 'not-testable')) lines.push(...told(check, style));
  // What keeps many checks from being made is said once, after what may explain it.
  for (const because of new Set(prerequisites.map(({ reason }) => reason))) {
    const kept = prerequisites.filter(({ reason }) => reason === because);
    const [first] = kept;
    if (first !== undefined) lines.push(...(kept.length === 1 ? told(first, style, null) : toldTogether(kept, style)));
  }
  for (const { check: id, outcome, entry } of listed.values()) {
    const colourOf = outcome === 'expected' ? colours.warning : colours.failed;
    const until = entry.until === undefined ? '' : ` (until ${entry.until})`;
    lines.push(`${painted(outcomeTexts[outcome], colourOf, colour)} ${id}: ${entry.reason}${until}`);
  }
  if (listed.size > 0) lines.push('');
  const skipped = checks.filter(({ verdict }) => verdict === 'skipped');
  for (const { id, reason } of skipped) lines.push(`skipped ${id}: ${reason ?? ''}`);
  if (skipped.length > 0) lines.push('');
  for (const fault of run.faults) lines.push(painted(`fault of homologa: ${fault}`, 31, colour));
  if (run.stopped !== null) lines.push(painted(`stopped: ${run.stopped}`, 31, colour));
  else if (run.incomplete) lines.push(painted('interrupted: what follows is incomplete', 33, colour));
  const counts = order
    .map((verdict) => ({ verdict, count: checks.filter((check) => check.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => painted(`${String(count)} ${verdict}`, colours[verdict], colour));
  const seconds = run.durationMs === null ? '' : ` in ${(run.durationMs / 1000).toFixed(1)} s`;
  const scope = run.bank === null ? run.target : `${run.target}, ${run.bank}`;
  const made = `${String(checks.length)} ${checks.length === 1 ? 'check' : 'checks'} (${scope})`;
  const outcome = counts.length === 0 ? ', nothing was judged' : `: ${counts.join(', ')}`;
  lines.push(`${made}${seconds}${waitedIn(run)}${outcome}`);
  lines.push(`report: ${style.folder}`);
  lines.push('This does not replace the bank’s own homologation.');
  return `${lines.join('\n')}\n`;
}
