import type { BankVisit, Reply } from './bank-visit.js';
import type { Probes } from './probe.js';

const deadToken = { authorization: 'Bearer 00000000-0000-4000-8000-000000000000' };

async function api(visit: BankVisit): Promise<Reply> {
  return visit.api((await visit.tokens()).access);
}

/** A call of a client that the bank has not provisioned. */
async function unprovisioned(visit: BankVisit): Promise<Reply> {
  const { scope } = visit.client;
  const redirectUris = ['http://localhost:3000/callback'];
  const client = await visit.tenant.clients.create({ bank: 'bs2', redirectUris, scope, provisioned: false });
  const { accessToken } = await visit.tenant.grants.create({ bank: 'bs2', client: client.id });
  return visit.api(accessToken);
}

/** A call with a token that has nothing of what the resource asks for. */
async function withoutScope(visit: BankVisit): Promise<Reply> {
  const scope = visit.choose('pagamento', 'openid email');
  return visit.api((await visit.tokens({ scope })).access);
}

export const resourceProbes: Probes = {
  'api-challenge-missing': async (visit) => {
    const { status, headers } = await visit.callApi({});
    return status === 401 && !headers.has('www-authenticate');
  },
  'error-named-without-token': async (visit) =>
    (await visit.callApi({})).headers.get('www-authenticate')?.includes('error=') === true,
  'dead-token-with-403': async (visit) => (await visit.callApi(deadToken)).status === 403,
  'token-in-address-accepted': async (visit) =>
    (await visit.callApi({}, `?access_token=${(await visit.tokens()).access}`)).status === 200,
  'any-scheme-accepted': async (visit) =>
    (await visit.callApi({ authorization: `Basic ${(await visit.tokens()).access}` })).status === 200,
  'bearer-refused': async (visit) => (await api(visit)).status === 401,
  'missing-scope-accepted': async (visit) => (await withoutScope(visit)).status === 200,
};

export const bs2ResourceProbes: Probes = {
  'other-users-account-shown': async (visit) => {
    const { access } = await visit.tokens();
    const own = await visit.api(access);
    await visit.tokens({}, { username: 'outra' });
    return (await visit.api(access)).json['valor'] !== own.json['valor'];
  },
  'refresh-token-opens-account': async (visit) => (await visit.api((await visit.tokens()).refresh)).status === 200,
  'invalid-token-as-json': async (visit) => {
    const { status, json } = await visit.callApi(deadToken);
    return status === 401 && json['error'] === 'invalid_token';
  },
  'unprovisioned-served': async (visit) => (await unprovisioned(visit)).status === 200,
  'unprovisioned-explained': async (visit) => {
    const { status, text } = await unprovisioned(visit);
    return status === 403 && text !== '';
  },
  'anonymous-call-served': async (visit) => (await visit.callApi({})).status === 200,
  'business-error-as-text': async (visit) => {
    const authorization = `Bearer ${(await visit.tokens()).access}`;
    const { status, text } = await visit.callApi({ authorization }, '?dataReferencia=nunca');
    return status === 400 && !text.startsWith('[');
  },
  'statement-without-limit': async (visit) => {
    const headers = { authorization: `Bearer ${(await visit.tokens()).access}` };
    const days = 'movimentoInicial=2026-11-01&movimentoFinal=2026-11-02';
    const url = `${visit.tenant.bs2.balanceEndpoint.replace(/saldo$/, 'extrato')}?${days}`;
    const { json } = await visit.fetch(url, { headers });
    return 'movimentacoes' in json && !('limite' in json);
  },
  'user-agent-code-ignored': async (visit) => {
    await visit.tenant.settings.patch({ bs2: { userAgentCode: 'codigo-do-banco' } });
    return (await visit.callApi(deadToken)).status === 401;
  },
  'balance-as-string': async (visit) => typeof (await api(visit)).json['valor'] === 'string',
  'blocked-balance-missing': async (visit) => {
    const { json } = await api(visit);
    return 'valor' in json && !('valorBloqueado' in json);
  },
};

const secondCompany = '12ABC34501DE35';

export const btgResourceProbes: Probes = {
  'other-users-accounts-shown': async (visit) => {
    await visit.tenant.settings.patch({ btg: { companies: 'linked' } });
    const { access } = await visit.tokens();
    await visit.tokens({}, { username: 'outra' });
    return !(await visit.api(access)).text.includes('"number":"100001"');
  },
  'other-company-opened': async (visit) => {
    await visit.tenant.settings.patch({ btg: { companies: 'linked' } });
    const { status, text } = await visit.api((await visit.tokens()).access, secondCompany);
    return status === 200 && text.includes('200002');
  },
  'unknown-company-forbidden': async (visit) =>
    (await visit.api((await visit.tokens()).access, secondCompany)).status === 403,
  'required-scopes-unlisted': async (visit) => {
    const { status, text } = await withoutScope(visit);
    return status === 403 && !text.includes('empresas.btgpactual.com/accounts.readonly');
  },
  'client-credentials-open-banking': async (visit) => {
    const { json } = await visit.token({ grant_type: 'client_credentials', scope: visit.client.scope });
    return (await visit.api(String(json['access_token']))).status === 200;
  },
  'developer-served-in-production': async (visit) => {
    await visit.tenant.settings.patch({ btg: { requireOperator: true } });
    return (await visit.api((await visit.tokens({}, { username: 'desenvolvedor' })).access)).status === 200;
  },
  'developer-refused-in-sandbox': async (visit) =>
    (await visit.api((await visit.tokens({}, { username: 'desenvolvedor' })).access)).status === 403,
  'balance-without-currency': async (visit) => {
    const { access } = await visit.tokens();
    const account = /"accountId":"([^"]+)"/.exec((await visit.api(access)).text)?.[1] ?? '';
    const headers = { authorization: `Bearer ${access}` };
    const { text } = await visit.fetch(`${visit.tenant.btg.accountsEndpoint}/${account}/balances`, { headers });
    return text.includes('"amount"') && !text.includes('"currency"');
  },
  'account-without-branch': async (visit) => {
    const { status, text } = await api(visit);
    return status === 200 && !text.includes('branchCode');
  },
  'account-id-shortened': async (visit) => (await api(visit)).text.includes('"accountId":"100001"'),
  'token-signature-unchecked': async (visit) => {
    const { access } = await visit.tokens();
    return (await visit.api(`${access.slice(0, -8)}AAAAAAAA`)).status === 200;
  },
};
