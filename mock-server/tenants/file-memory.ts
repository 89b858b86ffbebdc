import { MemoryStore } from '../store/memory-store.js';
import type { Grant, IssuedRecord } from '../store/records.js';
import type { StateFile } from '../store/state-file.js';
import type { RegisteredClient } from './registered-client.js';
import type { RememberedTenant, TenantMemory, TenantState } from './tenant-memory.js';
import type { User } from './user.js';

/**
 * Sections of a tenant in the file: a key is `{tenant}/{section}/{what the section is keyed by}`. No tenant id has a
 * slash or begins with the header's exclamation mark.
 */
export const sections = {
  state: 's',
  client: 'c',
  user: 'u',
  counted: 'n',
  grant: 'g',
  code: 'ic',
  'access-token': 'ia',
  'refresh-token': 'ir',
} as const;

/** What the file holds of one tenant; `order` says when something came, since keys are sorted by name. */
export interface TenantContents {
  state: TenantState | null;
  order: number;
  readonly clients: { readonly order: number; readonly client: RegisteredClient }[];
  readonly users: { readonly order: number; readonly user: User }[];
  readonly counted: Map<string, number[]>;
  readonly grants: Grant[];
  readonly records: IssuedRecord[];
}

/** A tenant's memory in a file: all of it is in memory too, where it is read, and the file is written behind. */
export class FileMemory implements TenantMemory {
  readonly remembered: RememberedTenant | null;
  readonly store: MemoryStore;
  readonly #file: StateFile;
  readonly #id: string;
  readonly #order: number;
  #hasState: boolean;
  readonly #orders = new Map<string, number>();
  #newest = 0;
  readonly #counted: Set<string>;
  #isForgotten = false;

  constructor(file: StateFile, id: string, contents: TenantContents) {
    this.#file = file;
    this.#id = id;
    this.#order = contents.order;
    const clients = contents.clients.toSorted((first, second) => first.order - second.order);
    const users = contents.users.toSorted((first, second) => first.order - second.order);
    for (const { order, client } of clients) this.#remember(this.#clientKey(client), order);
    for (const { order, user } of users) this.#remember(this.#userKey(user.username), order);
    this.#counted = new Set(contents.counted.keys());
    this.#hasState = contents.state !== null;
    this.remembered =
      contents.state === null
        ? null
        : {
            state: contents.state,
            clients: clients.map(({ client }) => client),
            users: users.map(({ user }) => user),
            counted: contents.counted,
          };
    this.store = new MemoryStore({
      onGrant: (grant, isNew) => this.#put(this.#key(sections.grant, grant.id), grant, isNew),
      onGrantForgotten: (grant) => this.#remove(this.#key(sections.grant, grant.id)),
      onRecord: (record, isNew) => this.#put(this.#key(sections[record.kind], record.key), record, isNew),
      onRecordForgotten: (record) => this.#remove(this.#key(sections[record.kind], record.key)),
    });
    const oldestFirst = contents.grants.toSorted((first, second) => first.createdAtMs - second.createdAtMs);
    this.store.restore(oldestFirst, contents.records);
  }

  putState(state: TenantState): void {
    this.#put(this.#key(sections.state, ''), [this.#order, state], !this.#hasState);
    this.#hasState = true;
  }

  putClient(client: RegisteredClient): void {
    this.#putInOrder(this.#clientKey(client), client);
  }

  removeClient(client: RegisteredClient): void {
    this.#removeInOrder(this.#clientKey(client));
  }

  putUser(user: User): void {
    this.#putInOrder(this.#userKey(user.username), user);
  }

  removeUser(username: string): void {
    this.#removeInOrder(this.#userKey(username));
  }

  putCounted(key: string, counted: readonly number[]): void {
    this.#put(this.#key(sections.counted, key), counted, !this.#counted.has(key));
    this.#counted.add(key);
  }

  clearCounted(): void {
    for (const key of this.#counted) this.#remove(this.#key(sections.counted, key));
    this.#counted.clear();
  }

  settled(): Promise<void> | undefined {
    return this.#file.settled();
  }

  forget(): void {
    // All of it happens before the call returns.
    void this.store.clear();
    this.clearCounted();
    for (const key of this.#orders.keys()) this.#remove(key);
    this.#orders.clear();
    if (this.#hasState) this.#remove(this.#key(sections.state, ''));
    this.#hasState = false;
    this.#isForgotten = true;
  }

  /** A request that was under way when the tenant was deleted must leave nothing behind. */
  #put(key: string, value: unknown, isNew: boolean): void {
    if (!this.#isForgotten) this.#file.put(key, value, isNew);
  }

  #remove(key: string): void {
    if (!this.#isForgotten) this.#file.remove(key);
  }

  #putInOrder(key: string, value: RegisteredClient | User): void {
    const known = this.#orders.get(key);
    const order = known ?? this.#newest + 1;
    this.#remember(key, order);
    this.#put(key, [order, value], known === undefined);
  }

  #removeInOrder(key: string): void {
    if (this.#orders.delete(key)) this.#remove(key);
  }

  #remember(key: string, order: number): void {
    this.#orders.set(key, order);
    this.#newest = Math.max(this.#newest, order);
  }

  #clientKey({ bank, id }: RegisteredClient): string {
    return this.#key(sections.client, `${bank} ${id}`);
  }

  #userKey(username: string): string {
    return this.#key(sections.user, username);
  }

  #key(section: string, name: string): string {
    return `${this.#id}/${section}/${name}`;
  }
}
