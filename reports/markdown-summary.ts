import { Buffer } from 'node:buffer';
import { meaningOf } from './check-advice.js';
import type { CheckRecord } from './evidence-records.js';
import { disclaimer, problemLine, rerunCommand, verdictCounts } from './run-report.js';
import type { RunReport } from './run-report.js';
import { waitedIn } from './waited-words.js';
import { verdictSentence } from './verdict-sentence.js';

/** GitHub refuses a step's summary of more than 1 MiB whole. */
const mostBytes = 900_000;

/** `summary.md`: the verdict, counts, unexpected failures, the list of expected ones, and the rest folded. */
export function markdownSummary(report: RunReport): string {
  const { evidence, results, overdue, expected, unexpected, reliance } = report;
  const { run } = evidence;
  const counts = verdictCounts(evidence.checks);
  const blocks = [
    `# ${verdictSentence(report).en}`,
    `${[run.target, run.bank ?? 'both banks', run.environment].map(plain).join(' · ')} · ${run.startedAt} · homologa ${plain(run.homologa)} · ${disclaimer}`,
    [
      '| verdict | checks |',
      '| --- | ---: |',
      ...counts.map(({ verdict, count }) => `| ${verdict} | ${String(count)} |`),
    ].join('\n'),
    ...results.run.faults.map((fault) => `**Fault of homologa:** ${plain(fault)}`),
    ...(unexpected.length === 0 ? [] : ['## Unexpected failures']),
    ...unexpected.map((check) => failure(report, check)),
    ...(overdue.length === 0 ? [] : ['## Expected failures to be taken off the list']),
    ...overdue.map(
      ({ check, finding }) => `- \`${check.id}\` is ${finding.outcome}: ${plain(finding.entry?.reason ?? '')}`,
    ),
    ...folded(
      'Failures that were expected',
      expected.map(
        ({ check, finding }) =>
          `- \`${check.id}\`: ${plain(finding.entry?.reason ?? '')}; ${plain(problemLine(check))}`,
      ),
    ),
    ...folded('Warnings', ofVerdict(report, 'warning')),
    ...folded('Skipped, and why', ofVerdict(report, 'skipped')),
    ...folded('Seen, where nothing says what the bank should do', seen(report)),
    ...folded(
      `Relied on, but written down by nobody (${String(reliance.length)})`,
      reliance.map(({ id, evidence: known, statement }) => `- \`${id}\` (${known}): ${plain(statement)}`),
    ),
    ...folded('Run', [
      `- tags: ${run.tags === null ? 'all' : `\`${plain(run.tags)}\``}, strict: ${String(run.strict)}`,
      ...(waitedIn(results.run) === '' ? [] : [`- waited${waitedIn(results.run)}`]),
      `- Node ${run.node}, commit ${run.commit ?? 'unknown'}`,
      `- evidence.ndjson SHA-256: \`${evidence.sha256}\``,
    ]),
  ];
  return capped(blocks);
}

function failure(report: RunReport, check: CheckRecord): string {
  const cited = check.requirements.map((id) => {
    const row = report.register.get(id);
    return row === undefined
      ? `- ${id}`
      : `- **${id}** ${plain(row.statement)} *${plain(row.consequence)}* (${linked(row.source)})`;
  });
  const { expected, actual, reason } = check;
  const differences = [
    ...(expected === null ? [] : [`- expected: ${plain(expected)}`]),
    ...(actual === null ? [] : [`- got: ${plain(actual)}`]),
    ...(reason === null ? [] : [`- ${check.verdict === 'failed' ? 'at' : 'because'}: ${plain(reason)}`]),
  ];
  const known = report.advice.get(check.id);
  const advised =
    known === undefined
      ? []
      : [
          `- what it means: ${plain(meaningOf(known, check.bank, 'en'))}`,
          `- what to change: ${plain(known.change.en)}`,
        ];
  const at = check.id.startsWith('partner.') ? ` (${check.bank})` : '';
  return [
    `### ${check.verdict} \`${check.id}\`${at} ${plain(check.scenario)}`,
    '',
    ...differences,
    ...advised,
    ...cited,
    `- again: \`${rerunCommand(report.evidence.run, check)}\``,
  ].join('\n');
}

function ofVerdict({ evidence }: RunReport, verdict: CheckRecord['verdict']): string[] {
  return evidence.checks
    .filter((check) => check.verdict === verdict)
    .map((check) => `- \`${check.id}\`: ${plain(problemLine(check))}`);
}

function seen({ evidence }: RunReport): string[] {
  return evidence.checks
    .filter(({ verdict, expected, actual }) => verdict === 'passed' && expected === null && actual !== null)
    .map((check) => `- \`${check.id}\` ${plain(check.scenario)}: ${plain(check.actual ?? '')}`);
}

/** An address alone becomes a link, which no character of it may be escaped in. */
function linked(source: string): string {
  return /^https?:[^\s<>]+$/.test(source) ? `<${source}>` : plain(source);
}

function folded(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`];
}

/** Nothing of what a bank says may become markup. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#]/g, (character) => `\\${character}`);
}

function capped(blocks: readonly string[]): string {
  const kept: string[] = [];
  let size = 0;
  for (const [index, block] of blocks.entries()) {
    size += Buffer.byteLength(block) + 2;
    if (size > mostBytes) {
      kept.push(`*${String(blocks.length - index)} more sections do not fit here; index.html has all.*`);
      break;
    }
    kept.push(block);
  }
  return `${kept.join('\n\n')}\n`;
}
