import { HomologaError } from '../foundation/homologa-error.js';
import { IdTokenError } from './id-token-error.js';
import { RateBudgetError } from './rate-budget.js';
import { TokenEndpointError, TokenResponseError } from './token-endpoint-error.js';
import { TransportError } from './transport-error.js';

/**
 * What a failed refresh means for the grant.
 *
 * - `refused`: `invalid_grant`: this refresh token is over;
 * - `not-processed`: surely not acted upon: repeating is safe;
 * - `rate-limited`: the same, after a while;
 * - `answer-lost`: the bank may have rotated: the old token is all there is;
 * - `unusable`: tokens came and must not be used (a forged id_token): they are as good as lost, and repeating cannot
 *   help;
 * - `misconfigured`: refused for another reason (client, scope): the consent is not concerned;
 * - `budget`: not sent, the rate budget has no room;
 * - `internal`: nothing to do with the bank.
 */
export type RefreshFailureKind =
  'refused' | 'not-processed' | 'rate-limited' | 'answer-lost' | 'unusable' | 'misconfigured' | 'budget' | 'internal';

/** Classifies what a refresh rejected with. */
export function refreshFailureKind(error: unknown): RefreshFailureKind {
  if (error instanceof TransportError) return error.mayHaveBeenProcessed ? 'answer-lost' : 'not-processed';
  if (error instanceof RateBudgetError) return 'budget';
  if (error instanceof IdTokenError) return 'unusable';
  if (error instanceof TokenResponseError) return 'answer-lost';
  if (!(error instanceof TokenEndpointError)) return 'internal';
  if (error.code === 'ERR_TOKEN_RATE_LIMITED') return 'rate-limited';
  if (error.mayHaveBeenProcessed) return 'answer-lost';
  return error.error === 'invalid_grant' ? 'refused' : 'misconfigured';
}

/** The stable code of an error, for records and reports. */
export function codeOf(error: unknown): string {
  if (error instanceof TokenEndpointError) return error.error ?? error.code;
  return error instanceof HomologaError ? error.code : 'ERR_UNEXPECTED';
}
