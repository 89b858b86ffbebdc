import { parse } from 'node-html-parser';
import type { HTMLElement } from 'node-html-parser';

/** What a stranger's pages call the fields, instead of what the mock does. */
const fieldNames: Readonly<Record<string, string>> = {
  username: 'identificacao',
  password: 'chave',
  code: 'confirmacao_1',
  factor: 'meio',
  company: 'pj',
  decision: 'acao',
};

const values: Readonly<Record<string, string>> = { approve: 'S', deny: 'N', app: '1', sms: '2' };

const words: readonly [RegExp, string][] = [
  [/Acesse sua conta/g, 'Olá, quem é você?'],
  [/Usuário ou CPF/g, 'Seu CPF ou e-mail de acesso'],
  [/\bSenha\b/g, 'Palavra secreta'],
  [/>\s*Entrar\s*</g, '>Avançar<'],
  [/>\s*(?:Autorizar|Aprovar|Confirmar|Continuar)\s*</g, '>Sim, permitir acesso<'],
  [/>\s*(?:Recusar|Negar|Cancelar)\s*</g, '>Não, recusar<'],
];

/**
 * A mock's page in a stranger's words, with other names of fields and values, the fields in the reverse order, and a form
 * for the news before the one that matters.
 */
export function rewordPage(html: string): string {
  const page = parse(html, { comment: true });
  for (const form of page.querySelectorAll('form')) {
    reorder(form);
    for (const field of form.querySelectorAll('input,button,select')) rename(field);
  }
  const main = page.querySelector('main');
  main?.insertAdjacentHTML(
    'afterbegin',
    '<form method="get" action="/busca"><input name="q" type="search" aria-label="Buscar no site"><button>Buscar</button></form>',
  );
  return words.reduce((text, [pattern, word]) => text.replace(pattern, word), page.toString());
}

/** What the mock's form would have sent, from what a stranger's sends. */
export function originalForm(sent: URLSearchParams): URLSearchParams {
  const back = new Map(Object.entries(fieldNames).map(([own, other]) => [other, own]));
  const backValues = new Map(Object.entries(values).map(([own, other]) => [other, own]));
  const original = new URLSearchParams();
  for (const [name, value] of sent) {
    const own = back.get(name) ?? name;
    const hasOwnValues = own === 'decision' || own === 'factor';
    original.append(own, hasOwnValues ? (backValues.get(value) ?? value) : value);
  }
  return original;
}

function rename(field: HTMLElement): void {
  const name = field.getAttribute('name');
  if (name === undefined) return;
  field.setAttribute('name', fieldNames[name] ?? name);
  const value = field.getAttribute('value');
  if ((name === 'decision' || name === 'factor') && value !== undefined)
    field.setAttribute('value', values[value] ?? value);
}

/** Puts each label with its field before those that came earlier; what presses stays at the end. */
function reorder(form: HTMLElement): void {
  const children = form.childNodes.filter((node) => node.toString().trim() !== '');
  const groups: (typeof children)[] = [];
  for (const child of children) {
    const tag = child.rawTagName?.toLowerCase();
    const last = groups.at(-1);
    if (tag === 'input' && last?.length === 1 && last[0]?.rawTagName?.toLowerCase() === 'label') last.push(child);
    else groups.push([child]);
  }
  const isPress = (group: typeof children): boolean => /<button/.test(group.map(String).join(''));
  const fields = groups.filter((group) => !isPress(group)).reverse();
  const presses = groups.filter(isPress);
  form.set_content([...fields, ...presses].flat().map(String).join('\n'));
}
