import type { BankCall } from './bank-call.js';
import { isRefresh } from './bank-traffic.js';
import type { BankTraffic } from './bank-traffic.js';

/** The tokens that the bank gave for a grant, the newest last. */
export interface GrantTokens {
  readonly accessTokens: readonly string[];
  readonly refreshTokens: readonly string[];
}

/** What the bank gave for a grant so far, whole answers only. */
export function tokensOf(traffic: BankTraffic, grantId: string): GrantTokens {
  const answers = traffic.tokenRequestsOf(grantId).map(({ tokens }) => tokens);
  return {
    accessTokens: answers.flatMap((tokens) => tokens?.accessToken ?? []),
    refreshTokens: answers.flatMap((tokens) => tokens?.refreshToken ?? []),
  };
}

/** Requests to the API for a grant, also those that the bank did not get to look at. */
export function apiCallsOf(traffic: BankTraffic, grantId: string, from = 0): readonly BankCall[] {
  const { accessTokens } = tokensOf(traffic, grantId);
  return traffic.since(from).filter((call) => {
    const token = call.bearer ?? call.query.get('access_token');
    return call.endpoint === 'api' && token !== null && accessTokens.includes(token);
  });
}

/** Refreshes of a grant, also those that the bank did not get to look at. */
export function refreshesOf(traffic: BankTraffic, grantId: string, from = 0): readonly BankCall[] {
  const { refreshTokens } = tokensOf(traffic, grantId);
  return traffic.since(from).filter((call) => {
    const sent = call.form.get('refresh_token');
    return isRefresh(call) && (call.grantId === grantId || (sent !== null && refreshTokens.includes(sent)));
  });
}

/** Whether the bank gave its answer to a call of the API for this grant. */
export function wasAnswered(traffic: BankTraffic, grantId: string, from: number): boolean {
  return apiCallsOf(traffic, grantId, from).some(({ answer: { status } }) => status >= 200 && status < 300);
}
