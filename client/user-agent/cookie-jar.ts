import { CookieJar } from 'tough-cookie';
import type { SameSiteContext } from './same-site.js';

/** The cookies of one user agent. Kept by domain and path, blind to ports, as browsers keep them (RFC 6265 8.5). */
export interface UserAgentCookies {
  /** The `Cookie` header for a request; null when there is nothing to send. */
  headerFor(url: URL, context: SameSiteContext): Promise<string | null>;
  /** Takes the `Set-Cookie` headers of an answer. Cookies that a browser would refuse are dropped silently. */
  remember(url: URL, headers: Headers): Promise<void>;
  /** Names of the cookies that would go to an address of the same site; for assertions and reports, without values. */
  namesFor(url: URL): Promise<string[]>;
}

/** An empty jar. `Secure` cookies work on loopback over http, as in current browsers. */
export function createUserAgentCookies(): UserAgentCookies {
  const jar = new CookieJar(undefined, { allowSpecialUseDomain: true, rejectPublicSuffixes: true });
  return {
    async headerFor(url, context) {
      const header = await jar.getCookieString(url.href, { sameSiteContext: context });
      return header === '' ? null : header;
    },
    async remember(url, headers) {
      // No context here: the answer to a top-level navigation may set cookies of any SameSite.
      for (const line of headers.getSetCookie()) await jar.setCookie(line, url.href, { ignoreError: true });
    },
    async namesFor(url) {
      return (await jar.getCookies(url.href, { sameSiteContext: 'strict' })).map((cookie) => cookie.key);
    },
  };
}
