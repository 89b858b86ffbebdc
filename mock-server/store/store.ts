import type { BankId } from '../banks/bank-id.js';
import type { AccessToken, AuthorizationCode, Death, Grant, IssuedRecord, RefreshToken } from './records.js';

/** A change of one grant and of codes and tokens that belong to it; all of it happens, or nothing. */
export interface GrantChange {
  /** The grant as it becomes; its `version` is `expectedVersion + 1`. */
  readonly grant: Grant;
  /** The version that the change was decided on; null when the grant is new. */
  readonly expectedVersion: number | null;
  /** Codes and tokens to put, new ones and changed ones. */
  readonly put: readonly IssuedRecord[];
  /**
   * Set where the change also ends the access tokens of the account's other grants. It is part of the change because
   * of two that race, each ending what the other gave afterwards, both would lose.
   */
  readonly endsOtherAccessTokens?: EndOfAccessTokens | undefined;
}

export interface EndOfAccessTokens {
  readonly because: Death;
  readonly atMs: number;
}

/** One client's dealings with one user and company at one bank. */
export interface AccountOfClient {
  readonly bank: BankId;
  readonly clientId: string;
  readonly username: string | null;
  readonly company: string | null;
}

/**
 * What a tenant remembers of grants, codes and tokens.
 *
 * Reads may be stale; {@link Store.commit} decides. A rule reads, decides, and commits on the version that it read:
 * of any number of requests that race for one grant exactly one commit succeeds, the others read again.
 */
export interface Store {
  grant(id: string): Promise<Grant | undefined>;
  code(key: string): Promise<AuthorizationCode | undefined>;
  accessToken(key: string): Promise<AccessToken | undefined>;
  refreshToken(key: string): Promise<RefreshToken | undefined>;
  /** All grants, oldest first; those of which nothing is remembered any more are absent. */
  grants(): Promise<Grant[]>;
  /** The grants of an account that still list access tokens, oldest first. */
  grantsWithAccessTokens(account: AccountOfClient): Promise<Grant[]>;
  /** False, and nothing is changed, when another change of the grant came first. */
  commit(change: GrantChange): Promise<boolean>;
  /** Lets go of what expired long ago; undefined where nothing is due, as at most requests. */
  sweep(nowMs: number): Promise<void> | undefined;
  clear(): Promise<void>;
}
