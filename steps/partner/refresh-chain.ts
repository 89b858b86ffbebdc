import { grantTypeOf } from './bank-call.js';
import type { BankCall } from './bank-call.js';

/** The tokens that a grant gave last. */
export interface NewestTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/**
 * The tokens that follow from the token requests of one grant, in the order in which the bank answered them: a refresh
 * without a new refresh token leaves the one before. Null where none were given.
 */
export function newestTokens(requests: readonly BankCall[]): NewestTokens | null {
  const given = requests.flatMap(({ answer, tokens }) => (answer.status === 200 && tokens !== null ? [tokens] : []));
  const accessToken = given.findLast((tokens) => tokens.accessToken !== null)?.accessToken ?? null;
  const refreshToken = given.findLast((tokens) => tokens.refreshToken !== null)?.refreshToken ?? null;
  return accessToken === null || refreshToken === null ? null : { accessToken, refreshToken };
}

/** Whether a value stands anywhere in the body or the address of a request. */
export function mentions({ rawBody, url, form }: BankCall, value: string): boolean {
  return rawBody.includes(value) || url.href.includes(value) || [...form.values()].includes(value);
}

/** Whether the bank refused a code or refresh token for good. */
export function isRefused({ answer }: BankCall): boolean {
  return answer.status === 400 && /"invalid_grant"/.test(answer.body);
}

/** The first refresh that the bank refused because another refresh token than the newest was sent; null without one. */
export function refusedForItsAge(refreshes: readonly BankCall[], newest: string): BankCall | null {
  return refreshes.find((call) => isRefused(call) && call.form.get('refresh_token') !== newest) ?? null;
}

/** How many of these requests ask for tokens with a refresh token, by how the bank took them. */
export function tellRefreshes(requests: readonly BankCall[]): string {
  const refreshes = requests.filter((call) => grantTypeOf(call) === 'refresh_token');
  const given = refreshes.filter(({ answer }) => answer.status === 200).length;
  const tokens = new Set(refreshes.map((call) => call.form.get('refresh_token'))).size;
  if (refreshes.length === 0) return 'no refresh';
  const several = tokens === 1 ? '' : ` with ${String(tokens)} refresh tokens`;
  return `${times(refreshes.length, 'refresh', 'refreshes')}${several}, ${String(given)} of them granted`;
}

/** A number of things, in words that fit. */
export function times(count: number, one: string, many: string): string {
  return count === 1 ? `one ${one}` : `${count === 0 ? 'no' : String(count)} ${many}`;
}
