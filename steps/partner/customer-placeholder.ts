import * as v from 'valibot';
import type { ApplicationRequest, PartnerSetup } from './verify-file.js';

/** What requests to the application have where the name of a customer belongs. */
export const customerPlaceholder = '${customer}';

/** Members of a bank whose requests may have the placeholder. */
export const membersWithCustomer: readonly string[] = ['login', 'connect', 'callApi', 'refreshNow', 'disconnect'];

/** Names of customers: they need no escaping wherever a request may have them. */
export const customersSchema = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.maxLength(100),
      v.regex(
        /^[A-Za-z0-9][A-Za-z0-9._@-]*$/,
        'a name of letters and digits, and . _ @ - between them, which an address and a body can have as it is',
      ),
    ),
  ),
  v.minLength(2, 'at least two names, since a check has two customers at once'),
  v.check((names) => new Set(names).size === names.length, 'each name once'),
);

/** A request as that customer makes it. */
export function asCustomer(request: ApplicationRequest, name: string): ApplicationRequest {
  const filled = (value: string): string => value.replaceAll(customerPlaceholder, name);
  const { method, url, headers, body } = request;
  return {
    method,
    url: filled(url),
    headers: Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, filled(value)])),
    body: body === null ? null : filled(body),
  };
}

/** Whether a request is another one for each customer. */
export function namesCustomer({ url, headers, body }: ApplicationRequest): boolean {
  return [url, ...Object.values(headers), body ?? ''].some((value) => value.includes(customerPlaceholder));
}

/**
 * As whom the file logs its customers in: `nobody` without a login; `one-user`: each as the same; `new-users`: each as
 * one who was never there; `users-in-turn`: as those whom `customers` lists, who come again with consents from before.
 */
export type LoginKind = 'nobody' | 'one-user' | 'new-users' | 'users-in-turn';

/** How the file logs customers in. A script gets the name, and is taken to use it where there are names to be had. */
export function loginKind({ login, customers }: Pick<PartnerSetup, 'login' | 'customers'>): LoginKind {
  if (login.script === null && login.requests.length === 0) return 'nobody';
  const usesName = login.requests.some(namesCustomer) || (login.script !== null && customers !== null);
  if (!usesName) return 'one-user';
  return customers === null ? 'new-users' : 'users-in-turn';
}

/** Whether the names of customers go anywhere. */
export function usesNames({ login, connect, callApi }: PartnerSetup): boolean {
  return login.script !== null || [...login.requests, connect, ...callApi].some(namesCustomer);
}

/** Where a document has the placeholder but must not, as a member's path; null where nowhere. */
export function strayPlaceholder(document: unknown, path: readonly string[] = []): string | null {
  if (typeof document === 'string') return document.includes(customerPlaceholder) ? path.join('.') : null;
  if (typeof document !== 'object' || document === null) return null;
  for (const [member, value] of Object.entries(document)) {
    const isOfBank = path.length === 0 || (path.length === 2 && path[0] === 'banks');
    const isScript = member === 'login' && typeof value === 'object' && value !== null && 'script' in value;
    if (isOfBank && membersWithCustomer.includes(member) && !isScript) continue;
    const found = strayPlaceholder(value, [...path, member]);
    if (found !== null) return found;
  }
  return null;
}
