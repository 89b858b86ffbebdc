import { HomologaError } from '../foundation/homologa-error.js';
import type { GrantRecord } from '../client/grant-record.js';

/** Thrown where somebody else uses the kept grant; `cause` is `{ host, pid, until }`, `until` in epoch ms. */
export class GrantInUseError extends HomologaError {
  constructor(target: string, { host, pid, until }: NonNullable<GrantRecord['lease']>) {
    super(
      'ERR_GRANT_IN_USE',
      `The kept tokens of ${target} are in use by process ${String(pid)} of ${host}. Let that run end, or stop it; ` +
        `one that died there lets go at ${new Date(until).toISOString()} at the latest.`,
      { cause: { host, pid, until } },
    );
  }
}

/** Thrown where the kept tokens are of no use any more; `cause` is `{ reason }`. Only a person can help. */
export class ConsentNeededError extends HomologaError {
  constructor(
    target: string,
    readonly reason: NonNullable<GrantRecord['reason']>,
  ) {
    const why = {
      'refresh-answer-lost': 'the refresh was interrupted, and the bank takes the old refresh token no more',
      'refresh-refused': 'the bank takes the refresh token no more',
      'no-refresh-token': 'the bank gave no refresh token',
    }[reason];
    super(
      'ERR_CONSENT_NEEDED',
      `The kept tokens of ${target} are lost: ${why}; a new consent is needed: homologa login --target ${target} ` +
        '(with --forget to do without kept tokens).',
      { cause: { reason } },
    );
  }
}

/**
 * Thrown for kept tokens that cannot be used for now; nothing says that they are lost, unless the message does.
 *
 * - `ERR_GRANT_UNCERTAIN`: the bank gave no clear answer to a refresh;
 * - `ERR_GRANT_TAKEN_OVER`: this process rested for so long that another took the tokens over;
 * - `ERR_GRANT_NOT_KEPT`: the store does not take the tokens.
 */
export class KeptGrantError extends HomologaError {
  constructor(
    code: 'ERR_GRANT_UNCERTAIN' | 'ERR_GRANT_TAKEN_OVER' | 'ERR_GRANT_NOT_KEPT',
    message: string,
    cause: unknown = null,
  ) {
    super(code, message, { cause });
  }
}

/** What a store of tokens threw, as it is told. */
export function storeFailure(target: string, error: unknown): HomologaError {
  if (error instanceof HomologaError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const advice = 'Make it usable, or name another in tokenStore of the target file.';
  return new KeptGrantError(
    'ERR_GRANT_NOT_KEPT',
    `The store of the tokens of ${target} fails: ${why}. ${advice}`,
    error,
  );
}
