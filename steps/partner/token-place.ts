import type { BankCall } from './bank-call.js';

/** Where an access token stands in a request to the bank, beside the `Authorization` header as Bearer. */
export interface TokenPlace {
  readonly isBearer: boolean;
  readonly elsewhere: readonly string[];
}

/** Where a request has this token; null where it has it nowhere. */
export function placeOfToken(call: BankCall, token: string): TokenPlace | null {
  const isBearer = call.bearer === token;
  const written = [token, encodeURIComponent(token)];
  const holds = (text: string): boolean => written.some((form) => text.includes(form));
  const headers = [...call.headers]
    .filter(([name, value]) => holds(value) && !(name === 'authorization' && isBearer))
    .map(([name]) => (name === 'authorization' ? 'the Authorization header, not as Bearer' : `the header ${name}`));
  const elsewhere = [
    ...headers,
    ...(holds(call.url.search) ? ['the query'] : []),
    ...(holds(call.url.pathname) ? ['the path'] : []),
    ...(holds(call.rawBody) ? ['the body'] : []),
  ];
  return isBearer || elsewhere.length > 0 ? { isBearer, elsewhere } : null;
}
