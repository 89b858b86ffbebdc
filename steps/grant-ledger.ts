import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../client/clock.js';
import type { Clock } from '../client/clock.js';
import { grantOfConsent } from '../client/grant-record.js';
import type { GrantRecord } from '../client/grant-record.js';
import type { HttpTransport } from '../client/http-transport.js';
import { codeOf } from '../client/refresh-outcome.js';
import type { TokenSet } from '../client/token-set.js';
import { TokenStoreConflictError } from '../client/token-store.js';
import type { StoredGrant, TokenStore } from '../client/token-store.js';
import { TransportError } from '../client/transport-error.js';
import { HarnessFault } from './check-failure.js';
import { endHolder, isHeldByOther, leaseMs, leaseOf, newHolder } from './grant-lease.js';
import { inDoubt, successor } from './grant-settlement.js';
import { GrantInUseError, KeptGrantError, storeFailure } from './kept-grant-error.js';
import { readTokenAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';

/** What a ledger is of. */
export interface GrantLedgerOptions {
  readonly store: TokenStore;
  readonly key: string;
  /** What messages call the target. */
  readonly target: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint: string | null;
  /** True where no scenario may end the grant: requests that would are a fault of the scenario's tag. */
  readonly isProtected: boolean;
  readonly clock?: Clock;
}

/**
 * Keeps the books of one grant at the transport, whoever sends: a token request that carries the grant's refresh token is
 * written down as under way before it is sent, and new tokens are stored before the answer is handed on. One holder at
 * a time: see {@link GrantLedger.hold}.
 */
export interface GrantLedger {
  /** As it was last read or written; null where there is none. */
  readonly grant: GrantRecord | null;
  /**
   * Reads the grant and takes it for this process alone, until {@link release}.
   *
   * @throws GrantInUseError (`ERR_GRANT_IN_USE`) where another living process has it
   */
  hold(): Promise<GrantRecord | null>;
  /** Lets others have it. */
  release(): Promise<void>;
  /** Takes the tokens of a new consent in place of what was kept. */
  adopt(tokens: TokenSet): Promise<void>;
  /** Notes that the grant is over. */
  lose(reason: NonNullable<GrantRecord['reason']>): Promise<void>;
  /** Forgets the grant; whether there was one. */
  forget(): Promise<boolean>;
  guard(transport: HttpTransport): HttpTransport;
}

const saveAttempts = 3;

export function createGrantLedger(options: GrantLedgerOptions): GrantLedger {
  const { store, key, target, tokenEndpoint, revocationEndpoint, isProtected, clock = systemClock } = options;
  const holder = newHolder();
  const spent = new Set<string>();
  let stored: StoredGrant | null = null;
  let isHeld = false;
  let heartbeat: NodeJS.Timeout | null = null;
  /** Tokens that the bank gave and the store did not take. */
  let isUnsaved = false;
  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other: whoever carries the refresh token must know what became of it before. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work, work);
    turn = result.catch(() => undefined);
    return result;
  }

  async function save(next: GrantRecord): Promise<void> {
    const value = { ...next, lease: isHeld ? leaseOf(holder, clock()) : null };
    try {
      const { version } = await store.save(key, value, stored?.version ?? null);
      stored = { value, version };
      isUnsaved = false;
    } catch (error) {
      if (error instanceof TokenStoreConflictError && stored === null) {
        const problem = `Another login kept tokens of ${target} in the meantime; those are kept, and the ones of this login are not.`;
        throw new KeptGrantError('ERR_GRANT_TAKEN_OVER', problem, error);
      }
      if (error instanceof TokenStoreConflictError) {
        const problem = `This run rested for so long that another took over the kept tokens of ${target}. Run it again.`;
        throw new KeptGrantError('ERR_GRANT_TAKEN_OVER', problem, error);
      }
      throw storeFailure(target, error);
    }
  }

  const load = (): Promise<StoredGrant | null> =>
    store.load(key).catch((error: unknown) => {
      throw storeFailure(target, error);
    });

  /** New tokens are not dropped for a conflict or a store that fails for a moment: they are the grant's newest. */
  async function saveTokens(consumed: GrantRecord, next: GrantRecord): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await save(next);
        return;
      } catch (error) {
        if (isTakenOver(error)) {
          const current = await load();
          const isSuccessor = current?.value.tokens.refreshToken !== consumed.tokens.refreshToken;
          if (current === null || current.value.grantId !== consumed.grantId || isSuccessor) throw error;
          stored = current;
        } else if (attempt >= saveAttempts) {
          if (stored !== null) stored = { ...stored, value: next };
          isUnsaved = true;
          const problem = `The store does not take the new tokens of ${target}; when this run ends they are lost.`;
          throw new KeptGrantError('ERR_GRANT_NOT_KEPT', problem, error);
        } else {
          await wait(200 * attempt);
        }
      }
    }
  }

  function beat(): void {
    if (!isHeld) return;
    heartbeat ??= setInterval(() => {
      // Whoever uses the grant next is told what is wrong.
      void inTurn(async () => (stored === null ? undefined : save(stored.value))).catch(() => undefined);
    }, leaseMs / 3).unref();
  }

  async function settled(grant: GrantRecord, requestedAt: number, answer: TokenAnswer): Promise<void> {
    const { accessToken, refreshToken, error, http } = answer;
    const isSuccess = http.status >= 200 && http.status < 300;
    if (isSuccess && accessToken !== null) {
      const next = successor(grant, requestedAt, { ...answer, accessToken });
      if (refreshToken !== null && refreshToken !== grant.tokens.refreshToken) {
        spent.add(grant.tokens.refreshToken ?? '');
      }
      await saveTokens(grant, next);
      return;
    }
    // A success that cannot be read, or a bank that broke: it may have rotated the token.
    if ((isSuccess && error === null) || http.status >= 500) await save(inDoubt(grant, 'ERR_TOKEN_ANSWER_LOST'));
    else await save({ ...grant, refreshing: null });
  }

  /** Carries out a request with the grant's refresh token in it. */
  async function bookkept(grant: GrantRecord, request: Request, transport: HttpTransport): Promise<Response> {
    const requestedAt = clock();
    await save({ ...grant, refreshing: { by: holder, startedAt: requestedAt } });
    try {
      const response = await transport(request);
      const { status, headers } = response;
      const body = await response.clone().text();
      await settled(grant, requestedAt, readTokenAnswer({ status, headers, body }));
      return response;
    } catch (error) {
      if (error instanceof KeptGrantError) throw error;
      const isLost = !(error instanceof TransportError) || error.mayHaveBeenProcessed;
      await save(isLost ? inDoubt(grant, codeOf(error)) : { ...grant, refreshing: null });
      throw error;
    }
  }

  return {
    get grant() {
      return stored?.value ?? null;
    },
    hold: () =>
      inTurn(async () => {
        if (isHeld) return stored?.value ?? null;
        for (;;) {
          stored = await load();
          if (stored !== null && isHeldByOther(stored.value.lease, holder, clock())) {
            throw new GrantInUseError(target, stored.value.lease);
          }
          isHeld = true;
          if (stored === null) return null;
          const { value } = stored;
          // A refresh that nobody finished: whether the bank rotated the token only the next one shows.
          const found = value.refreshing === null ? value : inDoubt(value, 'ERR_REFRESH_INTERRUPTED');
          try {
            await save(found);
            beat();
            return found;
          } catch (error) {
            isHeld = false;
            if (!isTakenOver(error)) throw error;
          }
        }
      }),
    release: () =>
      inTurn(async () => {
        if (heartbeat !== null) clearInterval(heartbeat);
        heartbeat = null;
        const wasHeld = isHeld;
        isHeld = false;
        endHolder(holder);
        if (!wasHeld || stored === null) return;
        await save(stored.value).catch((error: unknown) => {
          // Taken over already, or a lease that ends by itself; only tokens must not be lost without a word.
          if (isUnsaved) throw error;
        });
      }),
    adopt: (tokens) =>
      inTurn(async () => {
        const { refreshToken } = stored?.value.tokens ?? {};
        if (typeof refreshToken === 'string') spent.add(refreshToken);
        await save(grantOfConsent(tokens));
        beat();
      }),
    lose: (reason) =>
      inTurn(async () => {
        if (stored === null) return;
        await save({ ...stored.value, status: 'consent-required', reason, refreshing: null, failure: null });
      }),
    forget: () =>
      inTurn(async () => {
        if (stored === null) return false;
        await store.remove(key, stored.version);
        stored = null;
        return true;
      }),
    guard: (transport) => async (request) => {
      if (request.method !== 'POST' || stored === null) return transport(request);
      const [address = ''] = request.url.split(/[?#]/);
      const isToken = address === tokenEndpoint;
      if (!isToken && address !== revocationEndpoint) return transport(request);
      const sent = `${request.url} ${await request.clone().text()}`;
      const carries = (token: string | null): boolean =>
        token !== null && token !== '' && (sent.includes(token) || sent.includes(encodeURIComponent(token)));
      const isOfGrant = (): boolean => {
        const { refreshToken = null, accessToken = null } = stored?.value.tokens ?? {};
        return carries(refreshToken) || carries(accessToken) || [...spent].some(carries);
      };
      if (!isOfGrant()) return transport(request);
      return inTurn(async () => {
        if (stored?.value.status === 'active' && isToken && carries(stored.value.tokens.refreshToken)) {
          return bookkept(stored.value, request, transport);
        }
        const mayEnd = isToken ? [...spent].some(carries) : isOfGrant();
        if (isProtected && mayEnd) throw new HarnessFault('A scenario that shares the kept grant would have ended it.');
        return transport(request);
      });
    },
  };
}

function isTakenOver(error: unknown): boolean {
  return error instanceof KeptGrantError && error.code === 'ERR_GRANT_TAKEN_OVER';
}
