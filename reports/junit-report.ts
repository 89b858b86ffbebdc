import { checkKey } from './check.js';
import { meaningOf } from './check-advice.js';
import type { CheckRecord } from './evidence-records.js';
import { problemLine } from './run-report.js';
import type { RunReport } from './run-report.js';

/** `junit.xml`: one test case a check, a suite for each feature. Class name and name together are unique. */
export function junitReport(report: RunReport): string {
  const { run, checks } = report.evidence;
  const suites = new Map<string, CheckRecord[]>();
  for (const check of checks) suites.set(check.feature.path, [...(suites.get(check.feature.path) ?? []), check]);
  const body = [...suites].map(([path, members]) => {
    const cases = members.map((check) => testCase(report, check));
    const time = seconds(members.reduce((total, { durationMs }) => total + durationMs, 0));
    const head = `  <testsuite name="${escape(path)}" ${counts(cases)} time="${time}" timestamp="${escape(run.startedAt.slice(0, 19))}">`;
    return [head, ...cases.map(({ xml }) => xml), '  </testsuite>'].join('\n');
  });
  const all = checks.map((check) => testCase(report, check));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="homologa ${escape(run.target)}" ${counts(all)} time="${seconds(report.evidence.end?.durationMs ?? 0)}">`,
    ...body,
    '</testsuites>',
    '',
  ].join('\n');
}

interface TestCase {
  readonly xml: string;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
}

function testCase(report: RunReport, check: CheckRecord): TestCase {
  const { evidence, register } = report;
  const { scenario, bank, feature, requirements } = check;
  const className = feature.path.replace(/\.feature$/, '').replaceAll('/', '.');
  const severity = requirements.some((requirement) => register.get(requirement)?.level === 'must') ? 'must' : 'should';
  const properties = [
    ...requirements.map((requirement) => ['requirement', requirement]),
    ['severity', severity],
    ['verdict', check.verdict],
    ['bank', bank],
    ['target', evidence.run.target],
  ].map(([name = '', value = '']) => `        <property name="${name}" value="${escape(value)}"/>`);
  const { outcome, xml } = outcomeOf(report, check);
  const head = `    <testcase classname="${escape(className)}" name="${escape(`${checkKey(check)}: ${scenario}`)}" time="${seconds(check.durationMs)}" file="${escape(feature.path)}" line="${String(feature.line ?? 1)}">`;
  const lines = [head, '      <properties>', ...properties, '      </properties>', ...xml, '    </testcase>'];
  return { xml: lines.join('\n'), outcome };
}

function outcomeOf(report: RunReport, check: CheckRecord): { outcome: TestCase['outcome']; xml: string[] } {
  const { verdict, requirements, reason, fault } = check;
  const type = requirements[0] ?? 'homologa';
  const overdue = report.overdue.find((candidate) => candidate.check === check)?.finding;
  if (overdue !== undefined) {
    const why =
      overdue.outcome === 'stale' ? 'is expected to fail, but passed' : 'was expected to fail until a day that is over';
    return {
      outcome: 'failure',
      xml: [element('failure', overdue.outcome, `${why}: ${overdue.entry?.reason ?? ''}`, '')],
    };
  }
  const expected = report.expected.find((candidate) => candidate.check === check)?.finding;
  if (expected !== undefined) {
    const message = `expected failure: ${expected.entry?.reason ?? ''}; ${problemLine(check)}`;
    return { outcome: 'skipped', xml: [`      <skipped message="${escape(message)}"/>`] };
  }
  if (fault !== null) return { outcome: 'error', xml: [element('error', 'fault-of-homologa', fault, '')] };
  if (report.unexpected.includes(check)) {
    return { outcome: 'failure', xml: [element('failure', type, problemLine(check), details(report, check))] };
  }
  if (verdict === 'skipped' || verdict === 'not-applicable') {
    return { outcome: 'skipped', xml: [`      <skipped message="${escape(reason ?? verdict)}"/>`] };
  }
  const said = check.actual === null ? [] : [`      <system-out>${escape(problemLine(check))}</system-out>`];
  return { outcome: 'passed', xml: said };
}

function details({ register, advice }: RunReport, { id, bank, requirements, steps }: CheckRecord): string {
  const known = advice.get(id);
  const advised = known === undefined ? [] : [meaningOf(known, bank, 'en'), known.change.en, ''];
  const cited = requirements.map((id) => {
    const row = register.get(id);
    return row === undefined ? id : `${id}: ${row.statement}\n  ${row.consequence}\n  ${row.source}`;
  });
  return [...advised, ...cited, '', ...steps.map(({ text, status }) => `${status}: ${text}`)].join('\n');
}

function element(name: 'failure' | 'error', type: string, message: string, text: string): string {
  return `      <${name} type="${escape(type)}" message="${escape(message)}">${escape(text)}</${name}>`;
}

function counts(cases: readonly TestCase[]): string {
  const of = (outcome: TestCase['outcome']): string =>
    String(cases.filter((candidate) => candidate.outcome === outcome).length);
  return `tests="${String(cases.length)}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Characters that XML cannot hold at all are left out. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
