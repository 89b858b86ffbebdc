import type { BankCall } from './bank-call.js';
import type { BankTraffic } from './bank-traffic.js';

/** What looks like an access token in an answer that is no whole JSON: all of it, or its beginning; null without one. */
export function tokenPartIn(body: string): string | null {
  return /"access_token"\s*:\s*"([^"]+)/.exec(body)?.[1] ?? null;
}

/**
 * Calls of the API with something that the bank never gave as a token, or with nothing; `parts` are tokens that could be
 * read only from a broken answer.
 */
export function callsWithoutToken(
  calls: readonly BankCall[],
  traffic: BankTraffic,
  parts: readonly string[],
): readonly BankCall[] {
  const given = new Set(traffic.calls.flatMap(({ tokens }) => tokens?.accessToken ?? []));
  return calls.filter((call) => {
    const sent = call.bearer ?? call.query.get('access_token');
    return call.endpoint === 'api' && (sent === null || !given.has(sent) || parts.includes(sent));
  });
}
