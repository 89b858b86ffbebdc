import { verdictCounts } from '../run-report.js';
import type { RunReport } from '../run-report.js';
import { verdictSentence } from '../verdict-sentence.js';
import { bookletSection } from './booklet-section.js';
import { checkKey } from '../check.js';
import { adviceOf, bankOf, checkDetails, citations, differences } from './check-section.js';
import {
  anchorOf,
  badge,
  both,
  escapeHtml,
  evidenceName,
  nameOf,
  outcomeBadge,
  targetName,
  verdictInPortuguese,
} from './html-text.js';
import { pageData } from './page-data.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { secondsIn, waitedIn } from '../waited-words.js';
import { traceabilitySection } from './traceability-section.js';

/** `index.html`: one page that needs nothing else, neither a network nor another file. */
export function htmlReport(report: RunReport): string {
  const { run } = report.evidence;
  const [target, sentence] = [targetName(run), verdictSentence(report)];
  return [
    '<!doctype html>',
    `<html lang="en" data-l="en" data-title-pt="homologa · ${escapeHtml(target.pt)} · ${escapeHtml(sentence.pt)}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    // Even what a bank smuggled into its answers could fetch nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
    `<title>homologa · ${escapeHtml(target.en)} · ${escapeHtml(sentence.en)}</title>`,
    `<style>${pageStyle}</style></head><body>`,
    ...header(report),
    '<main>',
    ...firstFailure(report),
    ...otherFailures(report),
    ...listed(report),
    ...reliance(report),
    ...allChecks(report),
    traceabilitySection(report),
    bookletSection(report),
    '</main>',
    `<footer class="soft">${both('This does not replace the bank’s own homologation.', 'Isto não substitui a homologação do próprio banco.')} · homologa ${escapeHtml(run.homologa)}</footer>`,
    `<noscript><p>${both('Filters, pictures and requests need JavaScript; everything else does not.', 'Filtros, figuras e requisições precisam de JavaScript; o resto não.')}</p></noscript>`,
    `<script type="application/json" id="data">${pageData(report)}</script>`,
    `<script>${pageScript}</script></body></html>`,
    '',
  ].join('\n');
}

const introOfBank = both(
  'homologa used this bank as a partner would, and compared it with its documentation and the standards.',
  'O homologa usou este banco como um parceiro usaria e o comparou com a documentação dele e os padrões.',
);
const introOfApplication = both(
  'homologa played the bank, right and wrong, for this application, and judged it by what it did with each answer.',
  'O homologa fez o papel do banco, certo e errado, para esta aplicação, e a julgou pelo que fez com cada resposta.',
);

function header(report: RunReport): string[] {
  const { run, checks, end } = report.evidence;
  const { exitCode, incomplete, faults } = report.results.run;
  const sentence = verdictSentence(report);
  const kind = exitCode === 0 ? '' : exitCode === 130 && report.unexpected.length === 0 ? ' part' : ' bad';
  const counts = verdictCounts(checks).map(({ verdict, count }) => `<li>${String(count)} ${badge(verdict)}</li>`);
  const target = targetName(run);
  const bank = run.bank === null ? 'BS2, BTG' : run.bank.toUpperCase();
  const duration =
    end?.durationMs == null
      ? ''
      : ` · ${both(durationIn(report, end.durationMs, 'en'), durationIn(report, end.durationMs, 'pt'))}`;
  const sections = [
    ['checks', both('All checks', 'Todas as verificações')],
    ['traceability', both('Traceability', 'Rastreabilidade')],
    ['reliance', both('Reliance', 'Dependências')],
    ['caderno', both('Test booklet', 'Caderno de testes')],
  ].map(([id = '', title = '']) => `<li><a href="#${id}">${title}</a></li>`);
  return [
    '<header>',
    `<div class="top"><span class="soft">homologa · ${both(escapeHtml(target.en), escapeHtml(target.pt))} · ${bank}</span>`,
    '<span role="group" aria-label="Language / Idioma"><button type="button" data-language="en" lang="en">English</button> <button type="button" data-language="pt" lang="pt-BR">Português</button></span></div>',
    `<div class="verdict${kind}" id="verdict"><h1>${both(escapeHtml(sentence.en), escapeHtml(sentence.pt))}</h1>`,
    `<p>${run.role === 'partner' ? introOfApplication : introOfBank}</p>`,
    `<ul class="counts">${counts.join('')}</ul>`,
    `<p class="soft">${escapeHtml(run.environment)} · <time datetime="${escapeHtml(run.startedAt)}">${escapeHtml(run.startedAt.slice(0, 16).replace('T', ' '))} UTC</time>${duration}</p></div>`,
    ...(incomplete
      ? [
          `<p class="card bad">${both('Interrupted: what follows is incomplete.', 'Interrompido: o que segue está incompleto.')}</p>`,
        ]
      : []),
    ...faults.map(
      (fault) => `<p class="card bad">${both('Fault of homologa', 'Falha do homologa')}: ${escapeHtml(fault)}</p>`,
    ),
    `<nav aria-label="Sections / Seções"><ul>${sections.join('')}</ul></nav></header>`,
  ];
}

function durationIn({ results }: RunReport, ms: number, language: 'en' | 'pt'): string {
  return `${secondsIn(ms, language)}${escapeHtml(waitedIn(results.run, language))}`;
}

function firstFailure(report: RunReport): string[] {
  const [first] = report.unexpected;
  if (first === undefined) return [];
  return [
    `<section aria-labelledby="first"><h2 id="first">${both('What failed first, and why', 'O que falhou primeiro, e por quê')}</h2>`,
    `<div class="card bad"><h3>${badge(first.verdict)} <a href="#${escapeHtml(anchorOf(checkKey(first)))}">${escapeHtml(first.id)}</a>${bankOf(first)} ${nameOf(report, first.scenario)}</h3>`,
    differences(first),
    adviceOf(report, first),
    `<p><a href="#${escapeHtml(anchorOf(checkKey(first)))}">${both('Every request of this check, drawn and in full', 'Todas as requisições desta verificação, em figura e por inteiro')}</a></p>`,
    citations(report, first),
    '</div></section>',
  ];
}

function otherFailures(report: RunReport): string[] {
  const others = report.unexpected.slice(1);
  if (others.length === 0) return [];
  const items = others.map((check) => {
    return `<div class="card"><h3>${badge(check.verdict)} <a href="#${escapeHtml(anchorOf(checkKey(check)))}">${escapeHtml(check.id)}</a>${bankOf(check)} ${nameOf(report, check.scenario)}</h3>${differences(check)}${adviceOf(report, check)}</div>`;
  });
  return [
    `<section aria-labelledby="others"><h2 id="others">${both('What else failed', 'O que mais falhou')}</h2>`,
    ...items,
    '</section>',
  ];
}

function listed({ expected, overdue }: RunReport): string[] {
  if (expected.length + overdue.length === 0) return [];
  const items = [...overdue, ...expected].map(
    ({ check, finding }) =>
      `<li>${outcomeBadge(finding.outcome)} <a href="#${escapeHtml(anchorOf(checkKey(check)))}">${escapeHtml(check.id)}</a>: ${escapeHtml(finding.entry?.reason ?? '')}${finding.entry?.until === undefined ? '' : ` (${escapeHtml(finding.entry.until)})`}</li>`,
  );
  return [
    `<section aria-labelledby="listed"><h2 id="listed">${both('List of expected failures', 'Lista de falhas esperadas')}</h2><ul>`,
    ...items,
    '</ul></section>',
  ];
}

function allChecks(report: RunReport): string[] {
  const { checks } = report.evidence;
  const verdicts = verdictCounts(checks).map(
    ({ verdict }) =>
      `<option value="${verdict}" data-pt="${verdictInPortuguese(verdict)}">${verdict.replace('-', ' ')}</option>`,
  );
  const banks = [...new Set(checks.map(({ bank }) => bank))].map(
    (bank) => `<option value="${bank}">${bank.toUpperCase()}</option>`,
  );
  const failing = report.unexpected;
  const ordered = [...failing, ...checks.filter((check) => !failing.includes(check))];
  return [
    `<section aria-labelledby="checks"><h2 id="checks">${both('All checks', 'Todas as verificações')}</h2>`,
    '<form class="filters" id="filters">',
    `<label>${both('Verdict', 'Veredito')}<select name="verdict"><option value="">–</option>${verdicts.join('')}</select></label>`,
    `<label>${both('Bank', 'Banco')}<select name="bank"><option value="">–</option>${banks.join('')}</select></label>`,
    `<label>${both('Requirement', 'Requisito')}<input name="requirement" size="14"></label>`,
    `<label>${both('Text', 'Texto')}<input name="words" type="search"></label>`,
    '<output id="shown" class="soft" aria-live="polite"></output></form>',
    ...ordered.map((check) => checkDetails(report, check)),
    '</section>',
  ];
}

function reliance({ evidence, reliance: rows }: RunReport): string[] {
  const banks = [...new Set(evidence.checks.map(({ bank }) => bank))].map((bank) => bank.toUpperCase());
  const [english, portuguese] = [banks.join(' and '), banks.map((bank) => `no ${bank}`).join(' e ')];
  const count = String(rows.length);
  const sentence =
    rows.length === 0
      ? both(
          `Nothing here relies on behaviour that nobody has documented at ${english}.`,
          `Nada aqui depende de um comportamento que ninguém documentou ${portuguese}.`,
        )
      : both(
          `Your integration relies on ${count} ${rows.length === 1 ? 'behaviour' : 'behaviours'} that nobody has documented at ${english}.`,
          `Sua integração depende de ${count} ${rows.length === 1 ? 'comportamento' : 'comportamentos'} que ninguém documentou ${portuguese}.`,
        );
  const items = rows.map(
    ({ id, statement, evidence: known }) =>
      `<li><a href="#req-${escapeHtml(id)}">${escapeHtml(id)}</a> <b class="badge">${evidenceName(known)}</b> <span lang="en">${escapeHtml(statement)}</span></li>`,
  );
  return [
    `<section aria-labelledby="reliance"><h2 id="reliance">${both('Reliance', 'Dependências')}</h2>`,
    `<p>${sentence}</p>`,
    rows.length === 0
      ? ''
      : `<details><summary>${both('Which ones', 'Quais')}</summary><ul>${items.join('')}</ul></details>`,
    '</section>',
  ];
}
