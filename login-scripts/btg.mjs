/**
 * A beginning for BTG Id's pages, to be copied and changed: `loginScript: ./btg-login.mjs` in the target file.
 *
 * What the bank documents: login, the scopes that the application asks for, the choice of the company (CNPJ), and the
 * redirect. The sandbox is said to have users that the bank makes. Nobody has told what the fields are called, so each step
 * below looks for what such a page usually has. Run with HOMOLOGA_BROWSER=visible, see where it stops, and replace that
 * step by what the page really needs.
 */
import forms from './forms.mjs';

export const decisions = ['approve', 'deny'];

export default async function logIn(page, credentials, secondFactor) {
  await page
    .getByRole('button', { name: /aceitar|entendi|concordo com os cookies/i })
    .click({ timeout: 1_500 })
    .catch(() => undefined);
  await forms(page, credentials, secondFactor);
}
