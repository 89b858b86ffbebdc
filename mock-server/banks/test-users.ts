import { html } from 'hono/html';
import { magicUsers, seededPassword } from '../tenants/fixtures.js';
import type { Tenant } from '../tenants/tenant.js';
import type { Language, Markup, Text } from './page.js';

const texts = {
  title: { pt: 'Usuários deste banco de teste', en: 'Users of this test bank' },
  password: { pt: 'A senha de todos é', en: 'The password of all is' },
  plain: { pt: 'usuário comum', en: 'plain user' },
} satisfies Record<string, Text>;

/**
 * Who may log in at this test bank, for its login page: the users that every tenant starts with and what each does.
 * Those that this tenant has not, or has with a password of its own, are not listed.
 */
export function testUsersMarkup(tenant: Tenant, language: Language): Markup | '' {
  const listed = tenant.users
    .list()
    .filter(({ username, password }) => password === seededPassword && seededNames.has(username))
    .map(({ username }) => {
      const text = magicUsers.find((magic) => magic.username === username) ?? texts.plain;
      return html`<li><code>${username}</code>: ${text[language]}</li>`;
    });
  if (listed.length === 0) return '';
  return html`<details class="soft">
    <summary>${texts.title[language]}</summary>
    <p>${texts.password[language]} <code class="secret">${seededPassword}</code></p>
    <ul>
      ${listed}
    </ul>
  </details>`;
}

const seededNames = new Set(['correntista', 'outra', ...magicUsers.map(({ username }) => username)]);
