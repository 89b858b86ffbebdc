import type { ApplicationRequest, PartnerSetup } from './verify-file.js';

/** What requests to the application have where the name of a customer belongs. */
export const customerPlaceholder = '${customer}';

/** Members of a bank whose requests may have the placeholder. */
export const membersWithCustomer: readonly string[] = ['login', 'connect', 'callApi', 'refreshNow', 'disconnect'];

/** A request as that customer makes it. Names need no escaping, neither in an address nor in a form nor in JSON. */
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
