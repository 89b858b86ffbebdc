import { HomologaError } from '../foundation/homologa-error.js';
import type { GrantRecord } from './grant-record.js';

/**
 * `ERR_TOKEN_STORE_CONFLICT`: somebody else saved in between. Load again and decide again; never force.
 * `cause` is `{ ifVersion }`.
 */
export class TokenStoreConflictError extends HomologaError {
  constructor(ifVersion: number | null) {
    const expected = ifVersion === null ? 'no record' : `version ${String(ifVersion)}`;
    super(
      'ERR_TOKEN_STORE_CONFLICT',
      `Expected ${expected} of this grant, somebody else saved in between. Load again.`,
      {
        cause: { ifVersion },
      },
    );
  }
}

/** `ERR_TOKEN_STORE_CORRUPT`: what was read back is not what a store writes. `cause` is `{ file, reason }`. */
export class TokenStoreCorruptError extends HomologaError {
  constructor(file: string, reason: string) {
    super(
      'ERR_TOKEN_STORE_CORRUPT',
      `Expected a grant record in ${file}: ${reason}. Restore the file, or move it away with all others whose names ` +
        'begin alike up to the first dot, and ask for a new consent.',
      { cause: { file, reason } },
    );
  }
}

/** A record and its version. Versions of a key only grow, also across {@link TokenStore.remove}. */
export interface StoredGrant {
  readonly value: GrantRecord;
  readonly version: number;
}

/**
 * Where grants live, shared by every process that uses them. Any database with a conditional update can be one:
 * `UPDATE … SET value = $1, version = version + 1 WHERE key = $2 AND version = $3`.
 */
export interface TokenStore {
  load(key: string): Promise<StoredGrant | null>;
  /**
   * Compare-and-swap: saves only if the stored version is still `ifVersion` (null: only if there is no record).
   * When it resolves, the record survives a crash.
   *
   * @throws TokenStoreConflictError (as rejection) `ERR_TOKEN_STORE_CONFLICT`; nothing was changed.
   */
  save(key: string, next: GrantRecord, ifVersion: number | null): Promise<{ readonly version: number }>;
  /** Removes a record under the same condition; a missing one is no error. */
  remove(key: string, ifVersion: number): Promise<void>;
  /** Keys of all records, in no particular order. */
  list(): Promise<readonly string[]>;
}
