import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { parseJwt } from '../../banks/btg/jwt.js';
import { readTokens } from './bank-visit.js';
import type { BankVisit, Tokens } from './bank-visit.js';
import type { Probe, Probes } from './probe.js';

const members = v.record(v.string(), v.unknown());

/** A JWT of an answer, taken apart without being believed. */
interface ReadJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

function read(token: string): ReadJwt {
  // An unsigned one has no third part, which the bank's own reader wants.
  const jwt = parseJwt(token.endsWith('.') ? `${token}AA` : token);
  return { header: v.parse(members, jwt?.header ?? {}), claims: v.parse(members, jwt?.claims ?? {}) };
}

/** The id_token of an exchange with a nonce. */
function idToken(isWrong: (jwt: ReadJwt, visit: BankVisit) => boolean): Probe {
  return async (visit) => isWrong(read((await visit.tokens({ nonce: 'nonce-enviado' })).id), visit);
}

/** The id_token of a refresh an hour after the login, beside that of the login. */
function refreshedIdToken(isWrong: (refreshed: ReadJwt['claims'], first: ReadJwt['claims']) => boolean): Probe {
  return async (visit) => {
    const { refresh, id } = await visit.tokens({ nonce: 'nonce-enviado' });
    await visit.tenant.clock.advance('PT1H');
    return isWrong(read(readTokens(await visit.refresh(refresh)).id).claims, read(id).claims);
  };
}

/** An access token, which has to open the accounts whatever it says. */
function accessToken(isWrong: (jwt: ReadJwt, visit: BankVisit) => boolean): Probe {
  return async (visit) => {
    const { access }: Tokens = await visit.tokens();
    return isWrong(read(access), visit) && (await visit.api(access)).status === 200;
  };
}

function isSignedWith(secret: string | null, token: string): boolean {
  const input = token.split('.').slice(0, 2).join('.');
  return token.endsWith(
    `.${createHmac('sha256', secret ?? '')
      .update(input)
      .digest('base64url')}`,
  );
}

export const idTokenProbes: Probes = {
  'id-token-audience-wrong': idToken(({ claims }, { client }) => claims['aud'] !== client.id),
  'id-token-issuer-wrong': idToken(({ claims }, { tenant }) => claims['iss'] === tenant.bs2.baseUrl),
  'id-token-issuer-trailing-slash': idToken(({ claims }, { tenant }) => claims['iss'] === `${tenant.btg.issuer}/`),
  'id-token-subject-missing': idToken(({ claims }) => !('sub' in claims)),
  'id-token-expiry-missing': idToken(({ claims }) => !('exp' in claims)),
  'id-token-expired': idToken(({ claims }) => Number(claims['exp']) < Number(claims['iat'])),
  'id-token-issue-time-missing': idToken(({ claims }) => !('iat' in claims)),
  'id-token-issue-time-in-milliseconds': idToken(({ claims }) => Number(claims['iat']) > 1e12),
  'id-token-nonce-missing': idToken(({ claims }) => 'sub' in claims && !('nonce' in claims)),
  'id-token-nonce-wrong': idToken(({ claims }) => claims['nonce'] === 'nonce-enviadox'),
  'id-token-unsigned': idToken(({ header }) => header['alg'] === 'none'),
  'id-token-signed-by-rs256': idToken(({ header }) => header['alg'] === 'RS256'),
  'id-token-signed-with-other-secret': async (visit) => {
    const { id } = await visit.tokens();
    return read(id).header['alg'] === 'HS256' && !isSignedWith(visit.client.secret, id);
  },
  'id-token-header-typed': idToken(({ header }) => header['typ'] === 'JWT'),
  'id-token-header-names-key': idToken(({ header }) => 'jku' in header),
  'refreshed-id-token-of-other-user': refreshedIdToken((refreshed, first) => refreshed['sub'] !== first['sub']),
  'refreshed-id-token-for-other-client': refreshedIdToken((refreshed, first) => refreshed['aud'] !== first['aud']),
  'refreshed-id-token-of-other-issuer': refreshedIdToken((refreshed, first) => refreshed['iss'] !== first['iss']),
  'refreshed-id-token-of-new-login': refreshedIdToken(
    (refreshed, first) => refreshed['auth_time'] !== first['auth_time'],
  ),
  'refreshed-id-token-not-new': refreshedIdToken((refreshed, first) => refreshed['iat'] === first['iat']),
  'refreshed-id-token-with-other-nonce': refreshedIdToken((refreshed) => refreshed['nonce'] === 'nonce-de-ninguem'),
};

export const accessTokenProbes: Probes = {
  'access-token-type-wrong': accessToken(({ header }) => header['typ'] === 'JWT'),
  'access-token-key-unnamed': accessToken(({ header }) => !('kid' in header)),
  'access-token-claims-reordered': accessToken(
    ({ claims }) => !Object.keys(claims).join(' ').startsWith('sub scope iss exp iat client_id jti'),
  ),
  'access-token-scope-missing': accessToken(({ claims }) => !('scope' in claims)),
  'access-token-with-audience': accessToken(({ claims }) => 'aud' in claims),
  'access-token-expiry-wrong': accessToken(({ claims }) => Number(claims['exp']) - Number(claims['iat']) === 3600),
  'access-token-names-username': accessToken(({ claims }) => claims['sub'] === 'correntista'),
  'access-token-of-other-client': accessToken(({ claims }, { client }) => claims['client_id'] !== client.id),
  'access-token-issuer-trailing-slash': accessToken(
    ({ claims }, { tenant }) => claims['iss'] === `${tenant.btg.issuer}/`,
  ),
  'access-token-company-missing': accessToken(({ claims }) => !('empresas.btgpactual.com/accounts.readonly' in claims)),
  'access-token-company-wrong': accessToken(
    ({ claims }) => claims['empresas.btgpactual.com/accounts.readonly'] === '11222333000181',
  ),
};
