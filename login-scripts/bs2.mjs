/**
 * A beginning for BS2's pages, to be copied and changed: `loginScript: ./bs2-login.mjs` in the target file.
 *
 * What the bank documents: the customer logs in with CPF or user name and password, sees the features that the
 * application asks for, chooses the token of the app or one by SMS, and confirms with it. Nobody has told what the
 * fields are called, so each step below looks for what such a page usually has. Run with HOMOLOGA_BROWSER=visible, see
 * where it stops, and replace that step by what the page really needs.
 */
import forms from './forms.mjs';

export const decisions = ['approve', 'deny'];

export default async function logIn(page, credentials, secondFactor) {
  // A notice on cookies hides what is below it.
  await page
    .getByRole('button', { name: /aceitar|entendi|concordo com os cookies/i })
    .click({ timeout: 1_500 })
    .catch(() => undefined);
  // Where the page asks for something else first (a branch, an account), fill it in here, for example:
  // await page.getByLabel('Agência').fill('0001');
  await forms(page, credentials, secondFactor);
}
