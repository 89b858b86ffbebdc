import { AccountIndex } from './account-index.js';
import { ExpiryQueue } from './expiry-queue.js';
import { expiresAtMs } from './records.js';
import type { AccessToken, AuthorizationCode, Grant, IssuedRecord, RefreshToken } from './records.js';
import type { AccountOfClient, EndOfAccessTokens, GrantChange, Store } from './store.js';

/** How long what expired stays known, so that a refusal can still be explained. */
const memoryOfExpiredMs = 7 * 24 * 3_600_000;
/** How many dead codes and tokens of one tenant stay known before their time is over. */
const memoryOfDeadCount = 10_000;

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
  /** Dead keys in the order of their death: a ring, so a month of rotations does not fill the memory. */
  readonly #dead: string[] = [];
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
    for (const { key } of dead) this.#dead.push(key);
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
    return this.#grantsOfAccount.idsOf(account).flatMap((id) => this.#grants.get(id) ?? []);
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

  async sweep(nowMs: number): Promise<void> {
    for (const key of this.#expiry.takeDue(nowMs - memoryOfExpiredMs)) {
      const record = this.#find(key);
      if (record === undefined) continue;
      const dueAtMs = expiresAtMs(record);
      if (dueAtMs + memoryOfExpiredMs > nowMs) this.#expiry.add(key, dueAtMs);
      else this.#forget(record);
    }
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
    const died: string[] = [];
    for (const record of records) {
      const known = this.#find(record.key);
      const isNew = this.#set(record);
      this.#listener?.onRecord(record, isNew);
      if (known === undefined || expiresAtMs(known) !== expiresAtMs(record)) {
        this.#expiry.add(record.key, expiresAtMs(record));
      }
      if (record.death !== null && known?.death == null) died.push(record.key);
    }
    // Last, since forgetting the oldest dead also forgets grants of which nothing is known: what is new must be known.
    for (const key of died) this.#remember(key);
    const knownCount = this.#codes.size + this.#accessTokens.size + this.#refreshTokens.size;
    if (this.#expiry.size > 2 * knownCount + 1024) this.#expiry.prune((key) => this.#dueAtMs(key));
  }

  #dueAtMs(key: string): number | undefined {
    const record = this.#find(key);
    return record === undefined ? undefined : expiresAtMs(record);
  }

  #endOtherAccessTokens(winner: Grant, { because, atMs }: EndOfAccessTokens): void {
    for (const id of this.#grantsOfAccount.idsOf(winner)) {
      const grant = this.#grants.get(id);
      if (grant === undefined || id === winner.id) continue;
      const died = grant.accessTokens.flatMap((key): AccessToken[] => {
        const token = this.#accessTokens.get(key);
        return token?.death === null ? [{ ...token, death: because, diedAtMs: atMs }] : [];
      });
      const next: Grant = { ...grant, version: grant.version + 1, accessTokens: [] };
      this.#setGrant(next, false);
      this.#put(died);
    }
  }

  #remember(deadKey: string): void {
    this.#dead.push(deadKey);
    if (this.#dead.length - this.#deadFrom <= memoryOfDeadCount) return;
    const oldest = this.#dead[this.#deadFrom];
    this.#deadFrom += 1;
    if (this.#deadFrom > memoryOfDeadCount) {
      this.#dead.splice(0, this.#deadFrom);
      this.#deadFrom = 0;
    }
    const record = oldest === undefined ? undefined : this.#find(oldest);
    if (record !== undefined && record.death !== null) this.#forget(record);
  }

  #forget(record: IssuedRecord): void {
    this.#delete(record);
    this.#listener?.onRecordForgotten(record);
    const grant = this.#grants.get(record.grantId);
    if (grant === undefined) return;
    const known = (key: string): boolean => this.#find(key) !== undefined;
    if (
      (grant.code !== null && known(grant.code)) ||
      grant.accessTokens.some(known) ||
      grant.refreshTokens.some(known)
    ) {
      return;
    }
    this.#grants.delete(grant.id);
    this.#grantsOfAccount.remove(grant, grant.id);
    this.#listener?.onGrantForgotten(grant);
  }

  #index(grant: Grant): void {
    if (grant.accessTokens.length === 0 || grant.revokedAtMs !== null) this.#grantsOfAccount.remove(grant, grant.id);
    else this.#grantsOfAccount.add(grant, grant.id);
  }

  #find(key: string): IssuedRecord | undefined {
    return this.#accessTokens.get(key) ?? this.#refreshTokens.get(key) ?? this.#codes.get(key);
  }

  /** True where no record of its kind had this key. */
  #set(record: IssuedRecord): boolean {
    switch (record.kind) {
      case 'code':
        return put(this.#codes, record);
      case 'access-token':
        return put(this.#accessTokens, record);
      case 'refresh-token':
        return put(this.#refreshTokens, record);
    }
  }

  #delete(record: IssuedRecord): void {
    switch (record.kind) {
      case 'code':
        this.#codes.delete(record.key);
        return;
      case 'access-token':
        this.#accessTokens.delete(record.key);
        return;
      case 'refresh-token':
        this.#refreshTokens.delete(record.key);
    }
  }
}

function put<Record extends IssuedRecord>(records: Map<string, Record>, record: Record): boolean {
  const before = records.size;
  records.set(record.key, record);
  return records.size > before;
}
