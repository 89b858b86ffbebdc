import { html } from 'hono/html';
import type { LoginProblem } from './login-flow.js';
import type { Language, Markup, Text } from './page.js';
import type { PageVisit } from './page-session.js';

const problemTexts: Readonly<Record<LoginProblem, Text>> = {
  'wrong-credentials': { pt: 'Usuário ou senha incorretos.', en: 'Wrong username or password.' },
  'wrong-token': { pt: 'Token incorreto.', en: 'Wrong token.' },
  'expired-token': { pt: 'Este token expirou.', en: 'This token has expired.' },
  'spent-token': { pt: 'Este token já foi usado.', en: 'This token was already used.' },
  'nothing-chosen': { pt: 'Escolha uma opção para continuar.', en: 'Choose an option to go on.' },
};

/** Why the page is shown again, announced to screen readers; nothing at the first time. */
export function problemMarkup(problem: LoginProblem | null, language: Language): Markup | '' {
  return problem === null
    ? ''
    : html`<p class="problem" role="alert" id="problem">${problemTexts[problem][language]}</p>`;
}

/** The one form of a page: where it goes, what it carries back unseen. */
export function formMarkup(visit: PageVisit, action: string, content: Markup): Markup {
  return html`<form method="post" action="${action}" autocomplete="on">
    <input type="hidden" name="csrf" value="${visit.csrf}" />
    ${content}
  </form>`;
}

const texts = {
  username: { pt: 'Usuário ou CPF', en: 'Username or CPF' },
  password: { pt: 'Senha', en: 'Password' },
  enter: { pt: 'Entrar', en: 'Log in' },
  approve: { pt: 'Autorizar', en: 'Approve' },
  deny: { pt: 'Recusar', en: 'Deny' },
  next: { pt: 'Continuar', en: 'Continue' },
  phone: {
    pt: 'Banco de teste: o token aparece no celular do painel do homologa.',
    en: 'Test bank: the token is on the phone of homologa’s dashboard.',
  },
} satisfies Record<string, Text>;

/** Username and password. `problem` connects the alert with the fields it is about. */
export function loginFields(language: Language, problem: LoginProblem | null): Markup {
  const described = problem === null ? '' : html` aria-describedby="problem" aria-invalid="true"`;
  return html`<label for="username">${texts.username[language]}</label>
    <input
      type="text"
      id="username"
      name="username"
      autocomplete="username"
      autocapitalize="none"
      spellcheck="false"
      required
      autofocus${described}
    />
    <label for="password">${texts.password[language]}</label>
    <input type="password" id="password" name="password" autocomplete="current-password" required${described} />
    <div class="actions"><button type="submit" class="go">${texts.enter[language]}</button></div>`;
}

/** Approve or deny; the first one is what Enter presses. */
export function decisionButtons(language: Language, approve: Text = texts.approve): Markup {
  return html`<div class="actions">
    <button type="submit" class="go" name="decision" value="approve">${approve[language]}</button>
    <button type="submit" name="decision" value="deny" formnovalidate>${texts.deny[language]}</button>
  </div>`;
}

/** The six digits of an app or SMS token. */
export function tokenField(language: Language, label: Text, problem: LoginProblem | null): Markup {
  const described =
    problem === null ? html` aria-describedby="phone"` : html` aria-describedby="problem phone" aria-invalid="true"`;
  return html`<label for="code">${label[language]}</label>
    <input
      type="text"
      id="code"
      name="code"
      inputmode="numeric"
      autocomplete="one-time-code"
      maxlength="12"
      required
      autofocus${described}
    />
    <p class="soft" id="phone">${texts.phone[language]}</p>`;
}
