import type { BankVisit } from './bank-visit.js';
import type { Probes } from './probe.js';
import { VisitingBrowser } from './visiting-browser.js';

const wrongPassword = 'senha-errada';

/** A browser at the page that asks for an SMS token; BTG is set to have one. */
async function atSmsPage(visit: BankVisit): Promise<VisitingBrowser> {
  const browser = new VisitingBrowser(visit);
  if (visit.bank === 'btg') {
    await visit.tenant.settings.patch({ btg: { secondFactor: 'sms' } });
    await browser.logIn();
  } else {
    await browser.goToLastPage();
  }
  return browser;
}

/** Whether the bank was content with a token: a code, or the page after. */
function isConfirmed(visit: BankVisit, browser: VisitingBrowser): boolean {
  return visit.choose(browser.shows.code, browser.path.endsWith('/scopes') && !browser.shows.problem);
}

function wrongFor(right: string): string {
  return right === '000000' ? '111111' : '000000';
}

export const loginProbes: Probes = {
  'wrong-password-accepted': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.logIn(wrongPassword);
    return !browser.path.endsWith('/login') && browser.page.status === 200;
  },
  'denial-approves': async (visit) =>
    (await visit.consent({}, { decision: 'deny' }))?.searchParams.has('code') === true,
  'denial-strands-user': async (visit) => (await visit.consent({}, { decision: 'deny' })) === null,
  'consent-not-asked': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.logIn();
    return browser.shows.code;
  },
  'features-hidden': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.logIn();
    return browser.path.endsWith('/consent') && !browser.page.text.includes('<code>saldo</code>');
  },
  'scopes-hidden': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.logIn();
    return browser.path.endsWith('/scopes') && !browser.page.text.includes('<code>openid</code>');
  },
  'other-companies-offered': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.goToLastPage();
    return browser.page.text.includes('value="12ABC34501DE35"');
  },
  'form-taken-twice': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.goToLastPage();
    await browser.confirm();
    const first = browser.left?.searchParams.get('code');
    if (browser.lastForm !== null) await browser.send(browser.lastForm);
    return browser.shows.code && browser.left?.searchParams.get('code') !== first;
  },
};

export const secondFactorProbes: Probes = {
  'second-factor-skipped': async (visit) => {
    if (visit.bank === 'btg') return isConfirmed(visit, await atSmsPage(visit));
    const browser = new VisitingBrowser(visit);
    await browser.goToLastPage();
    return browser.shows.code;
  },
  'wrong-second-factor-accepted': async (visit) => {
    const browser = await atSmsPage(visit);
    await browser.submit({ decision: 'approve', code: wrongFor(await browser.secondFactor('sms')) });
    return isConfirmed(visit, browser);
  },
  'expired-second-factor-accepted': async (visit) => {
    const browser = await atSmsPage(visit);
    await visit.tenant.clock.advance('PT6M');
    await browser.submit({ decision: 'approve', code: await browser.secondFactor('sms') });
    return isConfirmed(visit, browser);
  },
  'sms-token-dies-early': async (visit) => {
    const browser = await atSmsPage(visit);
    await visit.tenant.clock.advance('PT2M');
    await browser.submit({ decision: 'approve', code: await browser.secondFactor('sms') });
    return browser.shows.problem;
  },
  'spent-second-factor-accepted': async (visit) => {
    const first = new VisitingBrowser(visit);
    await first.goToLastPage('app');
    const code = await first.secondFactor('app');
    await first.submit({ decision: 'approve', code });
    const second = new VisitingBrowser(visit);
    await second.goToLastPage('app');
    await second.submit({ decision: 'approve', code });
    return first.shows.code && second.shows.code;
  },
  'second-factor-tried-without-end': async (visit) => {
    const browser = await atSmsPage(visit);
    const right = await browser.secondFactor('sms');
    for (let tries = 0; tries < 4 && browser.left === null; tries += 1) {
      await browser.submit({ decision: 'approve', code: wrongFor(right) });
    }
    return browser.left === null && browser.shows.problem;
  },
  'app-token-refused': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.goToLastPage('app');
    await browser.confirm('app');
    return browser.shows.problem;
  },
};

export const pageProbes: Probes = {
  'pages-framable': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.open(visit.authorizationUrl());
    const { headers } = browser.page;
    const policy = headers.get('content-security-policy') ?? '';
    return !headers.has('x-frame-options') && !policy.includes('frame-ancestors');
  },
  'pages-unescaped': async (visit) => {
    const name = '<b id="x">Aplicação</b>';
    const { client } = visit;
    const { id } = await visit.tenant.clients.create({
      bank: visit.bank,
      name,
      redirectUris: ['http://localhost:3000/callback'],
      scope: client.scope,
    });
    const browser = new VisitingBrowser(visit);
    await browser.logIn(undefined, visit.authorizationUrl({ client_id: id }));
    return browser.page.text.includes('<b id=');
  },
  'foreign-form-accepted': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.open(visit.authorizationUrl());
    const elsewhere = new VisitingBrowser(visit);
    const action = /<form[^>]* action="([^"]*)"/.exec(browser.page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    await elsewhere.send({ action, fields: { username: 'correntista', password: 'senha-de-teste' } });
    return elsewhere.page.status === 200;
  },
};
