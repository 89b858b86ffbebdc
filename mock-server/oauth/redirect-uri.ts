const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** What a client registered about where it may be redirected to. */
export interface RedirectUriRegistration {
  readonly redirectUris: readonly string[];
  /** The paths that are accepted on any port of a loopback host; for clients that ship with the mock. */
  readonly loopbackPaths?: readonly string[] | undefined;
}

/**
 * Whether a redirect_uri is registered: compared as strings (RFC 9700 section 2.1), except for the loopback paths,
 * which match any port of `127.0.0.1`, `[::1]` and `localhost` over http.
 */
export function isRegisteredRedirectUri(registration: RedirectUriRegistration, redirectUri: string): boolean {
  if (registration.redirectUris.includes(redirectUri)) return true;
  const paths = registration.loopbackPaths ?? [];
  if (paths.length === 0 || !URL.canParse(redirectUri)) return false;
  const { protocol, hostname, port, pathname } = new URL(redirectUri);
  if (protocol !== 'http:' || !loopbackHosts.has(hostname) || !paths.includes(pathname)) return false;
  const plain = `http://${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
  return redirectUri === plain || redirectUri === `http://${hostname}:80${pathname}`;
}

/** The redirect_uri with parameters added; its own query stays (RFC 6749 section 3.1.2). */
export function withParameters(redirectUri: string, parameters: readonly (readonly [string, string])[]): string {
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const separator = redirectUri.includes('?') ? (/[?&]$/.test(redirectUri) ? '' : '&') : '?';
  return `${redirectUri}${separator}${query}`;
}

/**
 * Whether a client may register this: absolute, http or https, without a fragment (RFC 6749 section 3.1.2), and in the
 * ASCII of RFC 3986, since a Location header cannot carry anything else.
 */
export function isUsableRedirectUri(redirectUri: string): boolean {
  if (!URL.canParse(redirectUri) || redirectUri.includes('#') || /[^\x21-\x7E]|[<>"\\]/.test(redirectUri)) return false;
  const { protocol, username, password } = new URL(redirectUri);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
