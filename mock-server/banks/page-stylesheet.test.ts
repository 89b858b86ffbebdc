import { createHash } from 'node:crypto';
import { html } from 'hono/html';
import { expect, it } from 'vitest';
import { renderPage } from './page.js';

it('serves the stylesheet that its content security policy allows', async () => {
  const page = await renderPage({
    status: 200,
    language: 'pt',
    bankName: { pt: 'Banco', en: 'Bank' },
    title: { pt: 'Título', en: 'Title' },
    body: html`<p>x</p>`,
  });
  const styles = [...page.body.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => style ?? '');
  expect(styles).toHaveLength(1);
  const hash = createHash('sha256').update(styles.join('')).digest('base64');
  expect(page.headers).toContainEqual(['content-security-policy', expect.stringContaining(`'sha256-${hash}'`)]);
  expect(page.body).not.toMatch(/<script|\son\w+=|style="/i);
});
