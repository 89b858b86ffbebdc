import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { answer } from './exchange.js';
import type { Answer } from './exchange.js';

export type Language = 'pt' | 'en';
/** A text of a bank page in both languages. */
export interface Text {
  readonly pt: string;
  readonly en: string;
}
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Portuguese, unless the reader asks for English by a link (`lang=en`) or prefers it by `Accept-Language`. */
export function chooseLanguage(acceptLanguage: string | null, chosen: string | undefined): Language {
  if (chosen === 'en' || chosen === 'pt') return chosen;
  const preferred = (acceptLanguage ?? '')
    .split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase())
    .find((language) => language === 'pt' || language === 'en');
  return preferred === 'en' ? 'en' : 'pt';
}

const stylesheet = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--ground:#f3f4f6;--line:#c9d1d9;--accent:#0b5cad;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#a3adb8;--paper:#161b22;--ground:#0d1117;--line:#3d444d;--accent:#6cb6ff;--bad:#ff9b8e}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
.test{background:#5b3a00;color:#fff;text-align:center;padding:.5rem 1rem;font-size:.9rem;margin:0}main.wide{width:min(70rem,calc(100% - 2rem))}details{margin-top:1rem}
main{width:min(30rem,calc(100% - 2rem));margin:1rem auto;padding:1.5rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}
h1{font-size:1.35rem;margin:0 0 .75rem}h2{font-size:1rem;margin:1rem 0 .5rem}
label{display:block;font-weight:600;margin:.9rem 0 .25rem}label.choice{font-weight:400;display:flex;gap:.6rem;align-items:flex-start;margin:.4rem 0}
input[type=text],input[type=password]{width:100%;font:inherit;padding:.6rem .7rem;border:1px solid var(--soft);border-radius:.4rem;background:var(--paper);color:var(--ink)}
fieldset{border:1px solid var(--line);border-radius:.4rem;margin:1rem 0;padding:.6rem .9rem}legend{font-weight:600;padding:0 .3rem}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.25rem}button{font:inherit;font-weight:600;padding:.6rem 1.2rem;border-radius:.4rem;border:1px solid var(--accent);background:var(--paper);color:var(--accent);cursor:pointer}
button.go{background:#0b5cad;border-color:#0b5cad;color:#fff}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.problem{border:1px solid var(--bad);color:var(--bad);border-radius:.4rem;padding:.6rem .8rem;margin:.75rem 0}.soft{color:var(--soft);font-size:.9rem}
ul{padding-left:1.2rem}code{font-size:.9em;overflow-wrap:anywhere}a{color:var(--accent)}
`;
const stylesheetHash = createHash('sha256').update(stylesheet).digest('base64');

/** Headers of every page: never cached, framed, scripted or told to others. */
const pageHeaders: readonly (readonly [string, string])[] = [
  ['content-type', 'text/html; charset=UTF-8'],
  ['cache-control', 'no-store'],
  ['pragma', 'no-cache'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  // No form-action: Chromium would also forbid the redirect to the partner that answers the last form.
  [
    'content-security-policy',
    `default-src 'none'; style-src 'sha256-${stylesheetHash}'; base-uri 'none'; frame-ancestors 'none'`,
  ],
];

/** What a page shows. */
export interface Page {
  readonly status: number;
  readonly language: Language;
  readonly bankName: Text;
  readonly title: Text;
  readonly body: Markup;
  readonly headers?: readonly (readonly [string, string])[];
  /** For tables and lists rather than a form. */
  readonly wide?: boolean;
  /** The same page in the other language; null where a link cannot repeat it. */
  readonly otherLanguageUrl?: string | null;
}

const testNotice: Text = {
  pt: 'Banco de teste do homologa. Não é o banco: nada aqui tem valor.',
  en: 'homologa test bank. This is not the bank: nothing here is real.',
};

/** A page of a test bank. */
export async function renderPage(page: Page): Promise<Answer> {
  const { language } = page;
  const other = language === 'pt' ? 'en' : 'pt';
  const link = page.otherLanguageUrl ?? null;
  const markup = await html`<!doctype html>
    <html lang="${language === 'pt' ? 'pt-BR' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${page.title[language]} · ${page.bankName[language]}</title>
        ${raw(`<style>${stylesheet}</style>`)}
      </head>
      <body>
        <p class="test" role="note">${testNotice[language]}</p>
        <main class="${page.wide === true ? 'wide' : ''}">
          <p class="soft">${page.bankName[language]}</p>
          <h1>${page.title[language]}</h1>
          ${page.body}
          ${link === null ? '' : html`<p class="soft"><a href="${link}" hreflang="${other}" lang="${other}">${other === 'en' ? 'English' : 'Português'}</a></p>`}
        </main>
      </body>
    </html> `;
  return answer(page.status, [...pageHeaders, ...(page.headers ?? [])], markup.toString());
}

/** A redirect that no cache keeps and no other site learns of. */
export function redirectAnswer(location: string, headers: readonly (readonly [string, string])[] = []): Answer {
  return answer(
    302,
    [
      ['location', location],
      ['cache-control', 'no-store'],
      ['pragma', 'no-cache'],
      ['referrer-policy', 'no-referrer'],
      ...headers,
    ],
    '',
  );
}
