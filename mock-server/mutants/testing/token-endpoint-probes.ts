import { basicOf, encode } from './bank-visit.js';
import type { BankVisit, Reply } from './bank-visit.js';
import type { Probe, Probes } from './probe.js';

async function exchange(visit: BankVisit): Promise<Reply> {
  return visit.redeem(await visit.code());
}

/** What an exchange answers that should give tokens. */
function exchanged(isWrong: (reply: Reply, visit: BankVisit) => boolean): Probe {
  return async (visit) => isWrong(await exchange(visit), visit);
}

/** What the bank answers to a code that it never gave. */
function refusedCode(isWrong: (reply: Reply) => boolean): Probe {
  return async (visit) => isWrong(await visit.redeem('codigo-de-ninguem'));
}

/** What the bank answers to a wrong secret. */
function refusedClient(isWrong: (reply: Reply) => boolean): Probe {
  return async (visit) =>
    isWrong(await visit.redeem('codigo-de-ninguem', {}, { client: { ...visit.client, secret: 'errado' } }));
}

export const clientAuthenticationProbes: Probes = {
  'wrong-client-secret-accepted': async (visit) => {
    const client = { ...visit.client, secret: 'errado' };
    return (await visit.redeem(await visit.code(), {}, { client })).status === 200;
  },
  'client-secret-optional': async (visit) =>
    (await visit.redeem(await visit.code(), { client_id: visit.client.id }, { authorization: null })).status === 200,
  'basic-refused': exchanged(({ status }) => status === 401),
  'credentials-in-address-accepted': async (visit) => {
    const { id, secret } = visit.client;
    const query = encode({ client_id: id, client_secret: secret });
    return (await visit.redeem(await visit.code(), {}, { authorization: null, query })).status === 200;
  },
};

export const tokenResponseProbes: Probes = {
  'tokens-cacheable': exchanged(({ headers, status }) => status === 200 && !headers.has('cache-control')),
  'tokens-not-json': exchanged(({ headers }) => headers.get('content-type') === 'text/html'),
  'token-type-missing': exchanged(({ json }) => 'access_token' in json && !('token_type' in json)),
  'token-type-wrong': exchanged(({ json }) => json['token_type'] === 'mac'),
  'expires-in-wrong': exchanged(({ json }) => json['expires_in'] === 3600),
  'expires-in-as-string': exchanged(({ json }) => typeof json['expires_in'] === 'string'),
  'scope-missing': exchanged(({ json }) => 'access_token' in json && !('scope' in json)),
  'members-reordered': exchanged(({ json }) => Object.keys(json).join(' ').startsWith('scope refresh_token')),
  'line-ends-of-unix': exchanged(({ text }) => text.includes('\n  ') && !text.includes('\r')),
  'json-on-one-line': exchanged(({ text }) => !text.includes('\n')),
  'tokens-not-guids': exchanged(({ json }) => !/^[0-9a-f-]{36}$/.test(String(json['access_token']))),
  'id-token-given': exchanged(({ json }) => 'id_token' in json),
  'narrowed-scope-misreported': async (visit) => {
    const { refresh } = await visit.tokens();
    const { json } = await visit.refresh(refresh, { scope: visit.choose('saldo', 'openid') });
    return String(json['scope']).split(' ').length > 1;
  },
  'refresh-token-as-jwt': exchanged(({ json }) => String(json['refresh_token']).split('.').length === 3),
  'refresh-token-guessable': exchanged(({ json }) => String(json['refresh_token']).length < 22),
  'id-token-missing-on-refresh': async (visit) => {
    const { json } = await visit.refresh((await visit.tokens()).refresh);
    return 'access_token' in json && !('id_token' in json);
  },
  'id-token-missing': exchanged(({ json }) => 'access_token' in json && !('id_token' in json)),
};

export const tokenErrorProbes: Probes = {
  'errors-with-200': async (visit) =>
    (await refusedCode(({ status }) => status === 200)(visit)) &&
    (await refusedClient(({ status }) => status === 200)(visit)),
  'errors-as-plain-text': refusedCode(({ headers }) => headers.get('content-type')?.startsWith('text/plain') === true),
  'invalid-grant-misnamed': refusedCode(({ json }) => json['error'] === 'invalid_request'),
  'invalid-grant-with-401': refusedCode(({ status }) => status === 401),
  'invalid-grant-with-500': refusedCode(({ status }) => status === 500),
  'unknown-grant-type-misnamed': async (visit) =>
    (await visit.token({ grant_type: 'desconhecido' })).json['error'] === 'invalid_request',
  'error-undescribed': refusedCode(({ json }) => 'error' in json && !('error_description' in json)),
  'invalid-client-with-400': refusedClient(({ status }) => status === 400),
  'client-challenge-missing': refusedClient(
    ({ status, headers }) => status === 401 && !headers.has('www-authenticate'),
  ),
  'missing-parameter-misnamed': async (visit) =>
    (await visit.token({ grant_type: 'authorization_code' })).json['error'] === 'invalid_grant',
  'gateway-code-missing': refusedClient(({ headers }) => !headers.has('x-ca-err')),
  'gateway-code-wrong': refusedClient(({ headers }) => headers.get('x-ca-err') === '3003113'),
  'app-not-found-unnamed': async (visit) => {
    const client = { id: 'ninguem', secret: 'x' };
    const { status, text } = await visit.redeem('codigo-de-ninguem', {}, { client });
    return status === 401 && !text.includes('app-not-found');
  },
};

export const clientCredentialsProbes: Probes = {
  'client-credentials-with-refresh-token': async (visit) =>
    'refresh_token' in (await visit.token({ grant_type: 'client_credentials', scope: visit.client.scope })).json,
  'client-credentials-with-id-token': async (visit) =>
    'id_token' in (await visit.token({ grant_type: 'client_credentials', scope: visit.client.scope })).json,
  'client-credentials-unsupported': async (visit) =>
    (await visit.token({ grant_type: 'client_credentials' })).json['error'] === 'unsupported_grant_type',
};

export const revocationProbes: Probes = {
  'revocation-without-effect': async (visit) => {
    const { refresh } = await visit.tokens();
    await revoke(visit, refresh);
    return (await visit.refresh(refresh)).status === 200;
  },
  'revocation-spares-access-token': async (visit) => {
    const { access, refresh } = await visit.tokens();
    await revoke(visit, refresh);
    return (await visit.refresh(refresh)).status === 400 && (await visit.api(access)).status === 200;
  },
  'revocation-with-204': async (visit) => (await revoke(visit, (await visit.tokens()).refresh)).status === 204,
  'unknown-token-not-revoked': async (visit) => (await revoke(visit, 'token-de-ninguem')).status === 400,
  'unknown-hint-refused': async (visit) => {
    const form = { token: (await visit.tokens()).refresh, token_type_hint: 'desconhecido' };
    return (await visit.post(visit.tenant.btg.revocationEndpoint, form)).status === 400;
  },
  'revocation-of-nothing-confirmed': async (visit) =>
    (await visit.post(visit.tenant.btg.revocationEndpoint, {})).status === 200,
  'revocation-by-other-client': async (visit) => {
    const { refresh } = await visit.tokens();
    await revoke(visit, refresh, basicOf(await visit.otherClient()));
    return (await visit.refresh(refresh)).status === 400;
  },
  'revocation-without-authentication': async (visit) => {
    const { refresh } = await visit.tokens();
    await revoke(visit, refresh, basicOf({ ...visit.client, secret: 'errado' }));
    return (await visit.refresh(refresh)).status === 400;
  },
};

function revoke(visit: BankVisit, token: string, authorization = basicOf(visit.client)): Promise<Reply> {
  return visit.post(visit.tenant.btg.revocationEndpoint, { token }, authorization);
}
