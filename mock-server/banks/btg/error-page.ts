import { html } from 'hono/html';
import type { Answer, Exchange } from '../exchange.js';
import { chooseLanguage, renderPage } from '../page.js';
import type { Text } from '../page.js';
import { chosenLanguage, ownUrl } from '../page-session.js';
import { appNotFound, appNotFoundMessage, appNotFoundName, oauthError } from './oauth-answers.js';
import { btgBankName } from './profile.js';

/** An error that stays at the bank: a page for people, JSON for a program that asks for JSON (inferred). */
export async function errorPage(
  exchange: Exchange,
  status: 400 | 403,
  error: string,
  description: string,
  text: Text = defaultText,
): Promise<Answer> {
  if (prefersJson(exchange)) return oauthError(status, error, description);
  return page(exchange, status, text, error, description);
}

/**
 * BTG Id does not know the application in this environment. Observed: it stops before the login, with this name and
 * message, and redirects nowhere. Inferred: the status.
 */
export async function appNotFoundPage(exchange: Exchange, clientId: string): Promise<Answer> {
  if (prefersJson(exchange)) return appNotFound(404, appNotFoundName, clientId);
  return page(exchange, 404, appNotFoundText, appNotFoundName, appNotFoundMessage(clientId));
}

const defaultText: Text = {
  pt: 'A aplicação enviou um pedido que não pode ser atendido.',
  en: 'The application sent a request that cannot be met.',
};
const appNotFoundText: Text = {
  pt: 'A aplicação não existe neste ambiente, ou não está habilitada.',
  en: 'The application does not exist in this environment, or is not enabled.',
};

async function page(
  exchange: Exchange,
  status: number,
  text: Text,
  error: string,
  description: string,
): Promise<Answer> {
  const language = chooseLanguage(exchange.headers.get('accept-language'), chosenLanguage(exchange));
  return renderPage({
    status,
    language,
    bankName: btgBankName,
    title: { pt: 'Não foi possível continuar', en: 'This cannot go on' },
    otherLanguageUrl: ownUrl(exchange, language === 'pt' ? 'en' : 'pt'),
    body: html`<p>${text[language]}</p>
      <p class="soft"><code>${error}</code>: ${description}</p>`,
  });
}

function prefersJson({ headers }: Exchange): boolean {
  const accept = headers.get('accept') ?? '';
  return /\bjson\b/i.test(accept) && !/\bhtml\b/i.test(accept);
}
