import { isLoopbackName } from './loopback-names.js';

/** A change of an authorization request: a value replaces the parameter, null removes it. */
export type ParameterChanges = Readonly<Record<string, string | null>>;

/** The request with parameters replaced or removed, the others as they were. */
export function changeParameters(authorizationUrl: string, changes: ParameterChanges): string {
  const url = new URL(authorizationUrl);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return encoded(url);
}

/** The request with a parameter added, though it may be there already. */
export function repeatParameter(authorizationUrl: string, name: string, value: string): string {
  const url = new URL(authorizationUrl);
  url.searchParams.append(name, value);
  return encoded(url);
}

/** %20 means a space to every decoder; `+` only to those that follow the form encoding. */
function encoded(url: URL): string {
  url.search = url.searchParams.toString().replaceAll('+', '%20');
  return url.href;
}

/** States that a careless bank changes on the way. */
export const demandingStates: Readonly<Record<string, string>> = {
  '512 characters long': 'Abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ'.repeat(8),
  'in many scripts': 'São Paulo · Київ · 東京 · القاهرة · 🏦',
  'of reserved characters': ':/?#[]@!$&\'()*+,;=%"<>\\^`{|}~',
  'of spaces and plus signs': ' a b+c  d+ ',
  'already percent-encoded': '%7B%22a%22%3A1%7D%2520%2B',
  'a piece of markup': '"><script>alert(1)</script>&amp;',
};

/** How a redirect URI can differ from the registered one, in the words of the features. */
export const redirectUriDifferences = [
  'another host',
  'another port',
  'another scheme',
  'another path',
  'a longer path',
  'a dot segment',
  'a trailing slash',
  'an added query',
  'a fragment',
  'upper case',
  'user information',
  'a look-alike host',
  'a percent-encoding',
] as const;
export type RedirectUriDifference = (typeof redirectUriDifferences)[number];

/** A redirect URI that looks like the registered one and is not; null where the difference cannot be made from it. */
export function differingRedirectUri(registered: string, difference: RedirectUriDifference): string | null {
  const url = new URL(registered);
  const rest = `${url.pathname}${url.search}`;
  const origin = `${url.protocol}//`;
  switch (difference) {
    case 'another host':
      return `${origin}attacker.example${rest}`;
    case 'another port':
      // RFC 8252 section 7.3 lets the port of a loopback address vary.
      return isLoopbackName(url.hostname) ? null : `${origin}${url.hostname}:8443${rest}`;
    case 'another scheme':
      return `${url.protocol === 'https:' ? 'http' : 'https'}://${url.host}${rest}`;
    case 'another path':
      return `${url.origin}/another`;
    case 'a longer path':
      return `${url.origin}${url.pathname}/more`;
    case 'a dot segment':
      return `${url.origin}/x/..${rest}`;
    case 'a trailing slash':
      return `${url.origin}${url.pathname}/`;
    case 'an added query':
      return `${registered}${url.search === '' ? '?' : '&'}added=1`;
    case 'a fragment':
      return `${registered}#fragment`;
    case 'upper case':
      return `${url.origin}${url.pathname.toUpperCase()}`;
    case 'user information':
      return `${origin}${url.host}@attacker.example${rest}`;
    case 'a look-alike host':
      return `${origin}${url.hostname}.attacker.example${rest}`;
    case 'a percent-encoding':
      return `${url.origin}${url.pathname.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`)}`;
  }
}
