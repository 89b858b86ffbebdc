import type { BankCall } from './bank-call.js';
import { isRefresh } from './bank-traffic.js';
import type { PartnerSetup } from './verify-file.js';

/**
 * Why nothing that is wrong with an id_token matters to an application; null where it does. Who sends a nonce or
 * max_age asks for something that only the id_token answers.
 */
export function whyIdTokensAreIgnored(
  declared: PartnerSetup['idToken'],
  authorizationRequest: URLSearchParams,
): string | null {
  if (declared === 'ignored') return 'the file says idToken: ignored, so the application believes no id_token';
  const asks = ['nonce', 'max_age'].some((name) => (authorizationRequest.get(name) ?? '') !== '');
  if (declared === 'used' || asks) return null;
  return 'the application sent neither nonce nor max_age, and the file does not say idToken: used';
}

/** An answer of the token endpoint with an id_token that is not as it should be. */
export interface WrongAnswer {
  readonly call: Pick<BankCall, 'number' | 'tokens'>;
  readonly grantId: string;
  /** A refresh leaves the rest of the grant as good as it was; a redemption that is refused leaves no grant. */
  readonly kind: 'redemption' | 'refresh';
}

/** How the tokens of an answer were used after it, in a few words; null where they were not. */
export function useOf(calls: readonly BankCall[], { call, grantId, kind }: WrongAnswer): string | null {
  const accessToken = call.tokens?.accessToken ?? null;
  const later = calls.filter(({ number }) => number > call.number);
  const isUse = (seen: BankCall): boolean =>
    seen.endpoint === 'api' &&
    accessToken !== null &&
    (seen.bearer === accessToken || seen.query.get('access_token') === accessToken);
  if (later.some(isUse)) return 'the API was called with the access token';
  // Revoking such a grant is wise; living on its refresh token is to be connected by it.
  const refreshed = later.some((seen) => isRefresh(seen) && seen.grantId === grantId);
  return kind === 'redemption' && refreshed ? 'they were refreshed' : null;
}

type Answered = Pick<BankCall, 'answeredAtMs'>;

/**
 * How long a customer whose tokens were not used goes on calling, in ms. A worker may still be busy with them: it gets
 * three times what the control took from the tokens to their use.
 */
export function useWithinMs(control: {
  readonly redemption: Answered | null;
  readonly apiCall: Answered | null;
}): number {
  const usual = (control.apiCall?.answeredAtMs ?? 0) - (control.redemption?.answeredAtMs ?? 0);
  return Math.min(600, Math.max(50, 3 * usual));
}
