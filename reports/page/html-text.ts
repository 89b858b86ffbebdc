import type { RunRecord } from '../evidence-records.js';
import type { BaselineFinding } from '../expected-failures.js';
import type { Requirement } from '../requirement-register.js';
import type { RunReport } from '../run-report.js';
import type { Bilingual } from '../verdict-sentence.js';

/** Text as HTML, fit for attributes too. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Both languages; the page shows one of them. What is given is HTML. */
export function both(en: string, pt: string): string {
  return `<span data-t="en" lang="en">${en}</span><span data-t="pt" lang="pt-BR">${pt}</span>`;
}

/** A scenario's name, in both languages where somebody translated it. */
export function nameOf({ portugueseName }: Pick<RunReport, 'portugueseName'>, scenario: string): string {
  const portuguese = portugueseName(scenario);
  if (portuguese === null) return `<span lang="en">${escapeHtml(scenario)}</span>`;
  return both(escapeHtml(scenario), escapeHtml(portuguese));
}

const levelNames: Readonly<Record<Requirement['level'], string>> = { must: 'deve', should: 'deveria', may: 'pode' };
const evidenceNames: Readonly<Record<Requirement['evidence'], string>> = {
  documented: 'documentado',
  observed: 'observado',
  inferred: 'inferido',
  rfc: 'rfc',
};

/** How strictly a requirement asks, as a word. */
export function levelName(level: Requirement['level']): string {
  return both(level, levelNames[level]);
}

/** What stands behind a requirement, as a word. */
export function evidenceName(evidence: Requirement['evidence']): string {
  return both(evidence, evidenceNames[evidence]);
}

/** What was judged: the name of a target, or the application. */
export function targetName({ target, role }: Pick<RunRecord, 'target' | 'role'>): Bilingual {
  return { en: target, pt: role === 'partner' ? 'aplicação' : target };
}

/** The id under which a check can be linked to. */
export function anchorOf(checkId: string): string {
  return checkId.replaceAll('#', '.');
}

const verdictNames: Readonly<Record<string, string>> = {
  passed: 'passou',
  failed: 'falhou',
  warning: 'aviso',
  info: 'informação',
  'not-testable': 'não testável',
  'not-applicable': 'não se aplica',
  skipped: 'não executado',
};

/** A verdict in Portuguese. */
export function verdictInPortuguese(verdict: string): string {
  return verdictNames[verdict] ?? verdict;
}

/** A verdict as a word with its colour. */
export function badge(verdict: string): string {
  return `<b class="badge ${verdict}">${both(verdict.replace('-', ' '), verdictInPortuguese(verdict))}</b>`;
}

const outcomeNames: Readonly<Record<BaselineFinding['outcome'], string>> = {
  expected: 'esperada',
  unexpected: 'inesperada',
  stale: 'já não falha',
  outdated: 'prazo vencido',
};

const stepStatusNames: Readonly<Record<string, string>> = {
  failed: 'falhou',
  skipped: 'não executado',
  pending: 'pendente',
  undefined: 'indefinido',
  ambiguous: 'ambíguo',
  unknown: 'desconhecido',
};

/** How a step ended that did not pass, as a word with its colour. */
export function stepBadge(status: string): string {
  const kind = status === 'failed' ? 'failed' : 'skipped';
  return `<b class="badge ${kind}">${both(escapeHtml(status), stepStatusNames[status] ?? escapeHtml(status))}</b>`;
}

/** What the list of expected failures makes of a check, as a word with its colour. */
export function outcomeBadge(outcome: BaselineFinding['outcome']): string {
  return `<b class="badge ${outcome}">${both(outcome, outcomeNames[outcome])}</b>`;
}

/** A source as a link, where it is an address or begins with one. */
export function sourceLink(source: string): string {
  const [, address, rest = ''] =
    /^((?:https?:\/\/|\/docs\/|[a-z0-9-]+(?:\.[a-z0-9-]+)+\/)[^\s;,()]*[^\s;,():.])(.*)$/s.exec(source) ?? [];
  if (address === undefined) return escapeHtml(source);
  const absolute = address.startsWith('/')
    ? `https://developers.empresas.btgpactual.com${address}`
    : address.startsWith('http')
      ? address
      : `https://${address}`;
  return `<a href="${escapeHtml(absolute)}" rel="noreferrer">${escapeHtml(address)}</a>${escapeHtml(rest)}`;
}
