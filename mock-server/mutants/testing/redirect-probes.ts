import type { BankVisit } from './bank-visit.js';
import type { Probe, Probes } from './probe.js';
import { VisitingBrowser } from './visiting-browser.js';

/** The state that comes back for one that is sent. */
async function returnedState(visit: BankVisit, state: string | null): Promise<string | null> {
  const { searchParams } = (await visit.consent({ state })) ?? new URL('http://nenhum.invalid');
  return searchParams.get('state');
}

async function iss(visit: BankVisit, decision: 'approve' | 'deny' = 'approve'): Promise<string | null> {
  const { searchParams } = (await visit.consent({}, { decision })) ?? new URL('http://nenhum.invalid');
  return searchParams.get('iss');
}

function comesBackAs(state: string, returned: string): Probe {
  return async (visit) => (await returnedState(visit, state)) === returned;
}

export const redirectProbes: Probes = {
  'state-dropped': async (visit) => (await returnedState(visit, 'estado')) === null,
  'state-missing-on-error': async (visit) => {
    const denied = await visit.consent({}, { decision: 'deny' });
    return denied?.searchParams.has('state') === false && (await returnedState(visit, 'estado')) === 'estado';
  },
  'state-truncated': comesBackAs('e'.repeat(512), 'e'.repeat(255)),
  'state-plus-as-space': comesBackAs('um+dois', 'um dois'),
  'state-decoded-twice': comesBackAs('um%20dois', 'um dois'),
  'state-escaped': comesBackAs('<b>', '&lt;b&gt;'),
  'state-invented': async (visit) => (await returnedState(visit, null)) !== null,
  'iss-added': async (visit) => (await iss(visit)) !== null,
  'iss-missing': async (visit) => (await iss(visit)) === null,
  'iss-missing-on-error': async (visit) =>
    (await iss(visit, 'deny')) === null && (await iss(visit)) === visit.tenant.btg.issuer,
  'iss-trailing-slash': async (visit) => (await iss(visit)) === `${visit.tenant.btg.issuer}/`,
  'iss-of-other-bank': async (visit) => (await iss(visit)) === visit.tenant.bs2.baseUrl,
  'denial-misnamed': async (visit) =>
    (await visit.consent({}, { decision: 'deny' }))?.searchParams.get('error') === 'user_denied',
  'code-in-fragment': async (visit) => (await visit.consent())?.hash.startsWith('#code=') === true,
  'redirect-repeats-form': async (visit) => {
    const browser = new VisitingBrowser(visit);
    await browser.goToLastPage();
    await browser.confirm();
    return browser.shows.code && browser.page.status === 307;
  },
};
