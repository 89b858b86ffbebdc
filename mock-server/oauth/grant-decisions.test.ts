import { describe, expect, it } from 'vitest';
import type { AccessToken, AuthorizationCode, Death, Grant, RefreshToken } from '../store/records.js';
import { judgeBearer, readBearerToken } from './bearer-check.js';
import { judgeCodeRedemption } from './code-redemption.js';
import { strictGrantPolicy } from './grant-policy.js';
import type { GrantPolicyOptions } from './grant-policy.js';
import { judgeRefresh } from './refresh.js';

const second = 1000;
const issuedAtMs = 1_700_000_000_000;
const redirectUri = 'https://partner.example/callback';
const strict: GrantPolicyOptions = {
  rotateRefreshToken: true,
  reuse: 'refuse',
  codeReplayRevokesTokens: true,
  previousAccessTokenDies: 'account',
  requireScopeOnRefresh: true,
};
const grant: Grant = {
  id: 'grant',
  bank: 'bs2',
  clientId: 'l7',
  username: 'maria',
  company: '30306294000145',
  scope: 'saldo extrato',
  origin: 'consent',
  createdAtMs: issuedAtMs,
  authenticatedAtMs: issuedAtMs,
  version: 1,
  revokedAtMs: null,
  revokedBecause: null,
  accessTokens: [],
  refreshTokens: [],
  code: 'code',
};
const revoked: Grant = { ...grant, revokedAtMs: issuedAtMs, revokedBecause: 'revoked-by-user' };
const issued = { grantId: 'grant', issuedAtMs, lifetimeMs: 600 * second, diedAtMs: null, death: null } as const;
const code: AuthorizationCode = { kind: 'code', key: 'code', ...issued, redirectUri, codeChallenge: null, nonce: null };
const refreshToken: RefreshToken = { kind: 'refresh-token', key: 'refresh', ...issued };
const accessToken: AccessToken = { kind: 'access-token', key: 'access', ...issued, scope: 'saldo extrato' };
const dead = (death: Death, diedAtMs = issuedAtMs): { death: Death; diedAtMs: number } => ({ death, diedAtMs });

describe('judgeCodeRedemption', () => {
  const judge = (changes: object, options: Partial<GrantPolicyOptions> = {}, now = issuedAtMs): unknown =>
    judgeCodeRedemption(
      { code, grant, clientId: 'l7', redirectUri, codeVerifier: undefined, ...changes },
      strictGrantPolicy({ ...strict, ...options }),
      now,
    );

  it('issues on a fresh code of this client', () => {
    expect(judge({})).toEqual({ kind: 'issue', code, grant });
  });

  it.each([
    ['no such code', { code: undefined }, 'unknown', null],
    ['a code whose grant is gone', { grant: undefined }, 'unknown', null],
    ['another client', { clientId: 'l8' }, 'other-client', null],
    ['another client, spent', { clientId: 'l8', code: { ...code, ...dead('redeemed') } }, 'other-client', null],
    ['a replay', { code: { ...code, ...dead('redeemed') } }, 'spent', grant],
    [
      'a replay with another redirect_uri',
      { code: { ...code, ...dead('redeemed') }, redirectUri: 'https://x.example/' },
      'spent',
      grant,
    ],
    ['a grant that was revoked meanwhile', { grant: revoked }, 'revoked', null],
    ['another redirect_uri', { redirectUri: `${redirectUri}/` }, 'other-redirect-uri', null],
    ['a verifier that nobody challenged', { codeVerifier: 'a'.repeat(43) }, 'verifier-unexpected', null],
    ['a missing verifier', { code: { ...code, codeChallenge: 'x'.repeat(43) } }, 'verifier-missing', null],
  ])('refuses %s', (_name, changes, why, revoke) => {
    expect(judge(changes)).toEqual({ kind: 'refuse', why, revoke });
  });

  it('revokes nothing at a replay where the setting says so', () => {
    expect(judge({ code: { ...code, ...dead('redeemed') } }, { codeReplayRevokesTokens: false })).toEqual({
      kind: 'refuse',
      why: 'spent',
      revoke: null,
    });
  });

  it.each([
    ['a second before the end', 599, 'issue'],
    ['at the end', 600, 'refuse'],
    ['a second after', 601, 'refuse'],
  ])('judges expiry to the second: %s', (_name, seconds, kind) => {
    expect(judge({}, {}, issuedAtMs + seconds * second)).toMatchObject({ kind });
    expect(judge({}, {}, issuedAtMs + seconds * second + 999)).toMatchObject({ kind });
  });
});

describe('judgeRefresh', () => {
  const judge = (changes: object, options: Partial<GrantPolicyOptions> = {}, now = issuedAtMs): unknown =>
    judgeRefresh(
      { token: refreshToken, grant, clientId: 'l7', scope: 'saldo extrato', ...changes },
      strictGrantPolicy({ ...strict, ...options }),
      now,
    );
  const grantRefusal = (why: string, revoke: Grant | null = null): object => ({
    kind: 'refuse',
    error: 'invalid_grant',
    why,
    revoke,
  });

  it('issues on a live token of this client', () => {
    expect(judge({})).toEqual({ kind: 'issue', token: refreshToken, grant, scope: 'saldo extrato' });
  });

  it.each([
    ['no such token', { token: undefined }, 'unknown'],
    ['a token whose grant is gone', { grant: undefined }, 'unknown'],
    ['another client', { clientId: 'l8' }, 'other-client'],
    [
      'another client with a rotated token',
      { clientId: 'l8', token: { ...refreshToken, ...dead('rotated') } },
      'other-client',
    ],
    ['a revoked grant', { grant: revoked }, 'revoked'],
    ['a rotated token', { token: { ...refreshToken, ...dead('rotated') } }, 'spent'],
    ['a token that the client revoked', { token: { ...refreshToken, ...dead('revoked-by-client') } }, 'revoked'],
  ])('refuses %s', (_name, changes, why) => {
    expect(judge(changes)).toEqual(grantRefusal(why));
  });

  it.each([
    ['a second before the end', 599, 'issue'],
    ['at the end', 600, 'refuse'],
    ['a second after', 601, 'refuse'],
  ])('judges expiry to the second: %s', (_name, seconds, kind) => {
    expect(judge({}, {}, issuedAtMs + seconds * second)).toMatchObject({ kind });
  });

  it('wants scope where the bank does, and says so before it looks at the token', () => {
    expect(judge({ scope: undefined, token: undefined })).toMatchObject({
      error: 'invalid_request',
      why: 'scope-missing',
    });
    expect(judge({ scope: undefined }, { requireScopeOnRefresh: false })).toMatchObject({
      kind: 'issue',
      scope: 'saldo extrato',
    });
  });

  it.each([
    ['a part of the grant', 'extrato', 'extrato'],
    ['the whole in another order', 'extrato saldo', 'extrato saldo'],
    ['a part twice', 'saldo saldo', 'saldo'],
  ])('narrows to %s', (_name, scope, expected) => {
    expect(judge({ scope })).toMatchObject({ kind: 'issue', scope: expected });
  });

  it.each(['saldo pagamento', 'pagamento', 'SALDO', 'sal', '"', ' '])('refuses the scope %j', (scope) => {
    expect(judge({ scope })).toEqual({
      kind: 'refuse',
      error: 'invalid_scope',
      why: 'scope-beyond-grant',
      revoke: null,
    });
  });

  it('revokes the grant at a replay where the setting says so, but not by another client', () => {
    const token = { ...refreshToken, ...dead('rotated') };
    expect(judge({ token }, { reuse: 'revoke-grant' })).toEqual(grantRefusal('spent', grant));
    expect(judge({ token, clientId: 'l8' }, { reuse: 'revoke-grant' })).toEqual(grantRefusal('other-client'));
  });

  it('honours a rotated token during the grace, and not at its end', () => {
    const token = { ...refreshToken, ...dead('rotated') };
    const reuse = { graceMs: 10 * second };
    expect(judge({ token }, { reuse }, issuedAtMs + 9999)).toMatchObject({ kind: 'issue' });
    expect(judge({ token }, { reuse }, issuedAtMs + 10_000)).toEqual(grantRefusal('spent'));
  });
});

describe('bearer tokens', () => {
  const policy = strictGrantPolicy(strict);

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc==', 'abc=='],
    ['BEARER a-b._c~d+e/f ', 'a-b._c~d+e/f'],
    ['Bearer', null],
    ['Bearer ', null],
    ['Bearer a b', null],
    ['Bearer a,b', null],
    ['Basic abc', null],
    ['abc', null],
    ['', null],
  ])('readBearerToken(%j)', (header, token) => {
    expect(readBearerToken(header)).toBe(token);
  });

  it.each([
    ['live', accessToken, grant, 0, null],
    ['unknown', undefined, grant, 0, 'unknown'],
    ['its grant is gone', accessToken, undefined, 0, 'unknown'],
    ['its grant was revoked', accessToken, revoked, 0, 'revoked'],
    ['a newer one killed it', { ...accessToken, ...dead('newer-access-token') }, grant, 0, 'dead'],
    ['a second before its end', accessToken, grant, 599, null],
    ['at its end', accessToken, grant, 600, 'expired'],
  ] as const)('%s', (_name, token, owner, seconds, why) => {
    const decision = judgeBearer(token, owner, policy, issuedAtMs + seconds * second);
    expect(decision).toEqual(why === null ? { kind: 'accepted', token, grant: owner } : { kind: 'refused', why });
  });
});
