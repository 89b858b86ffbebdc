import type { HtmlButton, HtmlField, HtmlForm } from './html-form.js';

/** Lower case without accents, so that "Usuário" and "USUARIO" are the same word. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

const typed = new Set(['text', 'email', 'tel', 'number', 'search', 'password']);
const isTyped = (field: HtmlField) => typed.has(field.type) && !field.disabled && field.name !== '';
const saysCode = (field: HtmlField) => /\bcodigo|\btoken|\bsms\b|\bcode\b|verificacao|\botp\b/.test(plain(field.label));
const saysUser = (field: HtmlField) =>
  /usuario|\bcpf\b|e-?mail|\blogin\b|\buser|operador|acesso|conta/.test(plain(field.label));

/** Where a second factor's code is typed. A masked one (`type=password`) is recognised by its autocomplete or label. */
export function codeField(form: HtmlForm): HtmlField | null {
  const fields = form.fields.filter(isTyped);
  const marked = fields.find((field) => field.autocomplete.includes('one-time-code'));
  if (marked !== undefined) return marked;
  const labelled = fields.filter((field) => saysCode(field) && !saysUser(field));
  if (labelled.length === 1 && passwordField(form) === null) return labelled[0] ?? null;
  const [only] = fields;
  return fields.length === 1 && only?.inputMode === 'numeric' && !saysUser(only) ? only : null;
}

/** Where the password is typed. */
export function passwordField(form: HtmlForm): HtmlField | null {
  const masked = form.fields.filter(isTyped).filter((field) => field.type === 'password');
  const marked = masked.find((field) => field.autocomplete.includes('current-password'));
  const other = masked.find((field) => !field.autocomplete.includes('one-time-code') && !saysCode(field));
  return marked ?? other ?? null;
}

/**
 * Where the user name (a CPF, an e-mail address) is typed: by autocomplete, then label, then the only text field
 * left.
 */
export function usernameField(form: HtmlForm): HtmlField | null {
  const fields = form.fields.filter((field) => isTyped(field) && field.type !== 'password');
  const marked = fields.find((field) => /\b(?:username|email)\b/.test(field.autocomplete));
  const labelled = fields.find(saysUser);
  const only = fields.length === 1 && passwordField(form) !== null ? fields[0] : undefined;
  return marked ?? labelled ?? only ?? null;
}

/** One question with given answers: the radios of one name, or a select. */
export interface ChoiceGroup {
  readonly name: string;
  readonly choices: readonly { readonly value: string; readonly label: string; readonly chosen: boolean }[];
}

/** The questions of a form whose answers are given: which factor, which company. */
export function choiceGroups(form: HtmlForm): ChoiceGroup[] {
  const enabled = form.fields.filter((field) => !field.disabled && field.name !== '');
  const radios = enabled.filter((field) => field.type === 'radio');
  const radioGroups = [...new Set(radios.map((field) => field.name))].map((name) => ({
    name,
    choices: radios
      .filter((field) => field.name === name)
      .map(({ value, label, checked }) => ({ value, label, chosen: checked })),
  }));
  const selects = enabled
    .filter((field) => field.type === 'select')
    .map(({ name, options }) => ({
      name,
      choices: options.map(({ value, label, selected }) => ({ value, label, chosen: selected })),
    }));
  return [...radioGroups, ...selects];
}

const factorWords = { app: /\bapp\b|aplicativo/, sms: /\bsms\b/ } as const;

/** Whether a choice offers the second factor `app` or `sms`, by its value or its label. */
export function isFactorChoice(choice: { value: string; label: string }, kind: keyof typeof factorWords): boolean {
  return plain(choice.value) === kind || factorWords[kind].test(plain(choice.label));
}

const lettersAndDigits = (text: string) => text.replace(/[^A-Za-z0-9]/g, '').toUpperCase();

/**
 * Whether a choice names any company by CNPJ: twelve letters or digits and two check digits, with or without
 * punctuation.
 */
export function namesCompany(choice: { value: string; label: string }): boolean {
  return (
    /^[A-Z0-9]{12}\d{2}$/i.test(choice.value) ||
    /[A-Z0-9]{2}\.?[A-Z0-9]{3}\.?[A-Z0-9]{3}\/?[A-Z0-9]{4}-?\d{2}/i.test(choice.label)
  );
}

/**
 * Whether a choice is the company with that CNPJ, written with or without punctuation. CNPJs may hold letters since
 * 2026.
 */
export function isCompanyChoice(choice: { value: string; label: string }, company: string): boolean {
  return (
    lettersAndDigits(choice.value) === lettersAndDigits(company) ||
    lettersAndDigits(choice.label).includes(lettersAndDigits(company))
  );
}

const approveWords =
  /autoriz|aprov|permit|confirm|continu|aceit|concord|concluir|avancar|proximo|\ballow|\bapprove|\bgrant|\bcontinue|\bok\b/;
const denyWords = /negar|recus|cancel|rejeit|nao autoriz|nao permit|\bdeny|\bdecline|\breject|voltar/;

/**
 * The button that says yes or no, by value (`approve`, `deny`), then by its words; null where the form has none for
 * it.
 */
export function decisionButton(form: HtmlForm, decision: 'approve' | 'deny'): HtmlButton | null {
  const byValue = form.buttons.find((button) => plain(button.value) === decision);
  if (byValue !== undefined) return byValue;
  const denies = (button: HtmlButton) => denyWords.test(plain(`${button.label} ${button.value}`));
  if (decision === 'deny') return form.buttons.find(denies) ?? null;
  const others = form.buttons.filter((button) => plain(button.value) !== 'deny' && !denies(button));
  return others.find((button) => approveWords.test(plain(`${button.label} ${button.value}`))) ?? others[0] ?? null;
}
