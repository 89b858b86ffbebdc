import type { RecordedExchange } from '../../mock-server/journal/journal.js';
import { grantTypeOf, readBankCall } from './bank-call.js';
import type { BankCall } from './bank-call.js';

/**
 * Everything that reached the bank in a run, in the order in which it was answered. Checks judge by what is in here:
 * by artifacts (this code, this token), never by silence alone.
 */
export class BankTraffic {
  readonly #calls: BankCall[] = [];
  readonly #waiting = new Set<() => void>();

  /** Takes what the mock recorded. */
  readonly record = (exchange: RecordedExchange): void => {
    this.#calls.push(readBankCall(exchange, this.#calls.length, Date.now()));
    for (const look of [...this.#waiting]) look();
  };

  get calls(): readonly BankCall[] {
    return this.#calls;
  }

  /** The number that the next request will have: what comes later has this one or a higher one. */
  get next(): number {
    return this.#calls.length;
  }

  since(number: number): readonly BankCall[] {
    return this.#calls.slice(number);
  }

  /** Token requests that send this code. */
  redemptionsOf(code: string): readonly BankCall[] {
    return this.#calls.filter((call) => isTokenRequest(call) && call.form.get('code') === code);
  }

  /** Token requests that send this refresh token. */
  refreshesWith(refreshToken: string): readonly BankCall[] {
    return this.#calls.filter((call) => isTokenRequest(call) && call.form.get('refresh_token') === refreshToken);
  }

  /** Requests to the bank's API with this access token, wherever it stands in them. */
  usesOf(accessToken: string): readonly BankCall[] {
    return this.#calls.filter(
      (call) =>
        call.endpoint === 'api' && (call.bearer === accessToken || call.query.get('access_token') === accessToken),
    );
  }

  /** Every token request of a grant: its redemption and its refreshes, also those that were refused. */
  tokenRequestsOf(grantId: string): readonly BankCall[] {
    return this.#calls.filter((call) => isTokenRequest(call) && call.grantId === grantId);
  }

  /**
   * The first call that fits, as soon as it is there; null when none came in time. `from` leaves out what came before
   * that number.
   */
  async until(fits: (call: BankCall) => boolean, withinMs: number, from = 0): Promise<BankCall | null> {
    const find = (): BankCall | undefined => this.#calls.slice(from).find(fits);
    const there = find();
    if (there !== undefined) return there;
    return new Promise((resolve) => {
      const end = (found: BankCall | null): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const look = (): void => {
        const found = find();
        if (found !== undefined) end(found);
      };
      const timer = setTimeout(() => end(null), withinMs);
      this.#waiting.add(look);
    });
  }
}

/** Whether a call asks the token endpoint for tokens. */
export function isTokenRequest(call: BankCall): boolean {
  return call.endpoint === 'token' && call.method === 'POST';
}

/** Whether a call is a refresh. */
export function isRefresh(call: BankCall): boolean {
  return grantTypeOf(call) === 'refresh_token';
}
