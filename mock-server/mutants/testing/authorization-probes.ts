import { createHash } from 'node:crypto';
import { basicOf, callback } from './bank-visit.js';
import type { BankVisit, Form } from './bank-visit.js';
import type { Probe, Probes } from './probe.js';

const foreign = 'http://estranho.exemplo.invalid/volta';

/** Leads to the login with an address of this kind, and still not with a wholly foreign one. */
function acceptsOnly(redirectUri: string): Probe {
  return async (visit) =>
    (await visit.leadsToLogin({ redirect_uri: redirectUri })) && !(await visit.leadsToLogin({ redirect_uri: foreign }));
}

function withNobodysScope({ client }: BankVisit): Form {
  return { scope: `${client.scope} escopo-de-ninguem` };
}

export const redirectUriProbes: Probes = {
  'redirect-uri-unchecked': (visit) => visit.leadsToLogin({ redirect_uri: foreign }),
  'redirect-uri-by-prefix': acceptsOnly(`${callback}/mais`),
  'redirect-uri-normalised': acceptsOnly('http://localhost:3000/x/../CALLBAC%4B/'),
  'redirect-uri-by-host': acceptsOnly('http://localhost:3000/outro'),
  'redirect-uri-told-of-mismatch': async (visit) =>
    (await visit.ask({ redirect_uri: foreign })).headers.get('location')?.startsWith(foreign) === true,
  'redirect-uri-assumed': (visit) => visit.leadsToLogin({ redirect_uri: null }),
  'redirect-uri-of-several': (visit) => visit.leadsToLogin({}, {}, `&redirect_uri=${encodeURIComponent(foreign)}`),
};

export const authorizationRequestProbes: Probes = {
  'response-type-ignored': async (visit) =>
    (await visit.leadsToLogin({ response_type: 'token' })) && (await visit.leadsToLogin({ response_type: null })),
  'repeated-parameter-accepted': async (visit) => {
    const twice = `grant_type=client_credentials&grant_type=client_credentials`;
    const answer = await visit.token({ grant_type: 'client_credentials' }, { query: twice });
    return answer.status === 200 && (await visit.leadsToLogin({}, {}, '&scope=openid&response_type=code'));
  },
  'unknown-parameter-refused': async (visit) => !(await visit.leadsToLogin({ desconhecido: 'x' })),
  'unregistered-scope-granted': async (visit) =>
    (await visit.tokens(withNobodysScope(visit))).scope.includes('escopo-de-ninguem'),
  'unregistered-scope-ignored': async (visit) => {
    const { scope } = await visit.tokens(withNobodysScope(visit));
    return scope !== '' && !scope.includes('escopo-de-ninguem');
  },
  'scope-fault-misnamed': async (visit) =>
    (await visit.errorAtClient({ scope: visit.choose('escopo-de-ninguem', 'openid escopo-de-ninguem') })) ===
    'invalid_request',
  'openid-optional': (visit) => visit.leadsToLogin({ scope: 'email profile' }),
  'prompt-none-shows-login': (visit) => visit.leadsToLogin({ prompt: 'none' }),
};

export const bs2AskingClientProbes: Probes = {
  'unknown-client-shown-login': (visit) => visit.leadsToLogin({ client_id: 'l7ninguem' }),
  'wrong-secret-at-authorize': (visit) =>
    visit.leadsToLogin({ client_id: null }, { authorization: basicOf({ ...visit.client, secret: 'errado' }) }),
  'client-id-refused-at-authorize': async (visit) => !(await visit.leadsToLogin()),
  'basic-refused-at-authorize': async (visit) =>
    !(await visit.leadsToLogin({ client_id: null }, { authorization: basicOf(visit.client) })),
  'browser-asked-for-secret': async (visit) => {
    const { status, headers } = await visit.ask({ client_id: null });
    return status === 401 && headers.get('www-authenticate')?.startsWith('Basic') === true;
  },
  'login-elsewhere': async (visit) => {
    const location = (await visit.ask()).headers.get('location') ?? '';
    return new URL(location).host !== new URL(visit.tenant.bs2.authorizationEndpoint).host;
  },
};

export const btgAskingClientProbes: Probes = {
  'unknown-client-shown-login': (visit) => visit.leadsToLogin({ client_id: 'ninguem' }),
  'unknown-client-redirected': async (visit) =>
    (await visit.errorAtClient({ client_id: 'ninguem' })) === 'unauthorized_client',
  'unknown-client-unnamed': async (visit) =>
    !(await visit.ask({ client_id: 'ninguem' })).text.includes('AppNotFoundError'),
};

const verifier = 'um-verificador-de-teste-com-mais-de-43-caracteres';
const s256 = {
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
};

/** The status of an exchange with this verifier of a code that was asked for with these parameters. */
async function redeemWith(visit: BankVisit, asked: Form, sent: string | null): Promise<number> {
  return (await visit.redeem(await visit.code(asked), { code_verifier: sent })).status;
}

export const pkceProbes: Probes = {
  'pkce-ignored': async (visit) => (await redeemWith(visit, s256, 'x'.repeat(43))) === 200,
  'pkce-verifier-optional': async (visit) => (await redeemWith(visit, s256, null)) === 200,
  'pkce-challenge-as-verifier': async (visit) => (await redeemWith(visit, s256, s256.code_challenge)) === 200,
  'pkce-verifier-refused': async (visit) => (await redeemWith(visit, s256, verifier)) === 400,
  'pkce-verifier-without-challenge': async (visit) => (await redeemWith(visit, {}, verifier)) === 200,
  'pkce-plain-accepted': async (visit) =>
    (await redeemWith(visit, { code_challenge: verifier, code_challenge_method: 'plain' }, verifier)) === 200,
  'pkce-method-optional': async (visit) => (await redeemWith(visit, { code_challenge: verifier }, verifier)) === 200,
  'pkce-refused': async (visit) => (await visit.errorAtClient(s256)) === 'invalid_request',
  'pkce-demanded': async (visit) => (await visit.errorAtClient({})) === 'invalid_request',
  'public-client-without-pkce': async (visit) => {
    const { scope } = visit.client;
    const { id } = await visit.tenant.clients.create({ bank: 'btg', type: 'public', redirectUris: [callback], scope });
    return visit.leadsToLogin({ client_id: id });
  },
};
