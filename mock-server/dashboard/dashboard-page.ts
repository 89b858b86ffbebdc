import { html } from 'hono/html';
import { banks } from '../banks/banks.js';
import { bankIds } from '../banks/bank-id.js';
import { renderPage } from '../banks/page.js';
import type { Answer } from '../banks/exchange.js';
import type { Tenant } from '../tenants/tenant.js';

/** The page at `/`: where the banks are, who may log in, what the phone shows, what came in last. Reads only. */
export async function dashboardPage(tenants: readonly Tenant[], chosen: string | undefined): Promise<Answer> {
  const tenant = tenants.find(({ id }) => id === chosen) ?? tenants[0];
  if (tenant === undefined) {
    return renderPage({
      status: 200,
      language: 'en',
      bankName: 'homologa',
      title: { pt: 'homologa', en: 'homologa' },
      body: html`<p>No tenant. Make one with <code>POST /_mock/tenants</code>.</p>`,
    });
  }
  const entries = tenant.journal.entries().slice(-25).reverse();
  const users = tenant.users.list();
  const addresses = bankIds.map(
    (id) =>
      html`<h2>${id}</h2>
        <ul>
          ${Object.entries(banks[id].describe(tenant)).map(([name, value]) => (value === null ? '' : html`<li>${name}: <code>${value}</code></li>`))}
        </ul>`,
  );
  const clients = tenant.clients.list().map(
    (client) =>
      html`<li>
          ${client.bank} <code>${client.id}</code> · secret <code>${client.secret ?? 'none'}</code><br />redirect
          <code>${client.redirectUris.join(' ')}</code><br />scope <code>${client.scope}</code>
        </li>`,
  );
  const phone = users.slice(0, 12).map(
    (user) =>
      html`<li>
          <strong>${user.username}</strong> · password <code>${user.password}</code> · app token
          <code>${tenant.secondFactors.appCode(user) ?? 'all spent, wait 30 s'}</code> · last SMS
          <code>${tenant.secondFactors.lastSms(user.username)?.code ?? 'none'}</code>
        </li>`,
  );
  const journal = entries.map(
    (entry) =>
      html`<li>
        <code>${entry.at.slice(11, 19)}</code> ${entry.bank} ${entry.request.method} ${entry.endpoint}
        <strong>${entry.response.status}</strong> ${entry.outcome ?? ''}
      </li>`,
  );
  const others =
    tenants.length < 2
      ? ''
      : html`<p>
          Tenants:
          ${tenants.slice(0, 50).map(({ id }) => html`<a href="/?tenant=${encodeURIComponent(id)}">${id}</a> `)}
        </p>`;
  return renderPage({
    status: 200,
    language: 'en',
    bankName: 'homologa',
    wide: true,
    title: { pt: 'homologa', en: `Mock banks · tenant ${tenant.id}` },
    body: html`${others}
      <p>
        Clock: <code>${new Date(tenant.clock.now()).toISOString()}</code> (${tenant.clock.mode}), environment
        <code>${tenant.settings.environment}</code>. Reload to see what changed.
      </p>
      ${addresses}
      <h2>Clients</h2>
      <ul>
        ${clients}
      </ul>
      <h2>Phone</h2>
      <ul>
        ${phone}
      </ul>
      <h2>Last requests</h2>
      ${
        entries.length === 0
          ? html`<p class="soft">Nothing came in yet. Start with the authorization endpoint of a bank above.</p>`
          : html`<ul>
              ${journal}
            </ul>`
      }
      <p class="soft">
        Everything here, and the clock, faults, grants and settings, is in the control API:
        <a href="/_mock/openapi.json">OpenAPI</a>.
      </p>`,
  });
}
