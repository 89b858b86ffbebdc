import type { BankVisit, Reply } from '../../mutants/testing/bank-visit.js';

import { entryOf, withEntry, withoutEntry } from './alteration-probe.js';
import type { AlterationProbe, AlterationProbes, Entries } from './alteration-probe.js';
import { sightOf, tokenSightOf } from './token-sight.js';
import type { IdTokenSight, TokenSight } from './token-sight.js';

export const sentNonce = 'nonce-enviado-9';
type Change = (honest: TokenSight, visit: BankVisit) => TokenSight | Promise<TokenSight>;

async function exchanged(visit: BankVisit): Promise<TokenSight> {
  return tokenSightOf(visit, await visit.redeem(await visit.code({ nonce: sentNonce })));
}

/** Sees the answer to a code. */
function exchange(change: Change): AlterationProbe {
  return async (visit, alter) => {
    const honest = await exchanged(visit);
    await alter();
    const altered = await exchanged(visit);
    return { honest, expected: await change(honest, visit), altered, next: await exchanged(visit) };
  };
}

/** Sees the answers to refreshes, each with a grant of its own. */
function refreshes(change: Change): AlterationProbe {
  const refreshed = async (visit: BankVisit): Promise<TokenSight> =>
    tokenSightOf(visit, await visit.refresh((await visit.tokens({ nonce: sentNonce })).refresh));
  return async (visit, alter) => {
    const honest = await refreshed(visit);
    const { refresh } = await visit.tokens({ nonce: sentNonce });
    await alter();
    const altered = await tokenSightOf(visit, await visit.refresh(refresh));
    return { honest, expected: await change(honest, visit), altered, next: await refreshed(visit) };
  };
}

function anyTokens(change: Change): readonly AlterationProbe[] {
  return [exchange(change), refreshes(change)];
}

function members(change: (members: Entries) => Entries): (honest: TokenSight) => TokenSight {
  return (honest) => ({ ...honest, members: change(honest.members) });
}

function idToken(change: (honest: IdTokenSight, visit: BankVisit) => Partial<IdTokenSight>): Change {
  return (honest, visit) =>
    honest.idToken === null ? honest : { ...honest, idToken: { ...honest.idToken, ...change(honest.idToken, visit) } };
}

/** A claim that is another; undefined for one that is absent. */
export function claim(name: string, value: (visit: BankVisit, claims: Entries) => unknown): Change {
  return idToken(({ claims }, visit) => {
    const other = value(visit, claims);
    return { claims: other === undefined ? withoutEntry(claims, name) : withEntry(claims, name, other) };
  });
}

function seconds(name: string, difference: number): Change {
  return claim(name, (_visit, claims) => Number(entryOf(claims, 'iat')) + difference);
}

function signed(signature: string, header: Entries): Change {
  return idToken(() => ({ signature, header }));
}

const html = '<!doctype html>';
const strangeClient = '00000000-0000-4000-8000-00000000ffff';
const strangeIssuer = 'https://emissor.exemplo.invalid';

function notJson(headers: (honest: Entries) => Entries, text: (altered: TokenSight) => string): AlterationProbe {
  return async (visit, alter) => {
    const honest = await exchanged(visit);
    await alter();
    const altered = await exchanged(visit);
    const nothing = { members: [], inBankForm: false, idToken: null };
    const expected = { ...honest, headers: headers(honest.headers), ...nothing, text: text(altered) };
    return { honest, expected, altered, next: await exchanged(visit) };
  };
}

/** A refresh without a new refresh token: the one that was sent works again, once, and is then rotated as ever. */
const keepsRefreshToken: AlterationProbe = async (visit, alter) => {
  const honest = await tokenSightOf(visit, await visit.refresh((await visit.tokens({ nonce: sentNonce })).refresh));
  const { refresh } = await visit.tokens({ nonce: sentNonce });
  await alter();
  const altered = await tokenSightOf(visit, await visit.refresh(refresh));
  const next = await tokenSightOf(visit, await visit.refresh(refresh));
  const spent = await visit.refresh(refresh);
  const expected = { ...members((all) => withoutEntry(all, 'refresh_token'))(honest), spent: 400 };
  return { honest, expected, altered: { ...altered, spent: spent.status }, next };
};

export const tokenResponseProbes: AlterationProbes = {
  'token-response.unknown-members': anyTokens(
    members((all) => [
      ...all,
      ['canal', 'conexão'],
      ['limites', [1, 2, 3]],
      ['titular', { tipo: 'PJ', verificado: true, observacao: null }],
    ]),
  ),
  'token-response.token-type-case': anyTokens(members((all) => withEntry(all, 'token_type', 'bEARER'))),
  'token-response.token-type-unknown': anyTokens(members((all) => withEntry(all, 'token_type', 'mac'))),
  'token-response.expires-in-missing': anyTokens(members((all) => withoutEntry(all, 'expires_in'))),
  'token-response.expires-in-string': anyTokens(
    members((all) => withEntry(all, 'expires_in', String(entryOf(all, 'expires_in')))),
  ),
  'token-response.scope-missing': anyTokens(members((all) => withoutEntry(all, 'scope'))),
  'token-response.refresh-token-missing': [
    exchange(members((all) => withoutEntry(all, 'refresh_token'))),
    keepsRefreshToken,
  ],
  'token-response.html': [
    notJson(
      (headers) => withEntry(headers, 'content-type', 'text/html; charset=UTF-8'),
      ({ text }) => (text?.startsWith(html) === true ? text : html),
    ),
  ],
  'token-response.empty': [
    notJson(
      (headers) => headers,
      () => '',
    ),
  ],
  'id-token.missing': anyTokens((honest) => ({
    ...honest,
    members: withoutEntry(honest.members, 'id_token'),
    idToken: null,
  })),
  'id-token.access-token': anyTokens((honest) => ({
    ...honest,
    members: withEntry(honest.members, 'id_token', '«access token»'),
    idToken: null,
  })),
};

export const idTokenProbes: AlterationProbes = {
  'id-token.iss-wrong': anyTokens(claim('iss', () => strangeIssuer)),
  'id-token.iss-missing': anyTokens(claim('iss', () => undefined)),
  'id-token.iss-trailing-slash': anyTokens(claim('iss', ({ tenant }) => `${tenant.btg.issuer}/`)),
  'id-token.aud-wrong': anyTokens(claim('aud', () => strangeClient)),
  'id-token.aud-missing': anyTokens(claim('aud', () => undefined)),
  'id-token.aud-extra': anyTokens(claim('aud', ({ client }) => [client.id, strangeClient])),
  'id-token.aud-array': anyTokens(claim('aud', ({ client }) => [client.id])),
  'id-token.sub-missing': anyTokens(claim('sub', () => undefined)),
  'id-token.nonce-wrong': [exchange(claim('nonce', () => 'nonce-enviado-d'))],
  'id-token.nonce-missing': [exchange(claim('nonce', () => undefined))],
  'id-token.refreshed-iss': [refreshes(claim('iss', () => strangeIssuer))],
  'id-token.refreshed-sub': [refreshes(claim('sub', () => '52998224725'))],
  'id-token.refreshed-aud': [refreshes(claim('aud', () => strangeClient))],
  'id-token.refreshed-nonce': [refreshes(claim('nonce', () => 'nonce-de-ninguem'))],
  'id-token.expired-by-PT1S': anyTokens(seconds('exp', -1)),
  'id-token.expired-by-PT30S': anyTokens(seconds('exp', -30)),
  'id-token.expired-by-PT5M': anyTokens(seconds('exp', -300)),
  'id-token.expired-by-PT10M': anyTokens(seconds('exp', -600)),
  'id-token.expired-by-PT1H': anyTokens(seconds('exp', -3600)),
  'id-token.exp-missing': anyTokens(claim('exp', () => undefined)),
  'id-token.issued-ahead-by-PT30S': anyTokens(seconds('iat', 30)),
  'id-token.issued-ahead-by-PT5M': anyTokens(seconds('iat', 300)),
  'id-token.issued-ahead-by-PT1H': anyTokens(seconds('iat', 3600)),
  'id-token.iat-missing': anyTokens(claim('iat', () => undefined)),
  'id-token.iat-week-old': anyTokens(seconds('iat', -7 * 24 * 3600)),
  'id-token.signature-bad': anyTokens(idToken(() => ({ signature: 'wrong, 43 characters of base64url' }))),
  'id-token.alg-none': anyTokens(signed('none', [['alg', 'none']])),
  'id-token.alg-other': anyTokens(async (honest, visit) =>
    signed('RS256', [
      ['alg', 'RS256'],
      ['kid', await publishedKid(visit)],
    ])(honest, visit),
  ),
  'id-token.alg-hs384': anyTokens(signed('HS384 with the secret', [['alg', 'HS384']])),
  'id-token.alg-hs512': anyTokens(signed('HS512 with the secret', [['alg', 'HS512']])),
  'id-token.hs256-public-key': anyTokens(signed('HS256 with the public key', [['alg', 'HS256']])),
  'id-token.jku-header': anyTokens(
    idToken(({ header }, { tenant }) => ({
      header: withEntry(header, 'jku', `${tenant.btg.baseUrl}/chaves-de-ninguem/jwks.json`),
    })),
  ),
};

/** The kid of the bank's access tokens. */
async function publishedKid(visit: BankVisit): Promise<unknown> {
  const [header = ''] = (await visit.tokens()).access.split('.');
  const decoded: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
  return typeof decoded === 'object' && decoded !== null && 'kid' in decoded ? decoded.kid : undefined;
}

/** A refusal of what works: the bank says what it says to who earned it, and the same request is served afterwards. */
function refused(
  earned: (visit: BankVisit) => Promise<Reply>,
  request: (visit: BankVisit) => Promise<() => Promise<Reply>>,
): AlterationProbe {
  return async (visit, alter) => {
    const expected = sightOf(await earned(visit));
    const honest = await tokenSightOf(visit, await (await request(visit))());
    const send = await request(visit);
    await alter();
    const altered = sightOf(await send());
    return { honest, expected, altered, next: await tokenSightOf(visit, await send()) };
  };
}

async function code(visit: BankVisit): Promise<() => Promise<Reply>> {
  const given = await visit.code({ nonce: sentNonce });
  return () => visit.redeem(given);
}

async function refreshToken(visit: BankVisit): Promise<() => Promise<Reply>> {
  const { refresh } = await visit.tokens();
  return () => visit.refresh(refresh);
}

async function wrongSecret(visit: BankVisit): Promise<Reply> {
  return visit.redeem(await visit.code(), {}, { client: { ...visit.client, secret: 'errado' } });
}

/** The second token request of a client that may make one. */
function overTheLimit(window: string): (visit: BankVisit) => Promise<Reply> {
  return async (visit) => {
    const { settings } = visit.tenant;
    await settings.patch({
      bs2: { rateLimit: { requests: 1, window } },
      btg: { refreshQuota: { requests: 1, window } },
    });
    const form = { grant_type: 'refresh_token', refresh_token: 'token-de-ninguem', scope: 'saldo' };
    await visit.token(form);
    const over = await visit.token(form);
    await settings.patch({ bs2: { rateLimit: 'off' }, btg: { refreshQuota: 'off' } });
    return over;
  };
}

export const tokenErrorProbes: AlterationProbes = {
  'token-error.invalid-grant': [
    refused((visit) => visit.redeem('codigo-de-ninguem'), code),
    refused((visit) => visit.refresh('token-de-ninguem'), refreshToken),
  ],
  'token-error.invalid-client': [refused(wrongSecret, code), refused(wrongSecret, refreshToken)],
  'token-error.too-many-requests': [refused(overTheLimit('PT1M'), code), refused(overTheLimit('PT1M'), refreshToken)],
  'token-error.too-many-requests-for-PT8S': [
    refused(overTheLimit('PT8S'), code),
    refused(overTheLimit('PT8S'), refreshToken),
  ],
};
