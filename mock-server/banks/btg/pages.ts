import { html } from 'hono/html';
import type { Answer, Exchange } from '../exchange.js';
import { userOf } from '../login-flow.js';
import type { LoginProblem } from '../login-flow.js';
import { renderPage } from '../page.js';
import type { Markup, Text } from '../page.js';
import { decisionButtons, formMarkup, loginFields, problemMarkup, tokenField } from '../page-form.js';
import { pageUrl } from '../page-session.js';
import type { PageVisit } from '../page-session.js';
import { testUsersMarkup } from '../test-users.js';
import { btgBankName, btgPaths, btgScopes } from './profile.js';

/** The button of the scopes page is called so at BTG (observed: documentacao.senior.com.br, onboarding-btg). */
const next: Text = { pt: 'Continuar', en: 'Continue' };
const confirm: Text = { pt: 'Confirmar', en: 'Confirm' };

interface Step {
  readonly path: string;
  readonly title: Text;
  readonly form: Markup;
  readonly before?: Markup;
  readonly after?: Markup;
}

function stepPage(exchange: Exchange, visit: PageVisit, problem: LoginProblem | null, step: Step): Promise<Answer> {
  const { language, session } = visit;
  return renderPage({
    status: 200,
    language,
    bankName: btgBankName,
    title: step.title,
    headers: visit.cookie,
    otherLanguageUrl: pageUrl(exchange, step.path, session, language === 'pt' ? 'en' : 'pt'),
    body: html`${step.before ?? ''}${problemMarkup(problem, language)}
    ${formMarkup(visit, pageUrl(exchange, step.path, session, language), step.form)} ${step.after ?? ''}`,
  });
}

/** Username and password; lists the test bank's special users. */
export function loginPage(exchange: Exchange, visit: PageVisit, problem: LoginProblem | null): Promise<Answer> {
  const { language } = visit;
  const intro: Text = {
    pt: 'Entre com seu usuário do BTG Pactual Empresas.',
    en: 'Log in with your BTG Pactual Empresas user.',
  };
  return stepPage(exchange, visit, problem, {
    path: btgPaths.login,
    title: { pt: 'Acesse sua conta', en: 'Log in to your account' },
    before: html`<p>${intro[language]}</p>`,
    form: loginFields(language, problem),
    after: html`${testUsersMarkup(exchange.tenant, language)}`,
  });
}

/** The app or SMS token, where the setting `secondFactor` asks for one. */
export function secondFactorPage(exchange: Exchange, visit: PageVisit, problem: LoginProblem | null): Promise<Answer> {
  const { language, session } = visit;
  const label: Text =
    session.factor === 'sms'
      ? { pt: 'Token recebido por SMS', en: 'Token received by SMS' }
      : { pt: 'Token do app', en: 'App token' };
  return stepPage(exchange, visit, problem, {
    path: btgPaths.secondFactor,
    title: { pt: 'Digite o token', en: 'Enter the token' },
    form: html`${tokenField(language, label, problem)}${decisionButtons(language, next)}`,
  });
}

/** What the application asks for. */
export function scopesPage(exchange: Exchange, visit: PageVisit, problem: LoginProblem | null): Promise<Answer> {
  const { language, session } = visit;
  const asks: Text = { pt: 'pede estas permissões:', en: 'asks for these permissions:' };
  const scopes = session.request.scope.map(
    (scope) => html`<li>${btgScopes[scope]?.[language] ?? scope} <code>${scope}</code></li>`,
  );
  return stepPage(exchange, visit, problem, {
    path: btgPaths.scopes,
    title: { pt: 'Permissões', en: 'Permissions' },
    before: html`<p><strong>${clientName(exchange, visit)}</strong> ${asks[language]}</p>
      <ul>
        ${scopes}
      </ul>`,
    form: decisionButtons(language, next),
  });
}

/** The company that the consent is for; shown also where there is only one, to be confirmed. */
export function companyPage(exchange: Exchange, visit: PageVisit, problem: LoginProblem | null): Promise<Answer> {
  const { language, session } = visit;
  const user = userOf(exchange.tenant, session);
  const companies = user === undefined ? [] : exchange.tenant.banks.btg.login.companies(exchange.tenant, user);
  const legend: Text = { pt: 'Empresa', en: 'Company' };
  const opens: Text = {
    pt: 'terá acesso à empresa que você confirmar.',
    en: 'will have access to the company that you confirm.',
  };
  const choices = companies.map(
    ({ cnpj, name }, index) =>
      html`<label class="choice"
        ><input type="radio" name="company" value="${cnpj}" required${index === 0 ? html` checked` : ''} />
        <span>${name}<br /><span class="soft">CNPJ ${formatCnpj(cnpj)}</span></span></label
      >`,
  );
  return stepPage(exchange, visit, problem, {
    path: btgPaths.company,
    title: { pt: 'Confirme a empresa', en: 'Confirm the company' },
    before: html`<p><strong>${clientName(exchange, visit)}</strong> ${opens[language]}</p>`,
    form: html`<fieldset>
        <legend>${legend[language]}</legend>
        ${choices}
      </fieldset>
      ${decisionButtons(language, confirm)}`,
  });
}

function clientName({ tenant }: Exchange, { session }: PageVisit): string {
  return tenant.clients.find('btg', session.clientId)?.name ?? session.clientId;
}

/** A CNPJ as people read it: 30.306.294/0001-45. */
function formatCnpj(cnpj: string): string {
  return cnpj.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, '$1.$2.$3/$4-$5');
}
