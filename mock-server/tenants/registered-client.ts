import type { BankId } from '../banks/bank-id.js';
import type { BankSettingsPatch, Bs2Settings, BtgSettings } from './settings.js';
import type { TenantMemory } from './tenant-memory.js';

/** The partner's application at a bank. BS2 calls id and secret API Key and API Secret. */
export interface RegisteredClient {
  readonly bank: BankId;
  readonly id: string;
  /** Null for public clients. */
  readonly secret: string | null;
  readonly name: string;
  readonly type: 'confidential' | 'public';
  readonly redirectUris: readonly string[];
  /** Paths accepted on any port of a loopback host; only clients that ship with the mock have them. */
  readonly loopbackPaths: readonly string[];
  /** Space separated. */
  readonly scope: string;
  readonly registeredScope: readonly string[];
  /** Override the bank's settings for this client: products differ by key. */
  readonly settings: BankSettingsPatch<Bs2Settings> | BankSettingsPatch<BtgSettings>;
  /** False when the bank has not bound the application to an account yet: its tokens get 403 from the resources. */
  readonly provisioned: boolean;
}

/** Clients of one tenant. Ids are unique within a bank. */
export class ClientRegistry {
  readonly #clients = new Map<string, RegisteredClient>();
  readonly #memory: TenantMemory | null;

  constructor(memory: TenantMemory | null = null) {
    this.#memory = memory;
  }

  find(bank: BankId, id: string): RegisteredClient | undefined {
    return this.#clients.get(keyOf(bank, id));
  }

  /** The first client of any bank with that id. */
  findAnywhere(id: string): RegisteredClient | undefined {
    return this.list().find((client) => client.id === id);
  }

  first(bank: BankId): RegisteredClient | undefined {
    return this.list().find((client) => client.bank === bank);
  }

  list(): RegisteredClient[] {
    return [...this.#clients.values()];
  }

  put(client: RegisteredClient): void {
    this.#clients.set(keyOf(client.bank, client.id), client);
    this.#memory?.putClient(client);
  }

  remove(client: RegisteredClient): void {
    this.#clients.delete(keyOf(client.bank, client.id));
    this.#memory?.removeClient(client);
  }

  /** Takes up what is remembered already. */
  restore(clients: readonly RegisteredClient[]): void {
    for (const client of clients) this.#clients.set(keyOf(client.bank, client.id), client);
  }
}

function keyOf(bank: BankId, id: string): string {
  return `${bank} ${id}`;
}
