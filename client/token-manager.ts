import type { BankClient } from './bank-client.js';
import { systemClock, systemSleep, type Clock, type Sleep } from './clock.js';
import { createGrantRefresher, type RefreshResult } from './grant-refresh.js';
import { grantOfConsent } from './grant-record.js';
import type { GrantRecord } from './grant-record.js';
import { codeOf } from './refresh-outcome.js';
import { accessTokenUsableUntil, keepAliveDueAt } from './refresh-schedule.js';
import { untilNoConflict } from './no-conflict.js';
import { createSingleFlight } from './single-flight.js';
import { ConsentRequiredError, GrantUnknownError, RefreshUnavailableError } from './token-manager-error.js';
import type { TokenSet } from './token-set.js';
import type { TokenStore } from './token-store.js';
import { unlessAborted } from './unless-aborted.js';

/** Options of {@link createTokenManager}. */
export interface TokenManagerOptions {
  readonly client: BankClient;
  readonly store: TokenStore;
  /** Called when a consent is over, to make the address where the user renews it (and to remember its transaction). */
  readonly authorizationUrl: (key: string) => string | Promise<string>;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
  /** Default: the profile's `refreshTokenLifetimeSeconds`. */
  readonly refreshTokenLifetimeSeconds?: number;
  /** Part of the refresh token's life after which {@link TokenManager.keepAlive} renews it. Default 0.5. */
  readonly keepAliveAfter?: number;
  /** How long another process's refresh is waited for; more than twice the transport's time-out. Default 60 000. */
  readonly claimMs?: number;
}

/** What one tick of {@link TokenManager.keepAlive} did; keys only. */
export interface KeepAliveReport {
  readonly refreshed: readonly string[];
  readonly consentRequired: readonly string[];
  readonly failed: readonly { readonly key: string; readonly code: string }[];
  readonly notDue: number;
}

/** What may be shown of a grant; no secrets. Instants are epoch ms. */
export interface GrantStatus {
  readonly status: GrantRecord['status'];
  readonly scope: string | null;
  readonly accessTokenExpiresAt: number | null;
  readonly refreshTokenExpiresAt: number;
  readonly refreshDueAt: number;
}

/** Keeps the tokens of many grants alive. A key is whatever the application calls a customer's consent. */
export interface TokenManager {
  /**
   * An access token that is good now: the stored one, or a new one.
   *
   * @param options.signal ends the wait, with its reason. A refresh that is under way goes on and is stored: the bank
   * may have rotated the token already.
   * @throws ConsentRequiredError, GrantUnknownError, RefreshUnavailableError (as rejections); `TokenEndpointError`
   * when the bank refuses for another reason than the grant (`invalid_client`); the store's own errors.
   */
  accessToken(key: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<string>;
  /**
   * Calls the bank's API. An answer that rejects the token is followed by a refresh and one more try; if the
   * stored token is already another one, by that try only. What comes then is returned, whatever it is. The request's
   * own signal also ends the wait for a token, as in {@link TokenManager.accessToken}.
   */
  call(key: string, request: Request): Promise<Response>;
  /** Refreshes now, though nothing asks for it. */
  refresh(key: string): Promise<void>;
  /** Takes over the tokens of a finished consent, in place of what was stored. */
  adopt(key: string, tokens: TokenSet): Promise<void>;
  /** Forgets a grant; with `revoke`, tells the bank first. */
  forget(key: string, options?: { readonly revoke?: boolean }): Promise<void>;
  /**
   * One tick of the schedule: refreshes, one after the other and in the spare half of the rate budget, every grant
   * whose refresh token is past half of its life; those nearest to their end first. Call it some times a day. What one
   * grant fails with stands in the report; it rejects where the store cannot list its keys.
   */
  keepAlive(): Promise<KeepAliveReport>;
  status(key: string): Promise<GrantStatus | null>;
}

/**
 * A token manager over a store. Several processes may share the store; each has its own part of the rate limit.
 *
 * @example
 * ```ts
 * const manager = createTokenManager({
 *   client: bank,
 *   store: createFileTokenStore('/var/lib/app/grants'),
 *   authorizationUrl: (key) => `https://app.example/connect?customer=${encodeURIComponent(key)}`,
 * });
 * await manager.adopt('customer-1', await bank.finishAuthorization(callback, transaction));
 * setInterval(() => manager.keepAlive().then(console.info, console.error), 6 * 3_600_000);
 * const request = bank.apiRequest('/pj/apibanking/forintegration/v2/contascorrentes/saldo');
 * const balance = await manager.call('customer-1', request);
 * ```
 */
export function createTokenManager(options: TokenManagerOptions): TokenManager {
  const { client, store, clock = systemClock, sleep = systemSleep, claimMs = 60_000 } = options;
  const lifetimeMs = (options.refreshTokenLifetimeSeconds ?? client.profile.refreshTokenLifetimeSeconds) * 1000;
  const refresher = createGrantRefresher({ client, store, clock, sleep, claimMs });
  const flights = createSingleFlight<RefreshResult>();
  const ticks = createSingleFlight<KeepAliveReport>();
  // Fresh tokens that the API rejects all the same (not provisioned, wrong environment): another refresh would not help.
  const hopeless = new Map<string, { readonly accessToken: string; readonly until: number }>();

  function isHopeless(key: string, accessToken: string): boolean {
    const known = hopeless.get(key);
    return known?.accessToken === accessToken && clock() < known.until;
  }

  const dueAt = (key: string, grant: GrantRecord) => keepAliveDueAt(key, grant, lifetimeMs, options.keepAliveAfter);

  async function load(key: string): Promise<GrantRecord> {
    const stored = await store.load(key);
    if (stored === null) throw new GrantUnknownError(key);
    return stored.value;
  }

  /** The grant once `isEnough` holds, with at most one refresh of our own. */
  async function renewed(key: string, isEnough: (grant: GrantRecord) => boolean): Promise<RefreshResult> {
    for (;;) {
      const { result, joined } = await flights.run(key, () => refresher.refresh(key, isEnough));
      // The flight that was joined may have had less in mind.
      if (!joined || result.kind === 'consent-required' || isEnough(result.grant)) return result;
    }
  }

  async function usableGrant(key: string, rejected: string | null): Promise<GrantRecord> {
    const isUsable = (grant: GrantRecord) =>
      grant.status === 'active' &&
      grant.tokens.accessToken !== rejected &&
      clock() < accessTokenUsableUntil(grant.tokens);
    const stored = await load(key);
    if (isUsable(stored)) return stored;
    try {
      return await granted(key, await renewed(key, isUsable));
    } catch (error) {
      // The margin is ours: until the token really expires it may be used, if no better one can be had.
      const isAlive = stored.status === 'active' && clock() < (stored.tokens.accessTokenExpiresAt ?? Infinity);
      if (error instanceof RefreshUnavailableError && isAlive && stored.tokens.accessToken !== rejected) return stored;
      throw error;
    }
  }

  async function granted(key: string, result: RefreshResult): Promise<GrantRecord> {
    if (result.kind === 'usable') return result.grant;
    const reason = result.grant.reason ?? 'refresh-refused';
    throw new ConsentRequiredError(key, reason, await options.authorizationUrl(key));
  }

  async function tick(): Promise<KeepAliveReport> {
    const refreshed: string[] = [];
    const consentRequired: string[] = [];
    const failed: { key: string; code: string }[] = [];
    let notDue = 0;
    const due: { key: string; grant: GrantRecord }[] = [];
    for (const key of await store.list()) {
      try {
        const grant = (await store.load(key))?.value;
        if (grant?.status === 'active' && dueAt(key, grant) <= clock()) due.push({ key, grant });
        else notDue += 1;
      } catch (error) {
        failed.push({ key, code: codeOf(error) });
      }
    }
    due.sort((a, b) => a.grant.refreshTokenIssuedAt - b.grant.refreshTokenIssuedAt);
    for (const { key, grant } of due) {
      // Users go first, except before a grant that would die of waiting.
      if (clock() < grant.refreshTokenIssuedAt + lifetimeMs * 0.8) await client.rateBudget.room();
      try {
        const result = await renewed(key, (current) => current.tokens.accessToken !== grant.tokens.accessToken);
        (result.kind === 'usable' ? refreshed : consentRequired).push(key);
      } catch (error) {
        failed.push({ key, code: codeOf(error) });
      }
    }
    return { refreshed, consentRequired, failed, notDue };
  }

  return {
    async accessToken(key, { signal } = {}) {
      const usable = () => usableGrant(key, null);
      return (await (signal === undefined ? usable() : unlessAborted(signal, usable))).tokens.accessToken;
    },

    async call(key, request) {
      const { signal } = request;
      const first = (await unlessAborted(signal, () => usableGrant(key, null))).tokens.accessToken;
      const repeatable = request.clone();
      const response = await client.call(first, request);
      if (!(await client.isAccessTokenRejected(response)) || isHopeless(key, first)) return response;
      const second = (await unlessAborted(signal, () => usableGrant(key, first))).tokens.accessToken;
      const again = await client.call(second, repeatable);
      if (!(await client.isAccessTokenRejected(again))) hopeless.delete(key);
      else hopeless.set(key, { accessToken: second, until: clock() + 60_000 });
      return again;
    },

    async refresh(key) {
      const { tokens } = await load(key);
      await granted(key, await renewed(key, (grant) => grant.tokens.accessToken !== tokens.accessToken));
    },

    async adopt(key, tokens) {
      const grant = grantOfConsent(tokens);
      await untilNoConflict(async () => store.save(key, grant, (await store.load(key))?.version ?? null));
      hopeless.delete(key);
    },

    async forget(key, { revoke = false } = {}) {
      await untilNoConflict(async () => {
        const stored = await store.load(key);
        if (stored === null) return;
        const { refreshToken, accessToken } = stored.value.tokens;
        if (revoke && refreshToken !== null) await client.revoke(refreshToken);
        else if (revoke) await client.revoke(accessToken, 'access_token');
        await store.remove(key, stored.version);
      });
      hopeless.delete(key);
    },

    async keepAlive() {
      return (await ticks.run('tick', tick)).result;
    },

    async status(key) {
      const grant = (await store.load(key))?.value;
      if (grant === undefined) return null;
      return {
        status: grant.status,
        scope: grant.tokens.scope,
        accessTokenExpiresAt: grant.tokens.accessTokenExpiresAt,
        refreshTokenExpiresAt: grant.refreshTokenIssuedAt + lifetimeMs,
        refreshDueAt: dueAt(key, grant),
      };
    },
  };
}
