import type { RunReport } from '../run-report.js';
import { checkKey } from '../check.js';
import { anchorOf, badge, both, escapeHtml, nameOf, targetName } from './html-text.js';

/** Brasília has no summer time since 2019. */
const brasiliaMs = -3 * 3_600_000;

/** The *caderno de testes*: what the bank's homologation form asks for. */
export function bookletSection(report: RunReport): string {
  const { run, checks, sha256 } = report.evidence;
  const target = targetName(run);
  const facts: readonly (readonly [string, string])[] = [
    [both('Target', 'Alvo'), both(escapeHtml(target.en), escapeHtml(target.pt))],
    [both('Environment', 'Ambiente'), escapeHtml(run.environment)],
    [both('Begun (Brasília time)', 'Início (horário de Brasília)'), brasiliaTime(Date.parse(run.startedAt), true)],
    [both('Versions', 'Versões'), `homologa ${escapeHtml(run.homologa)}, Node ${escapeHtml(run.node)}`],
    ['Commit', `<code>${escapeHtml(run.commit ?? '—')}</code>`],
    [both('SHA-256 of evidence.ndjson', 'SHA-256 de evidence.ndjson'), `<code>${sha256}</code>`],
  ];
  const rows = checks.map(
    ({ id, scenario, bank, requirements, verdict, atMs }, index) =>
      `<tr><td>${String(index + 1)}</td><td><a href="#${escapeHtml(anchorOf(checkKey({ id, bank })))}">${escapeHtml(id)}</a> ${nameOf(report, scenario)}</td><td>${bank.toUpperCase()}</td><td>${escapeHtml(requirements.join(', '))}</td><td>${brasiliaTime(Date.parse(run.startedAt) + atMs, false)}</td><td>${badge(verdict)}</td></tr>`,
  );
  const titles = [
    'Nº',
    both('Test', 'Teste'),
    both('Bank', 'Banco'),
    both('Requirements', 'Requisitos'),
    both('Time', 'Hora'),
    both('Result', 'Resultado'),
  ];
  return [
    `<section class="booklet" aria-labelledby="caderno"><h2 id="caderno">${both('Test booklet (caderno de testes)', 'Caderno de testes')}</h2>`,
    `<p><strong>${both('This does not replace the bank’s own homologation.', 'Este caderno não substitui a homologação do próprio banco.')}</strong></p>`,
    '<dl>',
    `<dt><label for="application">${both('Application', 'Aplicação')}</label></dt><dd><input id="application" autocomplete="off"></dd>`,
    '<dt><label for="cnpj">CNPJ</label></dt><dd><input id="cnpj" autocomplete="off" inputmode="text"></dd>',
    ...facts.map(([title, value]) => `<dt>${title}</dt><dd>${value}</dd>`),
    '</dl>',
    `<details><summary>${both(`The ${String(checks.length)} tests`, `Os ${String(checks.length)} testes`)}</summary>`,
    `<div class="scroll" tabindex="0" role="region" aria-labelledby="caderno"><table><thead><tr>${titles.map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead><tbody>`,
    ...rows,
    '</tbody></table></div></details></section>',
  ].join('\n');
}

function brasiliaTime(ms: number, withDay: boolean): string {
  const iso = new Date(ms + brasiliaMs).toISOString();
  const time = iso.slice(11, 19);
  return withDay ? `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${time} (UTC-3)` : time;
}
