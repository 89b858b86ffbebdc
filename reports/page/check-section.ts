import type { CheckRecord } from '../evidence-records.js';
import { keyOf, rerunCommand } from '../run-report.js';
import type { RunReport } from '../run-report.js';
import {
  anchorOf,
  badge,
  both,
  escapeHtml,
  evidenceName,
  nameOf,
  outcomeBadge,
  sourceLink,
  stepBadge,
} from './html-text.js';
import { checkKey } from '../check.js';
import { meaningOf } from '../check-advice.js';

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
      const source = `${evidenceName(row.evidence)} · ${sourceLink(row.source)}`;
      return `<div class="why"><p>${link} <span lang="en">${escapeHtml(row.statement)}</span></p><p class="consequence">${consequence}</p><p class="soft">${source}</p></div>`;
    })
    .join('');
}

/** At which bank a check of an application was made; the id of a bank's scenario says it already. */
export function bankOf({ id, bank }: Pick<CheckRecord, 'id' | 'bank'>): string {
  return id.startsWith('partner.') ? ` <span class="badge">${bank.toUpperCase()}</span>` : '';
}

/** What it means that a check of an application failed, and what to change; empty where it did not. */
export function adviceOf({ advice }: RunReport, { id, bank, verdict }: CheckRecord): string {
  const found = advice.get(id);
  if (found === undefined || (verdict !== 'failed' && verdict !== 'warning')) return '';
  const paragraph = (en: string, pt: string, english: string, portuguese: string): string =>
    `<p><strong>${both(en, pt)}</strong> ${both(escapeHtml(english), escapeHtml(portuguese))}</p>`;
  const { change } = found;
  return `<div class="why">${paragraph('What it means', 'O que significa', meaningOf(found, bank, 'en'), meaningOf(found, bank, 'pt'))}${paragraph('What to change', 'O que mudar', change.en, change.pt)}</div>`;
}

/** One check, folded; its exchanges are drawn when it is opened. */
export function checkDetails(report: RunReport, check: CheckRecord): string {
  const { id, verdict, bank, requirements, scenario, steps, feature } = check;
  const finding = (report.results.baseline ?? []).find((candidate) => keyOf(candidate) === checkKey(check));
  const listed =
    finding?.entry == null
      ? ''
      : ` ${outcomeBadge(finding.outcome)} <span class="soft">${escapeHtml(finding.entry.reason)}</span>`;
  const isOpen = report.unexpected[0] === check;
  const list = steps.map(
    ({ text, status }) => `<li>${escapeHtml(text)}${status === 'passed' ? '' : ` ${stepBadge(status)}`}</li>`,
  );
  return [
    `<details class="check" id="${escapeHtml(anchorOf(checkKey(check)))}" data-v="${verdict}" data-b="${bank}" data-r="${escapeHtml(requirements.join(' '))}"${isOpen ? ' open' : ''}>`,
    `<summary>${badge(verdict)} <code>${escapeHtml(id)}</code>${bankOf(check)} ${nameOf(report, scenario)}${listed}</summary>`,
    differences(check),
    adviceOf(report, check),
    citations(report, check),
    `<ol lang="en">${list.join('')}</ol>`,
    `<p class="soft"><a href="#${escapeHtml(anchorOf(checkKey(check)))}">#${escapeHtml(anchorOf(checkKey(check)))}</a> · ${escapeHtml(feature.path)}:${String(feature.line ?? 1)} · ${both('Run it again', 'Executar de novo')}: <code>${escapeHtml(rerunCommand(report.evidence.run, check))}</code></p>`,
    `<div data-exchanges="${escapeHtml(checkKey(check))}"></div></details>`,
  ].join('');
}
