import { HomologaError } from '../foundation/homologa-error.js';
import type { AuthorizationTransaction } from './authorization-request.js';
import { systemClock, type Clock } from './clock.js';

/**
 * Code `ERR_TRANSACTION_UNKNOWN`: no transaction of this session has this `state`: never started here, already used,
 * expired, or started in another browser. Which of them is not told, since a forged callback looks the same.
 */
export class TransactionUnknownError extends HomologaError {
  constructor() {
    super(
      'ERR_TRANSACTION_UNKNOWN',
      'Expected a callback that answers a consent started in this session, and not used or expired since. Start the consent again.',
    );
  }
}

/** Transactions waiting for their callback; each can be taken once. */
export interface TransactionStore {
  /** Remembers a transaction for the session of the user agent that goes to the bank. */
  put(sessionId: string, transaction: AuthorizationTransaction): void;
  /**
   * Gives the session's transaction of that `state` and forgets it, so that a repeated callback finds nothing
   * (RFC 9700 4.2.4). A wrong session or state consumes nothing: an attacker cannot spend a victim's transaction.
   *
   * @throws TransactionUnknownError `ERR_TRANSACTION_UNKNOWN`.
   */
  take(sessionId: string, state: string | null): AuthorizationTransaction;
}

/** Options of {@link createTransactionStore}. */
export interface TransactionStoreOptions {
  readonly clock?: Clock;
  /** How long a user may take at the bank. Default 15 minutes. */
  readonly lifetimeMs?: number;
  /** Most transactions held; the oldest makes room. Default 10 000. */
  readonly capacity?: number;
}

/**
 * A transaction store in memory, for one process. Several tabs of one session may each have a consent under way.
 *
 * @example
 * ```ts
 * const transactions = createTransactionStore();
 * const { url, transaction } = bank.startAuthorization();
 * transactions.put(session.id, transaction);
 * // at the callback
 * const tokens = await bank.finishAuthorization(request.url, transactions.take(session.id, query.get('state')));
 * ```
 */
export function createTransactionStore(options: TransactionStoreOptions = {}): TransactionStore {
  const { clock = systemClock, lifetimeMs = 15 * 60_000, capacity = 10_000 } = options;
  const waiting = new Map<string, AuthorizationTransaction>();
  const keyOf = (sessionId: string, state: string) => JSON.stringify([sessionId, state]);
  const isAlive = (transaction: AuthorizationTransaction) => clock() < transaction.createdAt + lifetimeMs;

  return {
    put(sessionId, transaction) {
      for (const [key, held] of waiting) {
        // A Map iterates in order of insertion, so the oldest come first.
        if (waiting.size < capacity && isAlive(held)) break;
        waiting.delete(key);
      }
      waiting.set(keyOf(sessionId, transaction.state), transaction);
    },
    take(sessionId, state) {
      const key = keyOf(sessionId, state ?? '');
      const transaction = waiting.get(key);
      waiting.delete(key);
      if (transaction === undefined || !isAlive(transaction)) throw new TransactionUnknownError();
      return transaction;
    },
  };
}
