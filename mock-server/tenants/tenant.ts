import type { BankId } from '../banks/bank-id.js';
import type { BankLinks } from '../banks/bank-links.js';
import type { Banks } from '../banks/banks.js';
import { bs2Profile } from '../banks/bs2/profile.js';
import { btgProfile } from '../banks/btg/profile.js';
import { BarrierBook } from '../faults/barrier.js';
import { FaultBook } from '../faults/fault-book.js';
import { Journal } from '../journal/journal.js';
import { StandingMutants } from '../mutants/standing-mutants.js';
import { MemoryStore } from '../store/memory-store.js';
import type { Store } from '../store/store.js';
import type { Fixtures } from './fixtures.js';
import { LoginSessions } from './login-session.js';
import { SecureRandomSource, SeededRandomSource } from './random-source.js';
import type { RandomSource } from './random-source.js';
import { RateWindows } from './rate-windows.js';
import { ClientRegistry } from './registered-client.js';
import type { RegisteredClient } from './registered-client.js';
import { SecondFactors } from './second-factor.js';
import { effectiveSettings, mergeDefined, mergePatches } from './settings.js';
import type { Bs2Settings, BtgSettings, Settings, SettingsPatch } from './settings.js';
import type { TenantMemory } from './tenant-memory.js';
import { UserDirectory } from './user.js';
import { VirtualClock } from './virtual-clock.js';

/** What a tenant is made of. */
export interface TenantOptions {
  readonly id: string;
  readonly links: Readonly<Record<BankId, BankLinks>>;
  /** The server's own defaults, over the banks'. */
  readonly defaults?: SettingsPatch;
  /** Over the defaults; the tenant's own start. */
  readonly settings: SettingsPatch;
  readonly fixtures: Fixtures;
  /** Clients and users of a configuration as it was written; null where they are of nobody's asking. */
  readonly declaration?: string | null;
  /** Makes codes, tokens and ids repeatable; secure random where null. */
  readonly randomSeed: string | null;
  /** Where the tenant is kept beyond the process, and what was known of it; absent or null keeps it in memory alone. */
  readonly memory?: TenantMemory | null;
}

/** An isolated world inside one mock server: its own clock, store, clients, users, mutants, faults and journal. */
export class Tenant {
  readonly id: string;
  readonly links: Readonly<Record<BankId, BankLinks>>;
  readonly clock = new VirtualClock(() => this.#keepState());
  readonly store: Store;
  readonly clients: ClientRegistry;
  readonly users: UserDirectory;
  readonly sessions = new LoginSessions();
  readonly rates: RateWindows;
  readonly mutants = new StandingMutants();
  readonly faults = new FaultBook();
  readonly barriers = new BarrierBook();
  readonly journal: Journal;
  readonly #start: TenantOptions;
  readonly #memory: TenantMemory | null;
  readonly #declaration: string | null;
  /** How often it was taken up from its memory since its values began. */
  #generation = 0;
  /** Settings that were changed since the start. */
  #changes: SettingsPatch;
  #random: RandomSource;
  #secondFactors: SecondFactors;
  #patch: SettingsPatch;
  #settings: Settings;
  #clientSettings = new WeakMap<RegisteredClient, Bs2Settings | BtgSettings>();

  constructor(options: TenantOptions) {
    this.id = options.id;
    this.links = options.links;
    this.#start = options;
    const memory = options.memory ?? null;
    this.#memory = memory;
    this.store = memory?.store ?? new MemoryStore();
    this.clients = new ClientRegistry(memory);
    this.users = new UserDirectory(memory);
    this.rates = new RateWindows(memory);
    const remembered = memory?.remembered ?? null;
    if (remembered !== null) {
      this.clock.restore(remembered.state.clock);
      this.clients.restore(remembered.clients);
      this.users.restore(remembered.users);
      this.#generation = remembered.state.generation + 1;
    }
    const declared = options.declaration ?? null;
    this.#declaration = declared ?? remembered?.state.declaration ?? null;
    // A configuration that was not changed says nothing new: what became of its clients and users since stays.
    if (remembered === null || (declared !== null && declared !== remembered.state.declaration)) {
      for (const client of options.fixtures.clients) this.clients.put(client);
      for (const user of options.fixtures.users) this.users.put(user);
    }
    this.#random = randomSource(options.randomSeed, this.#generation);
    this.#secondFactors = new SecondFactors(this.clock, this.#random);
    this.#changes = remembered?.state.changes ?? {};
    this.#patch = mergePatches(startOf(options), this.#changes);
    this.#settings = effectiveSettings({ bs2: bs2Profile, btg: btgProfile }, this.#patch);
    this.journal = new Journal(this.#settings.journalSize);
    this.#keepState();
  }

  get random(): RandomSource {
    return this.#random;
  }

  get secondFactors(): SecondFactors {
    return this.#secondFactors;
  }

  /** The banks of this tenant, changed by the mutants that stand. */
  get banks(): Banks {
    return this.mutants.banks;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** What differs from the banks' defaults. */
  get settingsPatch(): SettingsPatch {
    return this.#patch;
  }

  patchSettings(patch: SettingsPatch): void {
    this.#change(mergePatches(this.#changes, patch));
  }

  /** BS2's settings, with those of the client over them. */
  bs2Settings(client: RegisteredClient | undefined): Bs2Settings {
    if (client === undefined) return this.#settings.bs2;
    const known = this.#clientSettings.get(client);
    if (known !== undefined && 'rateLimit' in known) return known;
    const settings = mergeDefined<Bs2Settings>(this.#settings.bs2, client.settings);
    this.#clientSettings.set(client, settings);
    return settings;
  }

  /** BTG's settings, with those of the client over them. */
  btgSettings(client: RegisteredClient | undefined): BtgSettings {
    if (client === undefined) return this.#settings.btg;
    const known = this.#clientSettings.get(client);
    if (known !== undefined && 'refreshQuota' in known) return known;
    const settings = mergeDefined<BtgSettings>(this.#settings.btg, client.settings);
    this.#clientSettings.set(client, settings);
    return settings;
  }

  /** Tokens, grants, faults, mutants, journal, settings and clock back to the start; registered clients and users stay. */
  async reset(): Promise<void> {
    this.clock.reset();
    this.mutants.clear();
    this.faults.clear();
    this.barriers.clear();
    this.sessions.clear();
    this.rates.clear();
    this.journal.clear();
    this.#generation = 0;
    this.#random = randomSource(this.#start.randomSeed, 0);
    this.#secondFactors = new SecondFactors(this.clock, this.#random);
    this.#change({});
    await this.store.clear();
  }

  /** Resolves when what happened until now survives the process, where it is to; see {@link TenantMemory.settled}. */
  settled(): Promise<void> | undefined {
    return this.#memory?.settled();
  }

  /** The tenant is no more; nothing is kept of it. */
  end(): void {
    this.barriers.clear();
    this.journal.close();
    this.#memory?.forget();
  }

  #change(changes: SettingsPatch): void {
    this.#changes = changes;
    this.#patch = mergePatches(startOf(this.#start), changes);
    this.#settings = effectiveSettings({ bs2: bs2Profile, btg: btgProfile }, this.#patch);
    this.#clientSettings = new WeakMap();
    this.journal.resize(this.#settings.journalSize);
    this.#keepState();
  }

  #keepState(): void {
    this.#memory?.putState({
      randomSeed: this.#start.randomSeed,
      generation: this.#generation,
      start: this.#start.settings,
      changes: this.#changes,
      clock: this.clock.state,
      declaration: this.#declaration,
    });
  }
}

function startOf({ defaults, settings }: TenantOptions): SettingsPatch {
  return mergePatches(defaults ?? {}, settings);
}

function randomSource(seed: string | null, generation: number): RandomSource {
  if (seed === null) return new SecureRandomSource();
  return new SeededRandomSource(generation === 0 ? `values\n${seed}` : `values\n${seed}\n${String(generation)}`);
}
