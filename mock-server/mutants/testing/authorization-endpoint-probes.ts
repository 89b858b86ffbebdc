import { callback } from './bank-visit.js';
import type { BankVisit } from './bank-visit.js';
import type { Probes } from './probe.js';
import { VisitingBrowser } from './visiting-browser.js';

/** Where the user of a client is sent that registered these addresses and asks for this one. */
async function returnTo(visit: BankVisit, redirectUris: readonly string[], asked: string): Promise<string> {
  const { scope } = visit.client;
  const { id } = await visit.tenant.clients.create({ bank: visit.bank, redirectUris: [...redirectUris], scope });
  const url = await visit.consent({ client_id: id, redirect_uri: asked });
  return url?.href ?? '';
}

export const authorizationEndpointProbes: Probes = {
  'authorize-refuses-get': async (visit) => (await visit.ask()).status === 405,
  'authorize-refuses-post': async (visit) => {
    const [url = '', query = ''] = visit.authorizationUrl().split('?');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await visit.fetch(url, { method: 'POST', headers, body: query })).status === 405;
  },
  'unnamed-client-assumed': (visit) => visit.leadsToLogin({ client_id: null }),
  'scope-optional-at-authorize': (visit) => visit.leadsToLogin({ scope: null }),
  'prompt-consent-refused': async (visit) => !(await visit.leadsToLogin({ prompt: 'consent' })),
  'gateway-code-missing-at-authorize': async (visit) => {
    const { status, headers } = await visit.ask({ client_id: 'l7ninguem' });
    return status === 400 && !headers.has('x-ca-err');
  },
  'login-session-without-end': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.open(visit.authorizationUrl());
    await visit.tenant.clock.advance('PT11M');
    const { username = '', password = '' } = visit.tenant.user ?? {};
    await browser.submit({ username, password });
    return browser.page.status === 200 && !browser.shows.problem;
  },
  'insecure-redirect-uri-accepted': async (visit) => {
    await visit.tenant.settings.patch({ bs2: { httpsRedirectUris: true } });
    return visit.leadsToLogin();
  },
  'redirect-to-first-uri': async (visit) => {
    const second = 'http://localhost:3000/outra';
    return (await returnTo(visit, [callback, second], second)).startsWith(`${callback}?`);
  },
  'redirect-uri-query-dropped': async (visit) => {
    const asked = `${callback}?loja=7`;
    const url = await returnTo(visit, [asked], asked);
    return url.includes('code=') && !url.includes('loja=7');
  },
};
