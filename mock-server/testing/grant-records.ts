import type { AccessToken, AuthorizationCode, Grant, RefreshToken } from '../store/records.js';

export const start = Date.UTC(2026, 10, 1);
export const minute = 60_000;
export const day = 86_400_000;
export const remembered = 7 * day;

export const grantOf = (id: string, changes: Partial<Grant> = {}): Grant => ({
  id,
  bank: 'bs2',
  clientId: 'l7',
  username: 'correntista',
  company: '30306294000145',
  scope: 'saldo',
  origin: 'consent',
  createdAtMs: start,
  authenticatedAtMs: start,
  version: 1,
  revokedAtMs: null,
  revokedBecause: null,
  accessTokens: [],
  refreshTokens: [],
  code: null,
  ...changes,
});
const issued = (grantId: string, lifetimeMs: number) => ({
  grantId,
  issuedAtMs: start,
  lifetimeMs,
  diedAtMs: null,
  death: null,
});
export const accessOf = (grantId: string, key: string, lifetimeMs = 7 * minute): AccessToken => ({
  kind: 'access-token',
  key,
  scope: 'saldo',
  ...issued(grantId, lifetimeMs),
});
export const refreshOf = (grantId: string, key: string, lifetimeMs = 30 * day): RefreshToken => ({
  kind: 'refresh-token',
  key,
  ...issued(grantId, lifetimeMs),
});
export const codeOf = (grantId: string, key: string): AuthorizationCode => ({
  kind: 'code',
  key,
  redirectUri: 'http://localhost:3000/callback',
  codeChallenge: null,
  nonce: null,
  ...issued(grantId, 10 * minute),
});
export const account = { bank: 'bs2', clientId: 'l7', username: 'correntista', company: '30306294000145' } as const;
