import { HomologaError } from '../../foundation/homologa-error.js';
import type { BankId } from '../banks/bank-id.js';
import type { BankLinks } from '../banks/bank-links.js';
import { seedClients, seedUsers } from './fixtures.js';
import { randomBase64url, SecureRandomSource, SeededRandomSource } from './random-source.js';
import type { RegisteredClient } from './registered-client.js';
import type { SettingsPatch } from './settings.js';
import { Tenant } from './tenant.js';
import type { TenantKeeper } from './tenant-memory.js';
import type { User } from './user.js';

/** What a new tenant is asked to be. What is absent is seeded. */
export interface TenantRequest {
  readonly id?: string | undefined;
  readonly randomSeed?: string | undefined;
  readonly settings?: SettingsPatch | undefined;
  readonly clients?: readonly RegisteredClient[] | undefined;
  readonly users?: readonly User[] | undefined;
  /** The clients and users as a configuration has them, before what it left open was made up. */
  readonly declaration?: string | undefined;
}

/** Where the mock server is to be found. No member has a path or a trailing slash. */
export interface ServerOrigins {
  readonly publicOrigin: string;
  readonly internalOrigin: string;
  readonly listenOrigin: string;
  /** Banks of the default tenant at the root of a port of their own. */
  readonly rootOrigins: Readonly<Record<BankId, string | null>>;
}

/** Thrown for an id that is taken; `cause` holds `{ id }`. */
export class TenantExistsError extends HomologaError {
  constructor(id: string) {
    super('ERR_TENANT_EXISTS', `A tenant "${id}" exists already; delete it first or choose another id.`, {
      cause: { id },
    });
  }
}

/** Thrown for an id that cannot stand in an address; `cause` holds `{ id }`. */
export class InvalidTenantIdError extends HomologaError {
  constructor(id: string) {
    super(
      'ERR_INVALID_TENANT_ID',
      `Expected a tenant id of 1 to 64 letters, digits, "-" and "_", got ${JSON.stringify(id.slice(0, 80))}.`,
      { cause: { id } },
    );
  }
}

/** Thrown when the server holds as many tenants as it may; `cause` holds `{ limit }`. */
export class TooManyTenantsError extends HomologaError {
  constructor(limit: number) {
    super('ERR_TOO_MANY_TENANTS', `This server holds at most ${String(limit)} tenants; delete those that are done.`, {
      cause: { limit },
    });
  }
}

export const tenantLimit = 10_000;

/** The tenants of one mock server. */
export class TenantRegistry {
  readonly #tenants = new Map<string, Tenant>();
  readonly #baseSettings: SettingsPatch;
  readonly #ids = new SecureRandomSource();
  readonly #keeper: TenantKeeper | null;
  origins: ServerOrigins;

  /** `baseSettings` are the defaults of every tenant of this process; without a keeper all is forgotten with it. */
  constructor(baseSettings: SettingsPatch, origins: ServerOrigins, keeper: TenantKeeper | null = null) {
    this.#baseSettings = baseSettings;
    this.origins = origins;
    this.#keeper = keeper;
  }

  find(id: string): Tenant | undefined {
    return this.#tenants.get(id);
  }

  list(): Tenant[] {
    return [...this.#tenants.values()];
  }

  /** Takes up the tenants that the keeper remembers and that are not there yet. */
  restore(): void {
    for (const id of this.#keeper?.rememberedIds ?? []) if (!this.#tenants.has(id)) this.create({ id });
  }

  /** See {@link TenantKeeper.settled}. */
  settled(): Promise<void> | undefined {
    return this.#keeper?.settled();
  }

  /** Makes a tenant, or takes up what is remembered of it. @throws TenantExistsError, InvalidTenantIdError, TooManyTenantsError */
  create(request: TenantRequest): Tenant {
    const id = request.id ?? `t-${randomBase64url(this.#ids, 9)}`;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw new InvalidTenantIdError(id);
    if (this.#tenants.has(id)) throw new TenantExistsError(id);
    if (this.#tenants.size >= tenantLimit) throw new TooManyTenantsError(tenantLimit);
    const memory = this.#keeper?.memoryOf(id) ?? null;
    const remembered = memory?.remembered?.state;
    const seed = request.randomSeed ?? remembered?.randomSeed ?? null;
    const isDefault = id === 'default';
    const fixtureRandom = seed === null ? this.#ids : new SeededRandomSource(`fixtures\n${seed}`);
    const tenant = new Tenant({
      id,
      links: this.#linksOf(id),
      defaults: this.#baseSettings,
      settings: request.settings ?? remembered?.start ?? {},
      fixtures: {
        clients: request.clients ?? (remembered === undefined ? seedClients(isDefault ? null : fixtureRandom) : []),
        users: request.users ?? (remembered === undefined ? seedUsers() : []),
      },
      declaration: request.declaration ?? null,
      randomSeed: seed,
      memory,
    });
    this.#tenants.set(id, tenant);
    return tenant;
  }

  delete(id: string): boolean {
    this.#tenants.get(id)?.end();
    return this.#tenants.delete(id);
  }

  #linksOf(id: string): Record<BankId, BankLinks> {
    const path = id === 'default' ? '' : `/t/${id}`;
    const links = (bank: BankId): BankLinks => ({
      publicBase: `${this.origins.publicOrigin}${path}/${bank}`,
      internalBase: `${this.origins.internalOrigin}${path}/${bank}`,
      rootUrl: id === 'default' ? this.origins.rootOrigins[bank] : null,
    });
    return { bs2: links('bs2'), btg: links('btg') };
  }
}
