import { AccountIndex } from './account-index.js';
import { ExpiryQueue } from './expiry-queue.js';
import { expiresAtMs } from './records.js';
import type { AccessToken, AuthorizationCode, Grant, IssuedRecord, RefreshToken } from './records.js';
import type { AccountOfClient, EndOfAccessTokens, GrantChange, Store } from './store.js';

/** How long what expired stays known, so that a refusal can still be explained. */
const memoryOfExpiredMs = 7 * 24 * 3_600_000;
/** How many dead codes and tokens of one tenant stay known before their time is over. */
const memoryOfDeadCount = 10_000;
/** No request lets go of more, however much fell due: after a month's jump of the clock the next ones share the work. */
const sweptAtOnce = 1000;
/** And none looks through more keys for those that are to be let go of; a rotation adds two. */
const prunedAtOnce = 8;

/**
 * Is told of every change of a memory store when it happens, so that it can be kept elsewhere too: all calls that come
 * without an await between them are one change.
 */
export interface StoreListener {
  /** `isNew`: it was not known before. */
  onGrant(grant: Grant, isNew: boolean): void;
  onGrantForgotten(grant: Grant): void;
  onRecord(record: IssuedRecord, isNew: boolean): void;
  onRecordForgotten(record: IssuedRecord): void;
}

/** The store that every tenant starts with: maps in memory, and an expiry queue in place of scans. */
export class MemoryStore implements Store {
  readonly #grants = new Map<string, Grant>();
  readonly #codes = new Map<string, AuthorizationCode>();
  readonly #accessTokens = new Map<string, AccessToken>();
  readonly #refreshTokens = new Map<string, RefreshToken>();
  /** Ids of grants that list access tokens: what a bank looks up when a new token kills an older one. */
  readonly #grantsOfAccount = new AccountIndex();
  readonly #expiry = new ExpiryQueue();
  /** What died, in the order of its death: a ring, so a month of rotations does not fill the memory. */
  readonly #dead: IssuedRecord[] = [];
  #deadFrom = 0;
  readonly #listener: StoreListener | null;

  constructor(listener: StoreListener | null = null) {
    this.#listener = listener;
  }

  /** Fills an empty store with what another knew; nobody is told. `grants` come oldest first. */
  restore(grants: Iterable<Grant>, records: Iterable<IssuedRecord>): void {
    for (const grant of grants) {
      this.#grants.set(grant.id, grant);
      this.#index(grant);
    }
    const dead: IssuedRecord[] = [];
    for (const record of records) {
      this.#set(record);
      this.#expiry.add(record.key, expiresAtMs(record));
      if (record.death !== null) dead.push(record);
    }
    dead.sort((first, second) => (first.diedAtMs ?? 0) - (second.diedAtMs ?? 0));
    for (const record of dead) this.#dead.push(record);
  }

  async grant(id: string): Promise<Grant | undefined> {
    return this.#grants.get(id);
  }

  async code(key: string): Promise<AuthorizationCode | undefined> {
    return this.#codes.get(key);
  }

  async accessToken(key: string): Promise<AccessToken | undefined> {
    return this.#accessTokens.get(key);
  }

  async refreshToken(key: string): Promise<RefreshToken | undefined> {
    return this.#refreshTokens.get(key);
  }

  async grants(): Promise<Grant[]> {
    return [...this.#grants.values()];
  }

  async grantsWithAccessTokens(account: AccountOfClient): Promise<Grant[]> {
    return this.#listingOf(account);
  }

  async commit(change: GrantChange): Promise<boolean> {
    const current = this.#grants.get(change.grant.id);
    if ((current?.version ?? null) !== change.expectedVersion) return false;
    this.#setGrant(change.grant, current === undefined);
    this.#put(change.put);
    if (change.endsOtherAccessTokens !== undefined)
      this.#endOtherAccessTokens(change.grant, change.endsOtherAccessTokens);
    return true;
  }

  sweep(nowMs: number): Promise<void> | undefined {
    const due = this.#expiry.takeDue(nowMs - memoryOfExpiredMs, sweptAtOnce);
    return due.length === 0 ? undefined : this.#letGo(due, nowMs);
  }

  async clear(): Promise<void> {
    if (this.#listener !== null) {
      for (const grant of this.#grants.values()) this.#listener.onGrantForgotten(grant);
      for (const records of [this.#codes, this.#accessTokens, this.#refreshTokens])
        for (const record of records.values()) this.#listener.onRecordForgotten(record);
    }
    this.#grants.clear();
    this.#grantsOfAccount.clear();
    this.#codes.clear();
    this.#accessTokens.clear();
    this.#refreshTokens.clear();
    this.#expiry.clear();
    this.#dead.length = 0;
    this.#deadFrom = 0;
  }

  #setGrant(grant: Grant, isNew: boolean): void {
    this.#grants.set(grant.id, grant);
    this.#index(grant);
    this.#listener?.onGrant(grant, isNew);
  }

  #put(records: readonly IssuedRecord[]): void {
    const died: IssuedRecord[] = [];
    for (const record of records) {
      const known = this.#recordsOf(record.kind).get(record.key);
      this.#set(record);
      this.#listener?.onRecord(record, known === undefined);
      if (known === undefined || expiresAtMs(known) !== expiresAtMs(record)) {
        this.#expiry.add(record.key, expiresAtMs(record));
      }
      if (record.death !== null && known?.death == null) died.push(record);
    }
    // Last, since forgetting the oldest dead also forgets grants of which nothing is known: what is new must be known.
    for (const record of died) this.#remember(record);
    const knownCount = this.#codes.size + this.#accessTokens.size + this.#refreshTokens.size;
    if (this.#expiry.isPruning || this.#expiry.size > 2 * knownCount + 1024) {
      this.#expiry.prune((key) => this.#dueAtMs(key), prunedAtOnce);
    }
  }

  async #letGo(due: readonly string[], nowMs: number): Promise<void> {
    for (const key of due) {
      const record = this.#find(key);
      if (record === undefined) continue;
      const dueAtMs = expiresAtMs(record);
      if (dueAtMs + memoryOfExpiredMs > nowMs) this.#expiry.add(key, dueAtMs);
      else this.#forget(record);
    }
  }

  #dueAtMs(key: string): number | undefined {
    const record = this.#find(key);
    return record === undefined ? undefined : expiresAtMs(record);
  }

  #endOtherAccessTokens(winner: Grant, { because, atMs }: EndOfAccessTokens): void {
    for (const grant of this.#listingOf(winner)) {
      if (grant.id === winner.id) continue;
      const died = grant.accessTokens.flatMap((key): AccessToken[] => {
        const token = this.#accessTokens.get(key);
        return token?.death === null ? [{ ...token, death: because, diedAtMs: atMs }] : [];
      });
      const next: Grant = { ...grant, version: grant.version + 1, accessTokens: [] };
      this.#setGrant(next, false);
      this.#put(died);
    }
  }

  /** The grants of an account that list access tokens. */
  #listingOf(account: AccountOfClient): Grant[] {
    return this.#grantsOfAccount.idsOf(account).flatMap((id) => {
      const grant = this.#grants.get(id);
      return grant !== undefined && grant.company === account.company ? [grant] : [];
    });
  }

  #remember(dead: IssuedRecord): void {
    this.#dead.push(dead);
    if (this.#dead.length - this.#deadFrom <= memoryOfDeadCount) return;
    const oldest = this.#dead[this.#deadFrom];
    this.#deadFrom += 1;
    if (this.#deadFrom > memoryOfDeadCount) {
      this.#dead.splice(0, this.#deadFrom);
      this.#deadFrom = 0;
    }
    const record = oldest === undefined ? undefined : this.#recordsOf(oldest.kind).get(oldest.key);
    if (record !== undefined && record.death !== null) this.#forget(record);
  }

  #forget(record: IssuedRecord): void {
    this.#recordsOf(record.kind).delete(record.key);
    this.#listener?.onRecordForgotten(record);
    const grant = this.#grants.get(record.grantId);
    if (grant === undefined) return;
    if (
      grant.refreshTokens.some((key) => this.#refreshTokens.has(key)) ||
      grant.accessTokens.some((key) => this.#accessTokens.has(key)) ||
      (grant.code !== null && this.#codes.has(grant.code))
    ) {
      return;
    }
    this.#grants.delete(grant.id);
    this.#grantsOfAccount.remove(grant);
    this.#listener?.onGrantForgotten(grant);
  }

  #index(grant: Grant): void {
    if (grant.accessTokens.length === 0 || grant.revokedAtMs !== null) this.#grantsOfAccount.remove(grant);
    else this.#grantsOfAccount.add(grant);
  }

  #find(key: string): IssuedRecord | undefined {
    return this.#accessTokens.get(key) ?? this.#refreshTokens.get(key) ?? this.#codes.get(key);
  }

  #recordsOf(kind: IssuedRecord['kind']): Pick<Map<string, IssuedRecord>, 'get' | 'delete'> {
    switch (kind) {
      case 'code':
        return this.#codes;
      case 'access-token':
        return this.#accessTokens;
      case 'refresh-token':
        return this.#refreshTokens;
    }
  }

  #set(record: IssuedRecord): void {
    switch (record.kind) {
      case 'code':
        this.#codes.set(record.key, record);
        return;
      case 'access-token':
        this.#accessTokens.set(record.key, record);
        return;
      case 'refresh-token':
        this.#refreshTokens.set(record.key, record);
    }
  }
}
