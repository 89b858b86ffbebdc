import type { CheckRecord } from '../evidence-records.js';
import { rerunCommand } from '../run-report.js';
import type { RunReport } from '../run-report.js';
import { anchorOf, badge, both, escapeHtml, nameOf, outcomeBadge, sourceLink } from './html-text.js';

/** Expected against actual, and why; empty where the check says none of it. */
export function differences({ expected, actual, reason, verdict }: CheckRecord): string {
  const isBad = verdict === 'failed';
  const cell = (title: string, text: string, kind = ''): string =>
    `<div${kind}><strong>${title}</strong>${escapeHtml(text)}</div>`;
  const cells = [
    ...(expected === null ? [] : [cell(both('Expected', 'Esperado'), expected)]),
    ...(actual === null
      ? []
      : [
          cell(
            expected === null ? both('Seen', 'Observado') : both('Got', 'Recebido'),
            actual,
            isBad ? ' class="got"' : '',
          ),
        ]),
  ];
  const why = verdict === 'failed' ? both('At the step', 'No passo') : both('Because', 'Motivo');
  const reasons = reason === null ? '' : `<p class="soft">${why}: ${escapeHtml(reason)}</p>`;
  return `${cells.length === 0 ? '' : `<div class="pair">${cells.join('')}</div>`}${reasons}`;
}

/** The sentences that a check cites: what is owed, what it means for the partner, where it is written. */
export function citations({ register }: RunReport, { requirements }: Pick<CheckRecord, 'requirements'>): string {
  return requirements
    .map((id) => {
      const row = register.get(id);
      const link = `<a href="#req-${escapeHtml(id)}">${escapeHtml(id)}</a>`;
      if (row === undefined) return `<div class="why">${link}</div>`;
      const consequence = `<strong>${both('What it means for you', 'O que significa para você')}:</strong> <span lang="en">${escapeHtml(row.consequence)}</span>`;
      const source = `${escapeHtml(row.evidence)} · ${sourceLink(row.source)}`;
      return `<div class="why"><p>${link} <span lang="en">${escapeHtml(row.statement)}</span></p><p class="consequence">${consequence}</p><p class="soft">${source}</p></div>`;
    })
    .join('');
}

/** One check, folded; its exchanges are drawn when it is opened. */
export function checkDetails(report: RunReport, check: CheckRecord): string {
  const { id, verdict, bank, requirements, scenario, steps, feature } = check;
  const finding = (report.results.baseline ?? []).find((candidate) => candidate.check === id);
  const listed =
    finding?.entry == null
      ? ''
      : ` ${outcomeBadge(finding.outcome)} <span class="soft">${escapeHtml(finding.entry.reason)}</span>`;
  const isOpen = report.unexpected[0] === check;
  const list = steps.map(
    ({ text, status }) =>
      `<li>${escapeHtml(text)}${status === 'passed' ? '' : ` <b class="badge ${status === 'failed' ? 'failed' : 'skipped'}">${status}</b>`}</li>`,
  );
  return [
    `<details class="check" id="${escapeHtml(anchorOf(id))}" data-v="${verdict}" data-b="${bank}" data-r="${escapeHtml(requirements.join(' '))}"${isOpen ? ' open' : ''}>`,
    `<summary>${badge(verdict)} <code>${escapeHtml(id)}</code> ${nameOf(report, scenario)}${listed}</summary>`,
    differences(check),
    citations(report, check),
    `<ol lang="en">${list.join('')}</ol>`,
    `<p class="soft"><a href="#${escapeHtml(anchorOf(id))}">#${escapeHtml(anchorOf(id))}</a> · ${escapeHtml(feature.path)}:${String(feature.line ?? 1)} · ${both('Run it again', 'Executar de novo')}: <code>${escapeHtml(rerunCommand(report.evidence.run.command, check))}</code></p>`,
    `<div data-exchanges="${escapeHtml(id)}"></div></details>`,
  ].join('');
}
