import { isIP } from 'node:net';
import { getPublicSuffix } from 'tough-cookie';

/**
 * Which `SameSite` cookies a request may carry: `strict` all, `lax` all but Strict ones, `none` only `SameSite=None`
 * or unmarked ones.
 */
export type SameSiteContext = 'strict' | 'lax' | 'none';

/**
 * Scheme and registrable domain, which is what browsers call a site. IP addresses and single-label hosts such as
 * `localhost` are their own. Ports do not count.
 */
export function siteOf(url: URL): string {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isName = isIP(host) === 0 && host.includes('.');
  const registrable = isName
    ? (getPublicSuffix(host, { allowSpecialUseDomain: true, ignoreError: true }) ?? host)
    : host;
  return `${url.protocol}//${registrable}`;
}

/**
 * The context of a top-level navigation, from where it was started: null is the user typing an address. Redirects on
 * the way do not count, as in Chromium: what counts is the page whose form or link began it. So a callback that
 * follows the bank's login form is cross-site, and the application's `SameSite=Strict` session is not sent with it.
 */
export function sameSiteContext(initiator: URL | null, target: URL, method: string): SameSiteContext {
  if (initiator === null || siteOf(initiator) === siteOf(target)) return 'strict';
  return method === 'GET' || method === 'HEAD' ? 'lax' : 'none';
}
