import { createHash } from 'node:crypto';
import { basicOf, callback } from './bank-visit.js';
import type { BankVisit, Reply } from './bank-visit.js';
import type { Probe, Probes } from './probe.js';

const verifier = 'um-verificador-de-teste-com-mais-de-43-caracteres';
const challenge = {
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
};

/** What a client without a secret gets for its code and verifier. */
async function redeemAsPublic(visit: BankVisit): Promise<Reply> {
  const { scope } = visit.client;
  const { id } = await visit.tenant.clients.create({ bank: 'btg', type: 'public', redirectUris: [callback], scope });
  const code = await visit.code({ client_id: id, ...challenge });
  return visit.redeem(code, { client_id: id, code_verifier: verifier }, { authorization: null });
}

/** What a request of this grant type and nothing else gets. */
function bare(grantType: string, isWrong: (reply: Reply) => boolean): Probe {
  return async (visit) => isWrong(await visit.token({ grant_type: grantType, scope: visit.client.scope }));
}

export const tokenRequestProbes: Probes = {
  'exchange-without-code-served': bare('authorization_code', ({ status }) => status === 200),
  'refresh-without-token-served': bare('refresh_token', ({ status }) => status === 200),
  'anonymous-request-served': async (visit) =>
    (await visit.redeem(await visit.code(), {}, { authorization: null })).status === 200,
  'unknown-code-served': async (visit) => 'access_token' in (await visit.redeem('codigo-de-ninguem')).json,
  'password-grant-unsupported': bare('password', ({ json }) => json['error'] === 'unsupported_grant_type'),
  'password-grant-offered': bare('password', ({ json }) => json['error'] !== 'unsupported_grant_type'),
  'body-credentials-refused': async (visit) => {
    const { id, secret } = visit.client;
    const form = { client_id: id, client_secret: secret };
    return (await visit.redeem(await visit.code(), form, { authorization: null })).status === 401;
  },
  'basic-in-lower-case-refused': async (visit) => {
    const authorization = basicOf(visit.client).replace('Basic', 'basic');
    return (await visit.redeem(await visit.code(), {}, { authorization })).status === 401;
  },
  'json-request-served': async (visit) => {
    const body = { grant_type: 'authorization_code', code: await visit.code(), redirect_uri: callback };
    const headers = { 'content-type': 'application/json', authorization: basicOf(visit.client) };
    const url = visit.tenant[visit.bank].tokenEndpoint;
    return (await visit.fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status === 200;
  },
  'scope-demanded-on-refresh': async (visit) =>
    (await visit.refresh((await visit.tokens()).refresh)).json['error'] === 'unsupported_grant_type',
  'public-client-refused': async (visit) => (await redeemAsPublic(visit)).status === 401,
  'no-consent-after-expiry': async (visit) => {
    await visit.tokens();
    await visit.tenant.clock.advance(visit.choose('P30D', 'P10D'));
    return (await visit.redeem(await visit.code())).status === 400;
  },
};
