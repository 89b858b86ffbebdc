import { parseDuration } from '../../foundation/iso-duration.js';
import type { WireRule } from './wire-rule.js';

/** The environments of the banks; "producao" brings the known surprises of go-live. */
export type Environment = 'homologacao' | 'producao';

/** At most `requests` in any `window` (ISO 8601 duration), a sliding window. */
export type RateLimitSetting = 'off' | { requests: number; window: string };
/** What a refresh token that was already exchanged does: refuse it, revoke its grant too, or honour it for a while. */
export type RefreshTokenReuse = 'refuse' | 'revoke-grant' | { grace: string };

/** What both banks can be told. Durations are ISO 8601. */
export interface SharedBankSettings {
  accessTokenLifetime: string;
  refreshTokenLifetime: string;
  authorizationCodeLifetime: string;
  loginSessionLifetime: string;
  refreshTokenRotation: boolean;
  refreshTokenReuse: RefreshTokenReuse;
  /** Whether a replayed authorization code revokes the tokens it gave (RFC 6749 section 4.1.2). */
  codeReplayRevokesTokens: boolean;
  requireState: boolean;
  /** Scopes the client did not register: refuse the request, or grant the rest. */
  unregisteredScope: 'refuse' | 'ignore';
  httpsRedirectUris: boolean;
  smsTokenLifetime: string;
  secondFactorAttempts: number;
  secondFactorReplay: 'refuse' | 'accept';
  /** How answers differ on the wire from this mock's, in order; for what a sandbox was seen to send. */
  wire: WireRule[];
}

export interface Bs2Settings extends SharedBankSettings {
  /** Refresh tokens of the password grant, where they live shorter. */
  passwordRefreshTokenLifetime: string;
  rateLimit: RateLimitSetting;
  /** Status of the answer over the limit; neither documented nor observed. */
  rateLimitStatus: number;
  clientIdentification: 'basic' | 'query' | 'either';
  requireScopeOnRefresh: boolean;
  /** How far a new access token kills older ones: all of the application and account, of the grant, or none. */
  previousAccessTokenDies: 'account' | 'grant' | 'never';
  /** The code every request must carry in its User-Agent; null asks for none. */
  userAgentCode: string | null;
  /** Callers that the gateway lets in, as addresses or CIDR ranges; "any" lets all in. */
  allowedAddresses: 'any' | string[];
}

export interface BtgSettings extends SharedBankSettings {
  idTokenLifetime: string;
  refreshQuota: RateLimitSetting;
  secondFactor: 'off' | 'app' | 'sms';
  discovery: boolean;
  /** Overrides the issuer; null means the bank's base URL. */
  issuer: string | null;
  /** Whether client_id and client_secret are taken from the body, besides Basic. */
  bodyCredentials: boolean;
  /** Which companies a user may consent for: only the one dedicated to the sandbox, or all they are linked to. */
  companies: 'dedicated' | 'linked';
  /** Whether a developer's login gives a token that the APIs refuse. */
  requireOperator: boolean;
  /** Which of the two shipped test keys signs access tokens. */
  signingKey: 'first' | 'second';
}

export interface Settings {
  environment: Environment;
  /** Entries that the journal keeps before it forgets the oldest. */
  journalSize: number;
  bs2: Bs2Settings;
  btg: BtgSettings;
}

/** Some of a bank's settings. */
export type BankSettingsPatch<S> = { [K in keyof S]?: S[K] | undefined };

/** A patch: what is absent keeps its value. */
export interface SettingsPatch {
  environment?: Environment | undefined;
  journalSize?: number | undefined;
  bs2?: BankSettingsPatch<Bs2Settings> | undefined;
  btg?: BankSettingsPatch<BtgSettings> | undefined;
}

/** What stands behind a default. */
export type Evidence = 'documented' | 'observed' | 'inferred';
export interface ProfileValue<T> {
  readonly value: T;
  readonly evidence: Evidence;
  /** Where the bank or the observer says it, or what it is inferred from. */
  readonly source: string;
}
/** A bank's defaults, each with its evidence; `producao` holds those that differ there. */
export interface SettingsProfile<S> {
  readonly homologacao: { readonly [K in keyof S]: ProfileValue<S[K]> };
  readonly producao: { readonly [K in keyof S]?: ProfileValue<S[K]> };
}

function profileDefaults<S extends object>(profile: SettingsProfile<S>, environment: Environment): Partial<S> {
  const defaults: Partial<S> = {};
  const assign = (values: Partial<{ readonly [K in keyof S]: ProfileValue<S[K]> }>): void => {
    for (const key in values) {
      const entry = values[key];
      if (entry !== undefined) defaults[key] = entry.value;
    }
  };
  assign(profile.homologacao);
  if (environment === 'producao') assign(profile.producao);
  return defaults;
}

/** Defined members of `patch` over `base`. */
export function mergeDefined<T extends object>(base: T, patch: { [K in keyof T]?: T[K] | undefined } | undefined): T {
  const merged = { ...base };
  if (patch === undefined) return merged;
  for (const key in patch) {
    const value = patch[key];
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

/** Two patches as one; the later wins member by member. */
export function mergePatches(first: SettingsPatch, second: SettingsPatch): SettingsPatch {
  return {
    ...mergeDefined(first, second),
    bs2: mergeDefined(first.bs2 ?? {}, second.bs2),
    btg: mergeDefined(first.btg ?? {}, second.btg),
  };
}

/** Settings of an environment, with a patch over the banks' defaults of that environment. */
export function effectiveSettings(
  profiles: { bs2: SettingsProfile<Bs2Settings>; btg: SettingsProfile<BtgSettings> },
  patch: SettingsPatch,
): Settings {
  const environment = patch.environment ?? 'homologacao';
  return {
    environment,
    journalSize: patch.journalSize ?? 500,
    bs2: mergeDefined(complete(profiles.bs2, environment), patch.bs2),
    btg: mergeDefined(complete(profiles.btg, environment), patch.btg),
  };
}

function complete<S extends object>(profile: SettingsProfile<S>, environment: Environment): S {
  const defaults = profileDefaults(profile, environment);
  if (!isComplete(profile, defaults)) throw new TypeError('A bank profile lacks a default.');
  return defaults;
}

function isComplete<S extends object>(profile: SettingsProfile<S>, defaults: Partial<S>): defaults is S {
  return Object.keys(profile.homologacao).every((key) => key in defaults);
}

const durations = new Map<string, number>();

/** Milliseconds of a setting's duration; memoised, since requests ask for the same few. */
export function durationMs(duration: string): number {
  const known = durations.get(duration);
  if (known !== undefined) return known;
  const ms = parseDuration(duration);
  if (durations.size > 1000) durations.clear();
  durations.set(duration, ms);
  return ms;
}
