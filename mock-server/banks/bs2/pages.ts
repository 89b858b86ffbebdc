import { html } from 'hono/html';
import type { Answer, Exchange } from '../exchange.js';
import type { LoginProblem } from '../login-flow.js';
import { chooseLanguage, renderPage } from '../page.js';
import type { Text } from '../page.js';
import { decisionButtons, formMarkup, loginFields, problemMarkup, tokenField } from '../page-form.js';
import { chosenLanguage, ownUrl, pageUrl } from '../page-session.js';
import type { PageVisit } from '../page-session.js';
import { testUsersMarkup } from '../test-users.js';
import { gatewayError } from './gateway-answers.js';
import type { GatewayErrorCode } from './gateway-answers.js';
import { bs2Features, bs2Paths } from './profile.js';

const bankName: Text = { pt: 'BS2 (teste)', en: 'BS2 (test)' };

function otherLanguageUrl(exchange: Exchange, path: string, visit: PageVisit): string {
  return pageUrl(exchange, path, visit.session, visit.language === 'pt' ? 'en' : 'pt');
}

export async function loginPage(exchange: Exchange, visit: PageVisit, problem: LoginProblem | null): Promise<Answer> {
  const { language } = visit;
  const intro: Text = { pt: 'Entre para continuar com o consentimento.', en: 'Log in to go on with the consent.' };
  return renderPage({
    status: 200,
    language,
    bankName,
    title: { pt: 'Acesse sua conta', en: 'Log in to your account' },
    headers: [...visit.cookie, ...(problem === null ? [] : [['x-ca-err', '3001202'] as const])],
    otherLanguageUrl: otherLanguageUrl(exchange, bs2Paths.login, visit),
    body: html`<p>${intro[language]}</p>
      ${problemMarkup(problem, language)}
      ${formMarkup(visit, pageUrl(exchange, bs2Paths.login, visit.session, language), loginFields(language, problem))}
      ${testUsersMarkup(exchange.tenant, language)}`,
  });
}

export async function consentPage(exchange: Exchange, visit: PageVisit, problem: LoginProblem | null): Promise<Answer> {
  const { language, session } = visit;
  const client = exchange.tenant.clients.find('bs2', session.clientId);
  const asks: Text = {
    pt: 'pede acesso a estas funcionalidades da sua conta:',
    en: 'asks for these features of your account:',
  };
  const choose: Text = { pt: 'Confirmar com', en: 'Confirm with' };
  const app: Text = { pt: 'Token do app', en: 'App token' };
  const sms: Text = { pt: 'Token SMS', en: 'SMS token' };
  const features = session.request.scope.map(
    (scope) => html`<li>${bs2Features[scope]?.[language] ?? scope} <code>${scope}</code></li>`,
  );
  return renderPage({
    status: 200,
    language,
    bankName,
    title: { pt: 'Confirme o consentimento', en: 'Confirm the consent' },
    headers: visit.cookie,
    otherLanguageUrl: otherLanguageUrl(exchange, bs2Paths.consent, visit),
    body: html`<p><strong>${client?.name ?? session.clientId}</strong> ${asks[language]}</p>
      <ul>
        ${features}
      </ul>
      ${problemMarkup(problem, language)}
      ${formMarkup(
        visit,
        pageUrl(exchange, bs2Paths.consent, session, language),
        html`<fieldset>
            <legend>${choose[language]}</legend>
            <label class="choice"><input type="radio" name="factor" value="app" checked /> ${app[language]}</label>
            <label class="choice"><input type="radio" name="factor" value="sms" /> ${sms[language]}</label>
          </fieldset>
          ${decisionButtons(language)}`,
      )}`,
  });
}

export async function secondFactorPage(
  exchange: Exchange,
  visit: PageVisit,
  problem: LoginProblem | null,
): Promise<Answer> {
  const { language, session } = visit;
  const label: Text =
    session.factor === 'sms'
      ? { pt: 'Token recebido por SMS', en: 'Token received by SMS' }
      : { pt: 'Token do app', en: 'App token' };
  const other: Text = { pt: 'Usar outro token', en: 'Use another token' };
  return renderPage({
    status: 200,
    language,
    bankName,
    title: { pt: 'Digite o token', en: 'Enter the token' },
    headers: [...visit.cookie, ...(problem === null ? [] : [['x-ca-err', '3002124'] as const])],
    otherLanguageUrl: otherLanguageUrl(exchange, bs2Paths.secondFactor, visit),
    body: html`${problemMarkup(problem, language)}
      ${formMarkup(
        visit,
        pageUrl(exchange, bs2Paths.secondFactor, session, language),
        html`${tokenField(language, label, problem)}${decisionButtons(language)}`,
      )}
      <p class="soft"><a href="${pageUrl(exchange, bs2Paths.consent, session, language)}">${other[language]}</a></p>`,
  });
}

const errorTexts: Readonly<Partial<Record<GatewayErrorCode, Text>>> = {
  '3000114': {
    pt: 'O endereço de retorno não está cadastrado para esta aplicação.',
    en: 'The return address is not registered for this application.',
  },
  '3000130': { pt: 'A aplicação não informou o endereço de retorno.', en: 'The application named no return address.' },
  '3000201': {
    pt: 'A aplicação não é conhecida, ou suas credenciais não conferem.',
    en: 'The application is unknown, or its credentials are wrong.',
  },
  '3000103': {
    pt: 'Falta um parâmetro, ou ele veio repetido ou ilegível.',
    en: 'A parameter is missing, repeated or unreadable.',
  },
  '3001110': {
    pt: 'A sessão terminou. Volte à aplicação e comece de novo.',
    en: 'The session is over. Go back to the application and start again.',
  },
  '3001202': { pt: 'Este usuário está bloqueado. Procure o banco.', en: 'This user is locked. Ask the bank.' },
  '3002110': {
    pt: 'A sessão terminou ou o consentimento já foi dado.',
    en: 'The session is over or consent was already given.',
  },
  '3001103': {
    pt: 'O formulário não veio desta página. Volte e tente de novo.',
    en: 'The form did not come from this page. Go back and try again.',
  },
};

/** An error that stays at the bank: a page for people, the gateway's JSON for a backend that asks for JSON. */
export async function gatewayErrorPage(
  exchange: Exchange,
  status: number,
  errorCode: GatewayErrorCode,
  error: string,
  description: string,
  headers: readonly (readonly [string, string])[] = [],
): Promise<Answer> {
  if (prefersJson(exchange.headers.get('accept'))) return gatewayError(status, errorCode, error, description, headers);
  const language = chooseLanguage(exchange.headers.get('accept-language'), chosenLanguage(exchange));
  const text = errorTexts[errorCode];
  return renderPage({
    status,
    language,
    bankName,
    title: { pt: 'Não foi possível continuar', en: 'This cannot go on' },
    headers: [...headers, ['x-ca-err', errorCode]],
    otherLanguageUrl: ownUrl(exchange, language === 'pt' ? 'en' : 'pt'),
    body: html`${text === undefined ? '' : html`<p>${text[language]}</p>`}
      <p class="soft"><code>${errorCode}</code> <code>${error}</code>: ${description}</p>`,
  });
}

function prefersJson(accept: string | null): boolean {
  return accept !== null && /\bjson\b/i.test(accept) && !/\bhtml\b/i.test(accept);
}
