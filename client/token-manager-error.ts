import { HomologaError } from '../foundation/homologa-error.js';

/**
 * Why a consent ended: the bank refused the refresh token; it refused it after an earlier answer was lost (the bank
 * had rotated, and nobody has the successor); or the grant never had one.
 */
export type ConsentLossReason = 'refresh-refused' | 'refresh-answer-lost' | 'no-refresh-token';

/**
 * `ERR_CONSENT_REQUIRED`: this grant is over; only the user can make a new one, at `authorizationUrl`. No more
 * requests are sent for it until `adopt`. `cause` is `{ key, reason }`.
 */
export class ConsentRequiredError extends HomologaError {
  constructor(
    readonly key: string,
    readonly reason: ConsentLossReason,
    /** Where to send the user, from the manager's `authorizationUrl` callback. */
    readonly authorizationUrl: string,
  ) {
    super(
      'ERR_CONSENT_REQUIRED',
      `The consent of grant "${key}" must be renewed (${reason}). Send the user to authorizationUrl.`,
      {
        cause: { key, reason },
      },
    );
  }
}

/**
 * `ERR_GRANT_UNKNOWN`: no grant is stored under this key. Adopt the tokens of a consent first. `cause` is `{ key }`.
 */
export class GrantUnknownError extends HomologaError {
  constructor(readonly key: string) {
    super(
      'ERR_GRANT_UNKNOWN',
      `Expected a grant stored as "${key}", there is none. Finish a consent and adopt its tokens.`,
      {
        cause: { key },
      },
    );
  }
}

/**
 * `ERR_REFRESH_UNAVAILABLE`: no new token for now, but the consent is not known to be lost: the bank is down,
 * unreachable or over its limit, or the last attempt was moments ago. `cause` is `{ key, failure }` with the code of
 * what happened.
 */
export class RefreshUnavailableError extends HomologaError {
  constructor(
    readonly key: string,
    failure: string,
    readonly retryAfterSeconds: number,
  ) {
    super(
      'ERR_REFRESH_UNAVAILABLE',
      `No new access token for grant "${key}" (${failure}). Try again in ${String(retryAfterSeconds)} s; the consent still stands.`,
      { cause: { key, failure, retryAfterSeconds } },
    );
  }
}
