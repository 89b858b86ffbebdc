import type { BankVisit, Reply } from '../../mutants/testing/bank-visit.js';
import type { AlterationProbe, AlterationProbes } from './alteration-probe.js';
import { withEntry } from './alteration-probe.js';
import { sightOf } from './token-sight.js';
import type { ReplySight } from './token-sight.js';

const secondCompany = '12ABC34501DE35';

/** A call that is answered as another one is by the honest bank; the token goes on working. */
function answeredAs(other: (visit: BankVisit) => Promise<Reply>): AlterationProbe {
  return async (visit, alter) => {
    const expected = sightOf(await other(visit));
    const { access } = await visit.tokens();
    return { ...(await calls(visit, access, alter)), expected };
  };
}

async function calls(
  visit: BankVisit,
  access: string,
  alter: () => Promise<void>,
): Promise<Readonly<Record<'honest' | 'altered' | 'next', ReplySight>>> {
  const honest = sightOf(await visit.api(access));
  await alter();
  const altered = sightOf(await visit.api(access));
  return { honest, altered, next: sightOf(await visit.api(access)) };
}

async function expired(visit: BankVisit): Promise<Reply> {
  const { accessToken } = await visit.tenant.grants.create({ bank: visit.bank, age: 'P2D' });
  return visit.api(accessToken);
}

async function unprovisioned(visit: BankVisit): Promise<Reply> {
  const { scope } = visit.client;
  const redirectUris = ['http://localhost:3000/callback'];
  const client = await visit.tenant.clients.create({ bank: 'bs2', redirectUris, scope, provisioned: false });
  const { accessToken } = await visit.tenant.grants.create({ bank: 'bs2', client: client.id });
  return visit.api(accessToken);
}

async function ofOtherCompany(visit: BankVisit): Promise<Reply> {
  await visit.tenant.settings.patch({ btg: { companies: 'linked' } });
  return visit.api((await visit.tokens()).access, secondCompany);
}

/** The second company's own answer to its own token. */
async function ofSecondCompany(visit: BankVisit): Promise<Reply> {
  await visit.tenant.settings.patch({ btg: { companies: 'linked' } });
  const { accessToken } = await visit.tenant.grants.create({ bank: visit.bank, company: secondCompany });
  return visit.api(accessToken, secondCompany);
}

export const resourceProbes: AlterationProbes = {
  'api.unauthorized': [answeredAs(expired)],
  'api.forbidden': [answeredAs((visit) => (visit.bank === 'bs2' ? unprovisioned(visit) : ofOtherCompany(visit)))],
  'api.insufficient-scope': [
    answeredAs(async (visit) => visit.api((await visit.tokens({ scope: 'openid email' })).access)),
  ],
  'api.wrong-company': [answeredAs(ofSecondCompany)],
  'api.html': [
    async (visit, alter) => {
      const seen = await calls(visit, (await visit.tokens()).access, alter);
      const page = 'Estamos em manutenção';
      const { text } = seen.altered;
      const headers = withEntry(seen.honest.headers, 'content-type', 'text/html; charset=UTF-8');
      return { ...seen, expected: { status: 200, headers, text: text.includes(page) ? text : page } };
    },
  ],
};
