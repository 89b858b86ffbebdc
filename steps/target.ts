import type { BankEndpoints, BankProfile } from '../client/banks/bank-profile.js';
import type { HttpTransport } from '../client/http-transport.js';
import type { ConsentNeeds } from './consent-ways/consent-needs.js';
import type { TenantHandle } from '../mock-server/tenant-handle.js';
import { capabilities } from '../reports/scenario-tags.js';
import type { Capability, ScenarioBank } from '../reports/scenario-tags.js';
import type { SharedGrants } from './shared-grants.js';

/** A client that is registered at the bank under test. */
export interface ClientUnderTest {
  readonly id: string;
  readonly secret: string;
  readonly redirectUri: string;
  /** Space separated, as it asks for. */
  readonly scope: string;
}

/** A user who can consent at the bank under test. */
export interface UserUnderTest {
  readonly username: string;
  readonly password: string;
}

export type FactorKind = 'app' | 'sms';

/** How a user answers an authorization request. */
export interface ConsentInput {
  /** As the client built it, before any backend request. */
  readonly authorizationUrl: string;
  readonly client: ClientUnderTest;
  /** `basic`: the client's backend makes the first request; `query`: the browser does. */
  readonly identification: BankProfile['clientIdentification'];
  readonly decision: 'approve' | 'deny';
  readonly user: UserUnderTest;
  readonly factor?: FactorKind | undefined;
  /** CNPJ; default: what the bank preselects. */
  readonly company?: string | undefined;
}

/** One bank of a target, as one scenario sees it; on a mock, in a tenant of its own. */
export interface BankUnderTest {
  readonly bank: ScenarioBank;
  readonly profile: BankProfile;
  readonly endpoints: BankEndpoints;
  /** Null at a bank that sends no `iss`. */
  readonly issuer: string | null;
  readonly client: ClientUnderTest;
  readonly secondClient: ClientUnderTest | null;
  readonly user: UserUnderTest;
  /** CNPJ of the company that the user consents for. */
  readonly company: string;
  /** Which second factor the user has where a scenario does not ask for one. */
  readonly factor: FactorKind;
  readonly fetch: HttpTransport;
  /** Whether the answer that sends the user back is among the exchanges that are noted. */
  readonly seesRedirect: boolean;
  /** A mock's control; null at a bank that has none. */
  readonly control: TenantHandle | null;
  /** The bank's time, in epoch ms. */
  now(): Promise<number>;
  /** A code of the user's second factor, asked for when the bank wants it. */
  secondFactorCode(user: UserUnderTest, factor: FactorKind): Promise<string>;
  /** Gives or denies consent, and returns where the bank sent the user. */
  consent(input: ConsentInput): Promise<string>;
  close(): Promise<void>;
}

/** A bank (or two) under test. */
export interface Target {
  readonly name: string;
  readonly banks: readonly ScenarioBank[];
  readonly capabilities: ReadonlySet<Capability>;
  /** True where others use it too: only scenarios with `@sandbox-safe` run. */
  readonly shared: boolean;
  readonly consents: ConsentLimits;
  /** The grants that scenarios may share; absent where each has one of its own. */
  readonly grants?: SharedGrants;
  /** A bank for one scenario; every request to it, whoever sends it, passes through what `observe` gives. */
  open(bank: ScenarioBank, observe: (transport: HttpTransport) => HttpTransport): Promise<BankUnderTest>;
  close(): Promise<void>;
}

/** What cannot be asked of the user of a target, and why; null where it can. */
export interface ConsentLimits {
  /** That the scenario itself types into the bank's pages. */
  readonly typing: string | null;
  /** That the answer by which the bank sends the user back is seen. */
  readonly redirect: string | null;
  readonly approval: string | null;
  readonly denial: string | null;
}

/** Where everything can be asked. */
export const noConsentLimits: ConsentLimits = { typing: null, redirect: null, approval: null, denial: null };

/** Why a target cannot run a scenario; null when it can. */
export function reasonToSkip(
  target: Pick<Target, 'name' | 'banks' | 'capabilities' | 'shared' | 'consents'>,
  scenario: { readonly bank: ScenarioBank; readonly needs: readonly Capability[]; readonly sandboxSafe: boolean },
  asks: ConsentNeeds,
): string | null {
  if (!target.banks.includes(scenario.bank)) return `${target.name} is not ${scenario.bank}`;
  // In one order, whatever the order of the tags: what is missing is counted by these words.
  const missing = capabilities.filter((need) => scenario.needs.includes(need) && !target.capabilities.has(need));
  if (missing.length > 0) return `${target.name} lacks ${missing.join(' and ')}`;
  if (target.shared && !scenario.sandboxSafe) return `${target.name} is shared, and this scenario is not safe there`;
  const { typing, redirect, approval, denial } = target.consents;
  if (asks.typesIntoPages && typing !== null) return typing;
  if (asks.seesRedirect && redirect !== null) return redirect;
  if (asks.denials > 0 && denial !== null) return denial;
  return asks.approvals > 0 ? approval : null;
}
