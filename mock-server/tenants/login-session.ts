import type { BankId } from '../banks/bank-id.js';
import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import type { SecondFactorKind } from './second-factor.js';

/** What the user has to do next. `over` once a decision was sent to the partner, or the session was ended. */
export type LoginStep = 'login' | 'scopes' | 'consent' | 'company' | 'second-factor' | 'over';

/** One authorization request on its way through the bank's pages. */
export interface LoginSession {
  readonly id: string;
  readonly bank: BankId;
  readonly clientId: string;
  readonly request: AuthorizationRequest;
  /** The bank's own base URL, where the request came by one of its own hosts. */
  readonly bankUrl?: string;
  readonly startedAtMs: number;
  /** Bound to the browser by a cookie when the first page is shown; forms carry it back. */
  readonly csrfToken: string;
  step: LoginStep;
  username: string | null;
  authenticatedAtMs: number | null;
  grantedScope: readonly string[];
  company: string | null;
  factor: SecondFactorKind | null;
  wrongTokens: number;
}

const sessionLimit = 20_000;

/** The login sessions of one tenant; the oldest go first when there are too many. */
export class LoginSessions {
  readonly #sessions = new Map<string, LoginSession>();

  find(id: string): LoginSession | undefined {
    return this.#sessions.get(id);
  }

  put(session: LoginSession): void {
    if (this.#sessions.size >= sessionLimit) {
      const oldest = this.#sessions.keys().next();
      if (oldest.done !== true) this.#sessions.delete(oldest.value);
    }
    this.#sessions.set(session.id, session);
  }

  clear(): void {
    this.#sessions.clear();
  }
}
