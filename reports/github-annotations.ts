import type { CheckRecord } from './evidence-records.js';
import { problemLine } from './run-report.js';
import type { RunReport } from './run-report.js';

/** GitHub shows ten of a step and drops the others without a word. */
const most = 10;

/** Annotations that point at the features' lines; the worst first, then how many more there are. */
export function githubAnnotations({ unexpected, overdue }: RunReport): string {
  const all = [
    ...unexpected.map((check) => annotation(check, `${check.scenario}: ${problemLine(check)}`)),
    ...overdue.map(({ check, finding }) =>
      annotation(check, `expected to fail (${finding.entry?.reason ?? ''}), but ${finding.outcome}`),
    ),
  ];
  const shown = all.length <= most ? all : all.slice(0, most - 1);
  const rest = all.length - shown.length;
  const more = rest === 0 ? [] : [`::error title=homologa::and ${String(rest)} more, see summary.md and index.html`];
  return [...shown, ...more].map((line) => `${line}\n`).join('');
}

function annotation({ id, feature: { path, line } }: CheckRecord, message: string): string {
  return `::error file=${property(path)},line=${String(line ?? 1)},title=${property(id)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
