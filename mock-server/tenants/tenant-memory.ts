import type { Store } from '../store/store.js';
import type { RegisteredClient } from './registered-client.js';
import type { SettingsPatch } from './settings.js';
import type { User } from './user.js';

/** What a clock needs to go on from where it stood. */
export interface ClockState {
  readonly offsetMs: number;
  /** Epoch ms; null while it runs. */
  readonly frozenAtMs: number | null;
}

/** What is kept of a tenant besides clients, users, grants and counted requests. */
export interface TenantState {
  readonly randomSeed: string | null;
  /** How often the tenant was taken up from a file: a seed must not give the same values again. */
  readonly generation: number;
  /** Its own start: over the server's defaults, under the changes since. */
  readonly start: SettingsPatch;
  readonly changes: SettingsPatch;
  readonly clock: ClockState;
  /** The clients and users that a configuration asked for, as it was written; null where none did. */
  readonly declaration: string | null;
}

/** What is known of a tenant from before. */
export interface RememberedTenant {
  readonly state: TenantState;
  readonly clients: readonly RegisteredClient[];
  readonly users: readonly User[];
  /** Instants of counted requests, ascending, by what they are counted for. */
  readonly counted: ReadonlyMap<string, readonly number[]>;
}

/**
 * Where a tenant keeps what must outlive the process. Everything is taken at once and never refused; that it is safe
 * is told by {@link TenantMemory.settled}, and no answer leaves before.
 */
export interface TenantMemory {
  /** What was known when it was opened; null for a new tenant. */
  readonly remembered: RememberedTenant | null;
  readonly store: Store;
  putState(state: TenantState): void;
  putClient(client: RegisteredClient): void;
  removeClient(client: RegisteredClient): void;
  putUser(user: User): void;
  removeUser(username: string): void;
  /** Instants of requests counted for `key`. The array may change until it is written. */
  putCounted(key: string, counted: readonly number[]): void;
  clearCounted(): void;
  /**
   * Resolves when all that happened until now survives the death of the process; undefined where it does already.
   * Rejects where it cannot be kept.
   */
  settled(): Promise<void> | undefined;
  /** The tenant is deleted, and all that is kept of it. */
  forget(): void;
}

/** Keeps the tenants of a mock server. */
export interface TenantKeeper {
  /** Those it knew when it was opened, the oldest first. */
  readonly rememberedIds: readonly string[];
  memoryOf(id: string): TenantMemory;
  /** {@link TenantMemory.settled} of all tenants. */
  settled(): Promise<void> | undefined;
  close(): Promise<void>;
}
