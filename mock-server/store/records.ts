import type { BankId } from '../banks/bank-id.js';

/** How a grant came to be. */
export type GrantOrigin = 'consent' | 'control' | 'client_credentials' | 'password';

/** Why a code, token or grant stopped working before its time. */
export type Death =
  | 'redeemed'
  | 'rotated'
  | 'newer-access-token'
  | 'code-replayed'
  | 'refresh-token-replayed'
  | 'revoked-by-client'
  | 'revoked-by-user';

/** What a user consented to for a client and company; owns the tokens. */
export interface Grant {
  readonly id: string;
  readonly bank: BankId;
  readonly clientId: string;
  /** Null for `client_credentials`. */
  readonly username: string | null;
  /** The CNPJ; null where no company is involved. */
  readonly company: string | null;
  /** Space separated, as granted. */
  readonly scope: string;
  readonly origin: GrantOrigin;
  /** The bank's own base URL, where the grant came by one of its own hosts: its issuer, and where alone it is known. */
  readonly bankUrl?: string;
  readonly createdAtMs: number;
  /** When the user proved who they are (`auth_time`), in epoch ms. */
  readonly authenticatedAtMs: number;
  /** Grows by one with each change; what compare-and-swap compares. */
  readonly version: number;
  readonly revokedAtMs: number | null;
  readonly revokedBecause: Death | null;
  /** Keys of the tokens that may still work, oldest first. */
  readonly accessTokens: readonly string[];
  readonly refreshTokens: readonly string[];
  readonly code: string | null;
}

/** What codes and tokens have in common. */
export interface IssuedValue {
  /** What finds it: the value itself, or for a JWT its `jti`. */
  readonly key: string;
  readonly grantId: string;
  readonly issuedAtMs: number;
  readonly lifetimeMs: number;
  readonly diedAtMs: number | null;
  readonly death: Death | null;
}

export interface AuthorizationCode extends IssuedValue {
  readonly kind: 'code';
  /** The redirect_uri of the authorization request. */
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  readonly nonce: string | null;
}

export interface AccessToken extends IssuedValue {
  readonly kind: 'access-token';
  readonly scope: string;
}

export interface RefreshToken extends IssuedValue {
  readonly kind: 'refresh-token';
}

export type IssuedRecord = AuthorizationCode | AccessToken | RefreshToken;

/** Valid while `now < issuedAt + lifetime`, judged to the second. */
export function isExpired(issued: Pick<IssuedValue, 'issuedAtMs' | 'lifetimeMs'>, nowMs: number): boolean {
  return Math.floor(nowMs / 1000) >= Math.floor(expiresAtMs(issued) / 1000);
}

/** The first millisecond of the second in which it no longer works. */
export function expiresAtMs(issued: Pick<IssuedValue, 'issuedAtMs' | 'lifetimeMs'>): number {
  return Math.floor(issued.issuedAtMs / 1000) * 1000 + issued.lifetimeMs;
}
