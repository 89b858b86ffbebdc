import { randomUUID } from 'node:crypto';
import type { BankClient } from './bank-client.js';
import type { Clock, Sleep } from './clock.js';
import { grantAfterRefresh } from './grant-record.js';
import type { GrantRecord } from './grant-record.js';
import { RateBudgetError } from './rate-budget.js';
import { codeOf, refreshFailureKind } from './refresh-outcome.js';
import { restAfterFailureMs } from './refresh-schedule.js';
import { TokenEndpointError } from './token-endpoint-error.js';
import { GrantUnknownError, RefreshUnavailableError, type ConsentLossReason } from './token-manager-error.js';
import { TokenStoreConflictError, type StoredGrant, type TokenStore } from './token-store.js';

/** What {@link createGrantRefresher} works with. */
export interface GrantRefreshContext {
  readonly client: BankClient;
  readonly store: TokenStore;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /**
   * How long another process's refresh is waited for before it counts as dead. Longer than the transport's time-out.
   */
  readonly claimMs: number;
}

/** A record that satisfies the caller, or one whose consent is over. */
export type RefreshResult = { readonly kind: 'usable' | 'consent-required'; readonly grant: GrantRecord };

const pollMs = 250;
const settleMs = 2_000;
const longestWaitMs = 120_000;
const repetitions = { 'not-processed': 2, 'rate-limited': 3, 'answer-lost': 1 } as const;

/**
 * Refreshes one grant against the store that all processes share.
 *
 * Before a refresh is sent, a claim is saved by compare-and-swap: other processes wait for the claimant instead of
 * spending the same refresh token, and after a crash the claim tells that an answer may be lost. The new tokens are
 * saved before anybody gets them.
 *
 * A lost answer is followed by exactly one more attempt with the old token, which is all that can help: if the bank
 * never saw the first, it works; if it rotated, both banks refuse, and the consent is over. On `invalid_grant` the
 * store is read again before anything is concluded: another process may hold the successor.
 */
export function createGrantRefresher(context: GrantRefreshContext) {
  const { client, store, clock, sleep, claimMs } = context;
  const me = randomUUID();
  // Tokens that the bank gave and the store did not take (a full disk): they must not be lost, nor used.
  const unsaved = new Map<string, { consumed: GrantRecord; next: GrantRecord; version: number }>();

  /** The grant, refreshed unless `isEnough` already holds for what is stored. */
  async function refresh(key: string, isEnough: (grant: GrantRecord) => boolean): Promise<RefreshResult> {
    for (;;) {
      const left = unsaved.get(key);
      if (left !== undefined) await saveSuccessor(key, left.consumed, left.next, left.version);
      const stored = await load(key);
      const grant = stored.value;
      if (grant.status === 'consent-required') return { kind: 'consent-required', grant };
      if (isEnough(grant)) return { kind: 'usable', grant };
      if (grant.tokens.refreshToken === null) {
        const over = await endConsent(key, stored, 'no-refresh-token');
        if (over !== null) return over;
        continue;
      }
      respectRest(key, grant);
      if (await waitForOthers(grant)) continue;
      const result = await attempt(key, stored);
      if (result !== null) return result;
    }
  }

  async function load(key: string): Promise<StoredGrant> {
    const stored = await store.load(key);
    if (stored === null) throw new GrantUnknownError(key);
    return stored;
  }

  function respectRest(key: string, { failure }: GrantRecord): void {
    const restMs = (failure?.notBefore ?? 0) - clock();
    if (failure !== null && restMs > 0) throw new RefreshUnavailableError(key, failure.code, Math.ceil(restMs / 1000));
  }

  /** True after a wait for another process's refresh: look again. A claim of our own is left over from a failure. */
  async function waitForOthers({ refreshing }: GrantRecord): Promise<boolean> {
    if (refreshing === null || refreshing.by === me) return false;
    const remaining = refreshing.startedAt + claimMs - clock();
    if (remaining <= 0) return false;
    await sleep(Math.min(pollMs, remaining));
    return true;
  }

  /**
   * One refresh with its permitted repetitions; null when the store changed meanwhile and all must be decided again.
   */
  async function attempt(key: string, stored: StoredGrant): Promise<RefreshResult | null> {
    const grant = stored.value;
    const used = { 'not-processed': 0, 'rate-limited': 0, 'answer-lost': 0 };
    let answerLost = grant.failure?.answerLost === true || grant.refreshing !== null;
    let { version } = stored;
    const beforeSend = async () => {
      const failure = answerLost
        ? (grant.failure ?? { code: 'ERR_UNEXPECTED', attempts: 0, notBefore: 0, answerLost })
        : null;
      const claim = {
        ...grant,
        refreshing: { by: me, startedAt: clock() },
        failure: failure && { ...failure, answerLost },
      };
      ({ version } = await store.save(key, claim, version));
    };
    for (;;) {
      try {
        const tokens = await client.refresh(grant.tokens, { beforeSend });
        return { kind: 'usable', grant: await saveSuccessor(key, grant, grantAfterRefresh(grant, tokens), version) };
      } catch (error) {
        if (error instanceof TokenStoreConflictError) return null;
        const kind = refreshFailureKind(error);
        switch (kind) {
          case 'refused':
            if (grant.refreshing !== null && grant.refreshing.by !== me) await sleep(settleMs);
            return endConsent(key, { value: grant, version }, answerLost ? 'refresh-answer-lost' : 'refresh-refused');
          case 'budget':
            throw new RefreshUnavailableError(
              key,
              codeOf(error),
              error instanceof RateBudgetError ? error.retryAfterSeconds : 60,
            );
          case 'not-processed':
          case 'rate-limited':
          case 'answer-lost': {
            answerLost ||= kind === 'answer-lost';
            used[kind] += 1;
            const waitMs = kind === 'rate-limited' ? retryAfterMs(error, 60_000) : 500 * 2 ** used[kind];
            if (used[kind] > repetitions[kind] || waitMs > longestWaitMs) {
              throw await rest(key, grant, version, error, answerLost);
            }
            await sleep(waitMs);
            continue;
          }
          case 'unusable':
          case 'misconfigured':
            await rest(key, grant, version, error, answerLost || kind === 'unusable');
            throw error;
          case 'internal':
            throw error;
        }
      }
    }
  }

  /**
   * Saves the tokens that followed from `consumed`. A conflict is no reason to drop them: while the store still
   * holds the grant that they came from (a claim or a mark was added), they are its newest. They give way to a new
   * consent and to tokens that were asked for later.
   */
  async function saveSuccessor(
    key: string,
    consumed: GrantRecord,
    next: GrantRecord,
    version: number,
  ): Promise<GrantRecord> {
    let ifVersion = version;
    for (;;) {
      try {
        await store.save(key, next, ifVersion);
        unsaved.delete(key);
        return next;
      } catch (error) {
        if (!(error instanceof TokenStoreConflictError)) {
          unsaved.set(key, { consumed, next, version: ifVersion });
          throw error;
        }
      }
      unsaved.delete(key);
      const current = await load(key);
      const isOtherConsent = current.value.grantId !== consumed.grantId;
      const isNewer =
        current.value.tokens.accessToken !== consumed.tokens.accessToken &&
        current.value.tokens.requestedAt >= next.tokens.requestedAt;
      if (isOtherConsent || isNewer) return current.value;
      ifVersion = current.version;
    }
  }

  /** Marks the consent as over, unless the store has changed; then null. */
  async function endConsent(
    key: string,
    stored: StoredGrant,
    reason: ConsentLossReason,
  ): Promise<RefreshResult | null> {
    const grant: GrantRecord = { ...stored.value, status: 'consent-required', reason, refreshing: null, failure: null };
    try {
      await store.save(key, grant, stored.version);
      return { kind: 'consent-required', grant };
    } catch (error) {
      if (error instanceof TokenStoreConflictError) return null;
      throw error;
    }
  }

  /** Records a failure that settled nothing, and until when the grant rests. */
  async function rest(key: string, grant: GrantRecord, version: number, error: unknown, answerLost: boolean) {
    const attempts = (grant.failure?.attempts ?? 0) + 1;
    const restMs = Math.max(retryAfterMs(error, 0), restAfterFailureMs(attempts));
    const failure = { code: codeOf(error), answerLost, attempts, notBefore: clock() + restMs };
    try {
      await store.save(key, { ...grant, refreshing: null, failure }, version);
    } catch (conflict) {
      if (!(conflict instanceof TokenStoreConflictError)) throw conflict;
    }
    return new RefreshUnavailableError(key, failure.code, Math.ceil(restMs / 1000));
  }

  return { refresh };
}

function retryAfterMs(error: unknown, otherwise: number): number {
  const seconds = error instanceof TokenEndpointError ? error.retryAfterSeconds : null;
  return seconds === null ? otherwise : seconds * 1000;
}
