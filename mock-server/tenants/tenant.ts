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
import { UserDirectory } from './user.js';
import { VirtualClock } from './virtual-clock.js';

/** What a tenant is made of. */
export interface TenantOptions {
  readonly id: string;
  readonly links: Readonly<Record<BankId, BankLinks>>;
  /** Over the banks' defaults; the tenant's own start. */
  readonly settings: SettingsPatch;
  readonly fixtures: Fixtures;
  /** Makes codes, tokens and ids repeatable; secure random where null. */
  readonly randomSeed: string | null;
}

/** An isolated world inside one mock server: its own clock, store, clients, users, mutants, faults and journal. */
export class Tenant {
  readonly id: string;
  readonly links: Readonly<Record<BankId, BankLinks>>;
  readonly clock = new VirtualClock();
  readonly store: Store = new MemoryStore();
  readonly clients = new ClientRegistry();
  readonly users = new UserDirectory();
  readonly sessions = new LoginSessions();
  readonly rates = new RateWindows();
  readonly mutants = new StandingMutants();
  readonly faults = new FaultBook();
  readonly barriers = new BarrierBook();
  readonly journal: Journal;
  readonly #start: TenantOptions;
  #random: RandomSource;
  #secondFactors: SecondFactors;
  #patch: SettingsPatch;
  #settings: Settings;
  #clientSettings = new WeakMap<RegisteredClient, Bs2Settings | BtgSettings>();

  constructor(options: TenantOptions) {
    this.id = options.id;
    this.links = options.links;
    this.#start = options;
    this.#random = randomSource(options.randomSeed);
    this.#secondFactors = new SecondFactors(this.clock, this.#random);
    this.#patch = options.settings;
    this.#settings = effectiveSettings({ bs2: bs2Profile, btg: btgProfile }, this.#patch);
    this.journal = new Journal(this.#settings.journalSize);
    this.clients.replaceAll(options.fixtures.clients);
    this.users.replaceAll(options.fixtures.users);
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
    this.#use(mergePatches(this.#patch, patch));
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
    await this.store.clear();
    this.#random = randomSource(this.#start.randomSeed);
    this.#secondFactors = new SecondFactors(this.clock, this.#random);
    this.#use(this.#start.settings);
  }

  #use(patch: SettingsPatch): void {
    this.#patch = patch;
    this.#settings = effectiveSettings({ bs2: bs2Profile, btg: btgProfile }, patch);
    this.#clientSettings = new WeakMap();
    this.journal.resize(this.#settings.journalSize);
  }
}

function randomSource(seed: string | null): RandomSource {
  return seed === null ? new SecureRandomSource() : new SeededRandomSource(`values\n${seed}`);
}
