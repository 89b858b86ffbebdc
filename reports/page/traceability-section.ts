import { checkKey } from '../check.js';
import type { CheckRecord } from '../evidence-records.js';
import type { Requirement } from '../requirement-register.js';
import type { RunReport } from '../run-report.js';
import { anchorOf, badge, both, escapeHtml, evidenceName, levelName, sourceLink } from './html-text.js';

/** Requirement, scenarios, verdict, source: every row of the register that concerns the banks of the run. */
export function traceabilitySection({ evidence, register }: RunReport): string {
  const citing = new Map<string, CheckRecord[]>();
  for (const check of evidence.checks) {
    for (const id of check.requirements) citing.set(id, [...(citing.get(id) ?? []), check]);
  }
  const other = evidence.run.bank === 'bs2' ? 'BTG-' : evidence.run.bank === 'btg' ? 'BS2-' : null;
  const rows = [...register.values()]
    .filter(
      ({ id, role }) => citing.has(id) || (role === evidence.run.role && (other === null || !id.startsWith(other))),
    )
    .map((row) => rowOf(row, citing.get(row.id) ?? []));
  const head = [
    both('Requirement', 'Requisito'),
    both('Verdict', 'Veredito'),
    both('Scenarios', 'Cenários'),
    both('Source', 'Fonte'),
  ];
  return [
    `<section class="trace" aria-labelledby="traceability"><h2 id="traceability">${both('Traceability', 'Rastreabilidade')}</h2>`,
    `<p>${both('A requirement is “passed” only where every scenario that cites it passed. Tested is not passed.', 'Um requisito só “passou” quando todos os cenários que o citam passaram. Testado não é aprovado.')}</p>`,
    `<div class="scroll" tabindex="0" role="region" aria-labelledby="traceability"><table><thead><tr>${head.map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead><tbody>`,
    ...rows,
    '</tbody></table></div></section>',
  ].join('\n');
}

function rowOf(
  { id, statement, level, evidence, source, excluded, deviates }: Requirement,
  checks: readonly CheckRecord[],
): string {
  const links = checks.map(
    (check) =>
      `<a href="#${escapeHtml(anchorOf(checkKey(check)))}">${escapeHtml(check.id)}</a>${check.verdict === 'passed' ? '' : ` ${badge(check.verdict)}`}`,
  );
  const deviation =
    deviates === undefined
      ? ''
      : ` · ${both('deviation', 'divergência')}: <span lang="en">${escapeHtml(deviates)}</span>`;
  const shown =
    excluded === undefined
      ? links.join(', ')
      : `${both('Excluded', 'Excluído')}: <span lang="en">${escapeHtml(excluded)}</span>`;
  return [
    `<tr id="req-${escapeHtml(id)}"><td><strong>${escapeHtml(id)}</strong> <span lang="en">${escapeHtml(statement)}</span></td>`,
    `<td>${verdictOf(checks, excluded !== undefined)}</td><td>${shown}</td>`,
    `<td>${levelName(level)} · ${evidenceName(evidence)}${deviation}<br>${sourceLink(source)}</td></tr>`,
  ].join('');
}

function verdictOf(checks: readonly CheckRecord[], isExcluded: boolean): string {
  if (isExcluded) return both('excluded', 'excluído');
  if (checks.length === 0) return both('not in this run', 'fora desta execução');
  const worst = (['failed', 'not-testable', 'warning'] as const).find((verdict) =>
    checks.some((check) => check.verdict === verdict),
  );
  if (worst !== undefined) return badge(worst);
  const passed = checks.filter(({ verdict }) => verdict === 'passed').length;
  if (passed === checks.length) return badge('passed');
  if (passed === 0) return badge('skipped');
  return both(
    `tested in part: ${String(passed)} of ${String(checks.length)}`,
    `testado em parte: ${String(passed)} de ${String(checks.length)}`,
  );
}
