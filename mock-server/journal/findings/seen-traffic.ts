import type { SeenExchange } from './seen-exchange.js';

export type IssuedKind = 'code' | 'access-token' | 'refresh-token' | 'id-token';

/** A code or token that a bank was seen giving out. */
export interface Issued {
  readonly kind: IssuedKind;
  readonly by: SeenExchange;
  readonly clientId: string | null;
  readonly lifetimeMs: number | null;
  readonly scope: string | null;
  readonly grant: SeenGrant;
  /** Of a code: the request that led to it, where it was seen. */
  readonly authorization: SeenAuthorization | null;
}

/** A grant as far as traffic shows it: the tokens that followed from one another. */
export interface SeenGrant {
  /** As it was granted at first; null where that was not seen. */
  scope: string | null;
  readonly accessTokens: Issued[];
  /** Refreshes that gave tokens. */
  readonly refreshes: Refresh[];
  /** The request with which the client revoked its refresh token, and all with it. */
  revokedBy: SeenExchange | null;
}

export interface Refresh {
  readonly by: SeenExchange;
  /** Whether the access token that it replaced had most of its life left, and had not been refused. */
  readonly isEarly: boolean;
}

/** An authorization request, and where it led in the end. */
export interface SeenAuthorization {
  readonly by: SeenExchange;
  /** The exchange that sent the user back to the client. */
  completedBy: SeenExchange | null;
}

/** How a refresh token was exchanged for a newer one. */
export interface Rotation {
  readonly by: SeenExchange;
  /** True where the answer with the newer one did not reach the client whole. */
  readonly isAnswerLost: boolean;
}

/** One of which nothing was seen yet. */
export function newGrant(): SeenGrant {
  return { scope: null, accessTokens: [], refreshes: [], revokedBy: null };
}
