import { both, escapeHtml, verdictInPortuguese } from '../page/html-text.js';
import { plainPageScript } from '../page/page-script.js';
import { pageStyle } from '../page/page-style.js';
import { entryLabel } from './accepted-differences.js';
import type { JudgedDiff } from './accepted-differences.js';
import { joinedPatch } from './diff-table.js';
import type { RunDifference } from './group-differences.js';
import type { ApartScenario } from './run-diff.js';

const mostPlaces = 200;
const tableStyle = '.differences th{overflow-wrap:normal}.differences td:first-child{min-width:12rem}';

/** `diff.html`: one page that needs nothing else, neither a network nor another file. */
export function diffPage(judged: JudgedDiff): string {
  const sentence = sentenceOf(judged);
  return [
    '<!doctype html>',
    `<html lang="en" data-l="en" data-title-pt="homologa diff · ${escapeHtml(sentence.pt)}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    // Even what a bank smuggled into its answers could fetch nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
    `<title>homologa diff · ${escapeHtml(sentence.en)}</title>`,
    `<style>${pageStyle}\n${tableStyle}</style></head><body>`,
    ...header(judged, sentence),
    '<main>',
    ...table(judged),
    ...details(judged),
    ...settings(judged),
    ...accepted(judged),
    ...apart(judged),
    '</main>',
    `<footer class="soft">${both('This does not replace the bank’s own homologation.', 'Isto não substitui a homologação do próprio banco.')} · homologa ${escapeHtml(judged.diff.b.run.homologa)}</footer>`,
    `<script>${plainPageScript}</script></body></html>`,
    '',
  ].join('\n');
}

function sentenceOf({ differences, isDifferent }: JudgedDiff): { readonly en: string; readonly pt: string } {
  const fresh = differences.filter(({ entry }) => entry === null).length;
  if (!isDifferent) {
    return differences.length === 0
      ? { en: 'The two runs behave alike', pt: 'As duas execuções se comportam igual' }
      : { en: 'All differences are accepted', pt: 'Todas as diferenças são aceitas' };
  }
  if (fresh === 0) return { en: 'Scenarios ended otherwise', pt: 'Cenários terminaram de outro modo' };
  if (fresh === 1) return { en: '1 difference', pt: '1 diferença' };
  return { en: `${String(fresh)} differences`, pt: `${String(fresh)} diferenças` };
}

function header({ diff, isDifferent }: JudgedDiff, sentence: { readonly en: string; readonly pt: string }): string[] {
  const run = (name: string, { run: { target, environment, startedAt } }: JudgedDiff['diff']['a']): string =>
    `<p class="soft"><b>${name}</b> ${escapeHtml(target)} · ${escapeHtml(environment)} · <time datetime="${escapeHtml(startedAt)}">${escapeHtml(startedAt.slice(0, 16).replace('T', ' '))} UTC</time></p>`;
  const [scenarios, answers] = [String(diff.scenarios), String(diff.answers)];
  return [
    '<header>',
    '<div class="top"><span class="soft">homologa diff</span>',
    '<span role="group" aria-label="Language / Idioma"><button type="button" data-language="en" lang="en">English</button> <button type="button" data-language="pt" lang="pt-BR">Português</button></span></div>',
    `<div class="verdict${isDifferent ? ' bad' : ''}" id="verdict"><h1>${both(escapeHtml(sentence.en), escapeHtml(sentence.pt))}</h1>`,
    `<p>${both(`${scenarios} scenarios and ${answers} answers compared. Ids, tokens, dates and hosts are left out, as are the words of pages.`, `${scenarios} cenários e ${answers} respostas comparados. Identificadores, tokens, datas, hosts e o texto das páginas ficam de fora.`)}</p>`,
    run('A', diff.a),
    run('B', diff.b),
    '</div></header>',
  ];
}

function table({ differences }: JudgedDiff): string[] {
  const fresh = differences.filter(({ entry }) => entry === null);
  if (fresh.length === 0) return [];
  const rows = fresh.map(({ difference: { id, a, b, answers, places, advice } }, index) => {
    const setting = 'patch' in advice ? both('see below', 'veja abaixo') : both('none', 'nenhuma');
    return `<tr><td><a href="#difference-${String(index + 1)}"><code>${escapeHtml(id)}</code></a></td><td><code>${escapeHtml(a)}</code></td><td><code>${escapeHtml(b)}</code></td><td>${String(answers)}</td><td>${String(checksOf(places).length)}</td><td>${setting}</td></tr>`;
  });
  const head = [
    both('Difference', 'Diferença'),
    'A',
    'B',
    both('Answers', 'Respostas'),
    both('Scenarios', 'Cenários'),
    both('Setting of the mock', 'Configuração do mock'),
  ].map((title) => `<th scope="col">${title}</th>`);
  return [
    `<section aria-labelledby="differences"><h2 id="differences">${both('Differences', 'Diferenças')}</h2>`,
    `<div class="scroll"><table class="differences"><thead><tr>${head.join('')}</tr></thead><tbody>`,
    ...rows,
    '</tbody></table></div></section>',
  ];
}

function details({ differences }: JudgedDiff): string[] {
  const fresh = differences.filter(({ entry }) => entry === null);
  if (fresh.length === 0) return [];
  return [
    `<section aria-labelledby="where"><h2 id="where">${both('Where, and what would remove it', 'Onde, e o que a removeria')}</h2>`,
    ...fresh.map(({ difference }, index) => card(difference, `difference-${String(index + 1)}`)),
    '</section>',
  ];
}

function card({ id, endpoints, a, b, places, advice }: RunDifference, anchor: string): string {
  const setting =
    'patch' in advice
      ? `<p>${both('Setting of the mock', 'Configuração do mock')}, <code>PATCH {t}/settings</code>:</p><pre tabindex="0">${escapeHtml(JSON.stringify(advice.patch, null, 2))}</pre>`
      : `<p>${both('No setting of the mock', 'Nenhuma configuração do mock')}: <span lang="en">${escapeHtml(advice.none)}</span></p>`;
  const shown = places.slice(0, mostPlaces);
  const items = shown.map(
    ({ check, step, request }) =>
      `<li><code>${escapeHtml(check)}</code> · <span lang="en">${escapeHtml(step)}</span> · <code>${escapeHtml(request)}</code></li>`,
  );
  const rest = places.length - shown.length;
  if (rest > 0) items.push(`<li>${both(`and ${String(rest)} more`, `e mais ${String(rest)}`)}</li>`);
  const count = String(places.length);
  return [
    `<div class="card" id="${anchor}"><h3><code>${escapeHtml(id)}</code> <span class="soft">${escapeHtml(endpoints.join(', '))}</span></h3>`,
    `<div class="pair"><div><strong>A</strong><code>${escapeHtml(a)}</code></div><div class="got"><strong>B</strong><code>${escapeHtml(b)}</code></div></div>`,
    setting,
    `<details class="check"><summary>${both(`Seen in ${count} answers`, `Visto em ${count} respostas`)}</summary><ul>${items.join('')}</ul></details></div>`,
  ].join('');
}

function settings(judged: JudgedDiff): string[] {
  const patch = joinedPatch(judged);
  if (Object.keys(patch).length === 0) return [];
  const mock = judged.diff.mock.toUpperCase();
  return [
    `<section aria-labelledby="settings"><h2 id="settings">${both('All settings together', 'Todas as configurações')}</h2>`,
    `<p>${both(`With these the mock (${mock}) answers like the other run; <code>homologa run --settings FILE</code> takes them too.`, `Com elas o mock (${mock}) responde como a outra execução; <code>homologa run --settings ARQUIVO</code> também as aceita.`)}</p>`,
    `<pre tabindex="0">${escapeHtml(JSON.stringify(patch, null, 2))}</pre></section>`,
  ];
}

function accepted({ differences, outdated, gone }: JudgedDiff): string[] {
  const known = differences.flatMap(({ difference, entry }) => (entry === null ? [] : [{ difference, entry }]));
  if (known.length + outdated.length + gone.length === 0) return [];
  const items = [
    ...known.map(
      ({ difference: { id, a, b }, entry }) =>
        `<li><code>${escapeHtml(id)}</code> <code>${escapeHtml(a)}</code> → <code>${escapeHtml(b)}</code>: ${escapeHtml(entry.reason)}</li>`,
    ),
    ...outdated.map(
      (entry) =>
        `<li><b class="badge outdated">${both('outdated', 'prazo vencido')}</b> <code>${escapeHtml(entryLabel(entry))}</code>: ${escapeHtml(entry.reason)} (${escapeHtml(entry.until ?? '')})</li>`,
    ),
    ...gone.map(
      (entry) =>
        `<li><b class="badge expected">${both('no longer seen', 'não se vê mais')}</b> <code>${escapeHtml(entryLabel(entry))}</code>: ${escapeHtml(entry.reason)}</li>`,
    ),
  ];
  return [
    `<section aria-labelledby="accepted"><h2 id="accepted">${both('List of accepted differences', 'Lista de diferenças aceitas')}</h2><ul>`,
    ...items,
    '</ul></section>',
  ];
}

const kinds: Readonly<Record<ApartScenario['kind'], string>> = {
  'other-verdict': both('another verdict', 'outro veredito'),
  'other-record': both('recorded otherwise', 'registrado de outro modo'),
  'only-a': both('judged in A only', 'julgado só em A'),
  'only-b': both('judged in B only', 'julgado só em B'),
};

function apart({ apart: scenarios }: JudgedDiff): string[] {
  if (scenarios.length === 0) return [];
  const said = (text: string | null): string => {
    if (text === null) return both('not in this run', 'não está nesta execução');
    const [verdict = '', ...rest] = text.split(': ');
    const why = rest.length === 0 ? '' : `: <span lang="en">${escapeHtml(rest.join(': '))}</span>`;
    return `${both(escapeHtml(verdict), escapeHtml(verdictInPortuguese(verdict)))}${why}`;
  };
  const rows = scenarios.map(({ scenario: { kind, check, scenario, a, b, advice }, entry }) => {
    const reason = entry === null ? '' : ` (${escapeHtml(entry.reason)})`;
    const hint = advice === null ? '' : `<pre tabindex="0">${escapeHtml(JSON.stringify(advice))}</pre>`;
    return `<tr><td>${kinds[kind]}${reason}</td><td><code>${escapeHtml(check)}</code> <span lang="en">${escapeHtml(scenario)}</span>${hint}</td><td>${said(a)}</td><td>${said(b)}</td></tr>`;
  });
  return [
    `<section aria-labelledby="apart"><h2 id="apart">${both('Scenarios that stand apart', 'Cenários à parte')}</h2>`,
    `<div class="scroll"><table><thead><tr><th scope="col">${both('What', 'O quê')}</th><th scope="col">${both('Scenario', 'Cenário')}</th><th scope="col">A</th><th scope="col">B</th></tr></thead><tbody>`,
    ...rows,
    '</tbody></table></div></section>',
  ];
}

function checksOf(places: RunDifference['places']): readonly string[] {
  return [...new Set(places.map(({ check }) => check))];
}
