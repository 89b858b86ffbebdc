import type * as v from 'valibot';
import { alterationSchema } from './control/alteration-schema.js';
import { itemsOf } from './control/basic-schemas.js';
import { clientSchema, clientSecretSchema } from './control/client-request.js';
import type { clientRequestSchema } from './control/client-request.js';
import { clockSchema } from './control/clock-schema.js';
import { consentSchema, secondFactorSchema } from './control/consent-schema.js';
import type { consentRequestSchema } from './control/consent-schema.js';
import { explanationSchema } from './control/explain-schema.js';
import { faultSchema } from './control/fault-schema.js';
import type { faultRequestSchema } from './control/fault-schema.js';
import { findingSchema } from './control/findings-schema.js';
import { grantLifeSchema } from './control/grant-life-schema.js';
import type { GrantLife } from './control/grant-life-schema.js';
import { grantSchema, madeGrantSchema } from './control/grant-schema.js';
import type { grantRequestSchema } from './control/grant-schema.js';
import { openedEntrySchema } from './control/journal-entry-schema.js';
import type { OpenedEntry } from './control/journal-entry-schema.js';
import { harSchema, journalEntrySchema } from './control/journal-schema.js';
import { mutantSchema } from './control/mutant-schema.js';
import { settingsSchema } from './control/settings-patch-schema.js';
import type { settingsPatchSchema } from './control/settings-patch-schema.js';
import { tenantDescriptionSchema } from './control/tenant-schema.js';
import type { TenantDescription } from './control/tenant-schema.js';
import { userSchema } from './control/user-request.js';
import type { userRequestSchema } from './control/user-request.js';
import type { BankId } from './banks/bank-id.js';
import { ControlApiError } from './tenant-handle/control-api-error.js';
import { ControlClient } from './tenant-handle/control-client.js';
import type { ControlCall } from './tenant-handle/control-client.js';
import { streamEntries } from './tenant-handle/entry-stream.js';
import type { StreamOptions } from './tenant-handle/entry-stream.js';

export { ControlApiError } from './tenant-handle/control-api-error.js';
export type { ControlCall } from './tenant-handle/control-client.js';
export type { StreamOptions } from './tenant-handle/entry-stream.js';
export type { NewTenant, TenantDescription } from './control/tenant-schema.js';

/** What a clock shows: an RFC 3339 instant in UTC, and whether it runs. */
export type ClockReading = v.InferOutput<typeof clockSchema>;
/** All settings of a tenant as they stand, durations in ISO 8601; docs/banks.md has each default and its evidence. */
export type TenantSettings = v.InferOutput<typeof settingsSchema>;
/** What {@link TenantHandle.settings} merges into them. Absent members stay; `environment` brings that environment's defaults. */
export type TenantSettingsPatch = v.InferInput<typeof settingsPatchSchema>;
/** A client to register. Id and secret are made where they are absent; `redirectUris` are compared as strings. */
export type NewClient = v.InferInput<typeof clientRequestSchema>;
/** A client, its secret included. `secret` is null for a public one. */
export type ListedClient = v.InferOutput<typeof clientSchema>;
/** A person who can log in, with companies (CNPJ) and their accounts. */
export type NewUser = v.InferInput<typeof userRequestSchema>;
/** A user, password included; both are for tests only. */
export type ListedUser = v.InferOutput<typeof userSchema>;
/**
 * How the user is played for one authorization request: only path and query of `authorizationUrl` count, and whether its host
 * is one of the bank's own. `basic` is what the partner's backend would have sent to BS2.
 */
export type NewConsent = v.InferInput<typeof consentRequestSchema>;
/** A grant to make without any redirect. `age` is an ISO 8601 duration: `P29D` makes one that is 29 days old. */
export type NewGrant = v.InferInput<typeof grantRequestSchema>;
/** What a user consented to for a client, and its tokens' lives; without the tokens themselves. */
export type ListedGrant = v.InferOutput<typeof grantSchema>;
/** A grant that was made, with its tokens: `tokens` as the bank's answer has them. */
export type MadeGrant = v.InferOutput<typeof madeGrantSchema>;
/** Misbehaviour of the next answers: `at` says where, `when` narrows it to some requests, `times` 0 means until it is deleted. */
export type NewFault = v.InferInput<typeof faultRequestSchema>;
/** A fault, and how often it `acted`. */
export type ListedFault = v.InferOutput<typeof faultSchema>;
/** One way in which an answer can be wrong, for `effect: { alter: id }`, with the requirements that it breaks. */
export type ListedAlteration = v.InferOutput<typeof alterationSchema>;
/** A bank with one standing bug, with the requirements that it breaks. */
export type ListedMutant = v.InferOutput<typeof mutantSchema>;
/** What an entry of the journal shows about the client's conduct; `severity` is `failed`, `warning` or `info`. */
export type ListedFinding = v.InferOutput<typeof findingSchema>;
/** The life of a value: what it is, whom it was given to, what became of it, why it is refused now, what to do. */
export type ValueExplanation = v.InferOutput<typeof explanationSchema>;
/** A request and its answer, secrets masked. `played` marks a consent that the control API played. */
export type ListedEntry = v.InferOutput<typeof journalEntrySchema>;
/** The journal as HTTP Archive 1.2, secrets masked. */
export type HttpArchive = v.InferOutput<typeof harSchema>;

/**
 * One tenant of a mock server, in this process or elsewhere: its description's members, and the control API's calls
 * under the names of its paths. Every method may throw {@link ControlApiError} with the problem's `code`.
 */
export interface TenantHandle extends TenantDescription {
  readonly clock: {
    show(): Promise<ClockReading>;
    /** By an ISO 8601 duration such as `P30D`. */
    advance(by: string): Promise<ClockReading>;
    set(to: Date | string): Promise<ClockReading>;
    freeze(): Promise<ClockReading>;
    resume(): Promise<ClockReading>;
    reset(): Promise<ClockReading>;
  };
  readonly settings: {
    get(): Promise<TenantSettings>;
    patch(patch: TenantSettingsPatch): Promise<TenantSettings>;
  };
  readonly clients: {
    list(): Promise<readonly ListedClient[]>;
    get(id: string, bank?: BankId): Promise<ListedClient>;
    create(client: NewClient): Promise<ListedClient>;
    delete(id: string, bank?: BankId): Promise<void>;
    /** The old secret stops working. */
    rotateSecret(id: string, bank?: BankId): Promise<{ readonly id: string; readonly secret: string }>;
  };
  readonly users: {
    list(): Promise<readonly ListedUser[]>;
    get(username: string): Promise<ListedUser>;
    create(user: NewUser): Promise<ListedUser>;
    delete(username: string): Promise<void>;
  };
  readonly consents: {
    /** Plays the user for an authorization request. */
    create(consent: NewConsent): Promise<{ readonly redirectTo: string }>;
  };
  readonly grants: {
    list(): Promise<readonly ListedGrant[]>;
    create(grant: NewGrant): Promise<MadeGrant>;
    /** By an ISO 8601 duration such as `P29DT23H59M59S`. */
    age(id: string, by: string): Promise<ListedGrant>;
    /** Its codes and tokens from when they were given to what ended them, and the requests that did it. */
    life(id: string): Promise<GrantLife>;
    delete(id: string): Promise<void>;
  };
  readonly faults: {
    list(): Promise<readonly ListedFault[]>;
    create(fault: NewFault): Promise<ListedFault>;
    delete(id: string): Promise<void>;
    clear(): Promise<void>;
    /** Every alteration that `{alter: id}` can ask for. */
    catalogue(): Promise<readonly ListedAlteration[]>;
  };
  readonly mutants: {
    /** Those that stand. */
    list(): Promise<readonly ListedMutant[]>;
    /** Makes the banks those mutants, in place of what stood; an empty list makes them honest. */
    set(ids: readonly string[]): Promise<readonly ListedMutant[]>;
    /** Every mutant that a bank can be. */
    catalogue(): Promise<readonly ListedMutant[]>;
  };
  readonly secondFactor: {
    get(username: string): Promise<{ readonly app: string | null; readonly sms: string | null }>;
  };
  readonly journal: {
    list(): Promise<readonly ListedEntry[]>;
    /** One entry with its findings in words, the rule that answered, and the JWTs that it carried. */
    get(id: number): Promise<OpenedEntry>;
    har(): Promise<HttpArchive>;
    clear(): Promise<void>;
    /** New entries as they come in, until the tenant is gone, `signal` says so, or the loop is left. */
    stream(options?: StreamOptions): AsyncIterableIterator<ListedEntry>;
  };
  readonly findings: {
    /** What the entries that are kept show about the client's conduct, oldest first. */
    list(): Promise<readonly ListedFinding[]>;
  };
  /** The life of a code, token, state or redirect, as it was found in a log or an address. */
  explain(value: string): Promise<ValueExplanation>;
  /** The description as it is now, after clients and users changed. */
  describe(): Promise<TenantDescription>;
  reset(): Promise<void>;
  delete(): Promise<void>;
}

/** A handle over any way to the control API; `base` is where it answers, the description's `control` unless told. */
export function createTenantHandle(
  call: ControlCall,
  description: TenantDescription,
  options: { readonly base?: string; readonly token?: string | undefined } = {},
): TenantHandle {
  const base = options.base ?? description.control;
  const client = new ControlClient(call, base, options.token);
  const server = new ControlClient(call, base.replace(/\/tenants\/[^/]+$/, ''), options.token);
  const segment = encodeURIComponent;
  const at = (bank: BankId | undefined): string => (bank === undefined ? '' : `?bank=${bank}`);
  const readClock = (step: string, body?: unknown): Promise<ClockReading> =>
    client.ask(clockSchema, 'POST', `/clock/${step}`, body);
  const list = async <Item extends v.GenericSchema>(
    item: Item,
    path: string,
  ): Promise<readonly v.InferOutput<Item>[]> => (await client.ask(itemsOf(item), 'GET', path)).items;
  return {
    ...description,
    clock: {
      show: () => client.ask(clockSchema, 'GET', '/clock'),
      advance: (by) => readClock('advance', { by }),
      set: (to) => readClock('set', { to: typeof to === 'string' ? to : to.toISOString() }),
      freeze: () => readClock('freeze'),
      resume: () => readClock('resume'),
      reset: () => readClock('reset'),
    },
    settings: {
      get: () => client.ask(settingsSchema, 'GET', '/settings'),
      patch: (patch) => client.ask(settingsSchema, 'PATCH', '/settings', patch),
    },
    clients: {
      list: () => list(clientSchema, '/clients'),
      get: (id, bank) => client.ask(clientSchema, 'GET', `/clients/${segment(id)}${at(bank)}`),
      create: (request) => client.ask(clientSchema, 'POST', '/clients', request),
      delete: (id, bank) => client.tell('DELETE', `/clients/${segment(id)}${at(bank)}`),
      rotateSecret: (id, bank) => client.ask(clientSecretSchema, 'POST', `/clients/${segment(id)}/secrets${at(bank)}`),
    },
    users: {
      list: () => list(userSchema, '/users'),
      get: (username) => client.ask(userSchema, 'GET', `/users/${segment(username)}`),
      create: (user) => client.ask(userSchema, 'POST', '/users', user),
      delete: (username) => client.tell('DELETE', `/users/${segment(username)}`),
    },
    consents: { create: (consent) => client.ask(consentSchema, 'POST', '/consents', consent) },
    grants: {
      list: () => list(grantSchema, '/grants'),
      create: (grant) => client.ask(madeGrantSchema, 'POST', '/grants', grant),
      life: (id) => client.ask(grantLifeSchema, 'GET', `/grants/${segment(id)}/life`),
      age: (id, by) => client.ask(grantSchema, 'POST', `/grants/${segment(id)}/age`, { by }),
      delete: (id) => client.tell('DELETE', `/grants/${segment(id)}`),
    },
    faults: {
      list: () => list(faultSchema, '/faults'),
      create: (fault) => client.ask(faultSchema, 'POST', '/faults', fault),
      delete: (id) => client.tell('DELETE', `/faults/${segment(id)}`),
      clear: () => client.tell('DELETE', '/faults'),
      catalogue: async () => (await server.ask(itemsOf(alterationSchema), 'GET', '/faults')).items,
    },
    mutants: {
      list: () => list(mutantSchema, '/mutants'),
      set: async (ids) => (await client.ask(itemsOf(mutantSchema), 'PUT', '/mutants', ids)).items,
      catalogue: async () => (await server.ask(itemsOf(mutantSchema), 'GET', '/mutants')).items,
    },
    secondFactor: { get: (username) => client.ask(secondFactorSchema, 'GET', `/second-factor/${segment(username)}`) },
    journal: {
      get: (id) => client.ask(openedEntrySchema, 'GET', `/journal/${String(id)}`),
      list: () => list(journalEntrySchema, '/journal'),
      har: () => client.ask(harSchema, 'GET', '/journal?format=har'),
      clear: () => client.tell('DELETE', '/journal'),
      stream: (streaming) => streamEntries(client, streaming),
    },
    findings: { list: () => list(findingSchema, '/findings') },
    explain: (value) => client.ask(explanationSchema, 'POST', '/explain', { value }),
    describe: () => client.ask(tenantDescriptionSchema, 'GET', ''),
    reset: () => client.tell('POST', '/reset'),
    delete: () => client.tell('DELETE', ''),
  };
}

/** How {@link connectTenant} reaches a mock that runs elsewhere. */
export interface ConnectOptions {
  /** The server's `HOMOLOGA_CONTROL_TOKEN`. */
  readonly token?: string;
  /** In place of the global `fetch`. */
  readonly fetch?: ControlCall;
}

/**
 * A tenant of a mock that runs elsewhere. `controlUrl` is the tenant's `control`
 * (`http://127.0.0.1:4010/_mock/tenants/default`), or the server's origin or `…/_mock` for the default tenant.
 *
 * @throws ControlApiError: `ERR_CONTROL_UNREACHABLE`, `ERR_INVALID_CONTROL_URL`, `ERR_CONTROL_ANSWER`, or a problem's code
 */
export async function connectTenant(controlUrl: string, options: ConnectOptions = {}): Promise<TenantHandle> {
  const base = tenantUrl(controlUrl);
  const call: ControlCall = options.fetch ?? ((request) => fetch(request));
  const client = new ControlClient(call, base, options.token);
  const description = await client.ask(tenantDescriptionSchema, 'GET', '');
  return createTenantHandle(call, description, { base, token: options.token });
}

function tenantUrl(controlUrl: string): string {
  const url = URL.canParse(controlUrl) ? new URL(controlUrl) : null;
  const match = url === null ? null : /^(?:\/_mock(?<tenant>\/tenants\/[A-Za-z0-9_-]{1,64})?)?\/*$/.exec(url.pathname);
  if (url === null || match === null || !/^https?:$/.test(url.protocol)) {
    const expected = 'http://127.0.0.1:4010/_mock/tenants/default';
    throw new ControlApiError(
      'ERR_INVALID_CONTROL_URL',
      null,
      `Expected the address of a tenant’s control API such as ${expected}, got ${JSON.stringify(controlUrl)}.`,
    );
  }
  return `${url.origin}/_mock${match.groups?.['tenant'] ?? '/tenants/default'}`;
}
