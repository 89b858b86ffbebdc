import { parse } from 'node-html-parser';
import { HomologaError } from '../../foundation/homologa-error.js';
import { createHttpTransport, exchange, type HttpTransport } from '../http-transport.js';
import { safeText } from '../safe-text.js';
import { createUserAgentCookies, type UserAgentCookies } from './cookie-jar.js';
import { formEntries, type FormValues } from './form-submission.js';
import { readForms, visibleText, type HtmlButton, type HtmlForm } from './html-form.js';
import { sameSiteContext, siteOf } from './same-site.js';

/**
 * - `ERR_TOO_MANY_REDIRECTS`: more hops than allowed;
 * - `ERR_ADDRESS_NOT_HTTP`: a redirect or form leads to another scheme.
 */
export class UserAgentError extends HomologaError {}

/** A page that was shown. */
export interface Page {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly title: string;
  /** What a person reads, white space collapsed. */
  readonly text: string;
  /** The text of `[role=alert]`, '' where the page has none. */
  readonly alert: string;
  readonly forms: readonly HtmlForm[];
  readonly html: string;
}

/** How a navigation ended: at a page, or at a redirect to an address where the user agent was told to stop. */
export type Navigation =
  { readonly kind: 'page'; readonly page: Page } | { readonly kind: 'stopped'; readonly redirectTo: string };

/** Options of one navigation. */
export interface NavigationOptions {
  /** Address of the page on which the user clicked; null (the default of `open`) when they typed the address. */
  readonly initiator?: string | null;
  /** Replaces the user agent's own `stopAt`. */
  readonly stopAt?: StopAt;
  /** What a page's script would send in place of the navigation's GET. Goes with `open`. */
  readonly request?: {
    readonly method: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | null;
  };
}

/** Addresses at which a navigation ends: compared by scheme, host, port and path, or by a rule. */
export type StopAt = readonly string[] | ((url: URL) => boolean);

/** A browser without scripts: cookies, redirects, pages, forms. */
export interface HttpUserAgent {
  readonly cookies: UserAgentCookies;
  open(url: string, options?: NavigationOptions): Promise<Navigation>;
  /** Sends a form as a click on `button` would (undefined: the first button, as Enter does). */
  submit(
    form: HtmlForm,
    values?: FormValues,
    button?: HtmlButton | null,
    options?: NavigationOptions,
  ): Promise<Navigation>;
}

/** Options of {@link createHttpUserAgent}. */
export interface HttpUserAgentOptions {
  /** Default: undici, see `createHttpTransport`. Must not follow redirects. */
  readonly fetch?: HttpTransport;
  /** Redirect URIs at which to stop instead of going there. */
  readonly stopAt?: StopAt;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 20. */
  readonly maxRedirects?: number;
}

interface Step {
  readonly url: URL;
  readonly method: string;
  readonly body: string | null;
  /** Besides a navigation's own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly origin: string | null;
  readonly referrer: string | null;
}

/**
 * A user agent of its own, with an empty cookie jar: one per person. It does what browsers do where banks and
 * applications depend on it: cookies by domain and path but not port, `SameSite` judged from the page that began the
 * navigation, `Origin` on form posts, 303 and POST-302 turned into GET. It runs no script.
 *
 * @throws UserAgentError (as rejection) `ERR_TOO_MANY_REDIRECTS`, `ERR_ADDRESS_NOT_HTTP`; TransportError.
 *
 * @example
 * ```ts
 * const user = createHttpUserAgent({ stopAt: ['http://localhost:3000/callback'] });
 * const shown = await user.open(authorizationUrl);
 * ```
 */
export function createHttpUserAgent(options: HttpUserAgentOptions = {}): HttpUserAgent {
  const { fetch: transport = createHttpTransport(), maxRedirects = 20 } = options;
  const cookies = createUserAgentCookies();

  async function send(step: Step, initiator: URL | null): Promise<Page> {
    const headers = new Headers({
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'accept-language': 'pt-BR,pt;q=0.9,en;q=0.5',
      'user-agent': 'homologa',
      'sec-fetch-dest': 'document',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': fetchSite(initiator, step.url),
      ...options.headers,
    });
    const cookie = await cookies.headerFor(step.url, sameSiteContext(initiator, step.url, step.method));
    if (cookie !== null) headers.set('cookie', cookie);
    if (step.referrer !== null) headers.set('referer', step.referrer);
    if (step.method !== 'GET') {
      headers.set('content-type', 'application/x-www-form-urlencoded');
      headers.set('origin', step.origin ?? 'null');
    }
    for (const [name, value] of Object.entries(step.headers ?? {})) headers.set(name, value);
    const request = new Request(step.url.href, { method: step.method, headers, body: step.body, redirect: 'manual' });
    const answer = await exchange(transport, request);
    await cookies.remember(step.url, answer.headers);
    return readPage(step.url, answer.status, answer.headers, answer.body);
  }

  async function navigate(first: Step, initiator: URL | null, stopAt: StopAt): Promise<Navigation> {
    let step = first;
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const page = await send(step, initiator);
      const location = page.headers.get('location');
      const isRedirect = [301, 302, 303, 307, 308].includes(page.status) && location !== null;
      if (!isRedirect || !URL.canParse(location, step.url.href)) return { kind: 'page', page };
      const target = new URL(location, step.url);
      if (isStop(stopAt, target)) return { kind: 'stopped', redirectTo: target.href };
      step = redirected(step, page.status, target);
    }
    throw new UserAgentError(
      'ERR_TOO_MANY_REDIRECTS',
      `Expected a page after at most ${String(maxRedirects)} redirects.`,
      {
        cause: { origin: step.url.origin },
      },
    );
  }

  return {
    cookies,
    async open(url, { initiator = null, stopAt = options.stopAt ?? [], request } = {}) {
      const address = httpAddress(url);
      const step: Step = {
        url: address,
        method: request?.method ?? 'GET',
        body: request?.body ?? null,
        headers: request?.headers,
        origin: request === undefined ? null : address.origin,
        referrer: null,
      };
      return navigate(step, initiator === null ? null : new URL(initiator), stopAt);
    },
    async submit(form, values, button, { initiator = form.documentUrl, stopAt = options.stopAt ?? [] } = {}) {
      const pressed = button === undefined ? form.buttons[0] : button;
      const url = httpAddress(pressed?.action ?? form.action);
      const entries = formEntries(form, values, button).toString();
      const page = new URL(form.documentUrl);
      // The default policy of browsers, strict-origin-when-cross-origin.
      const referrer = page.origin === url.origin ? `${page.origin}${page.pathname}${page.search}` : `${page.origin}/`;
      if (form.method === 'GET') url.search = entries;
      const step: Step = {
        url,
        method: form.method,
        body: form.method === 'GET' ? null : entries,
        origin: form.hidesReferrer ? null : page.origin,
        referrer: form.hidesReferrer ? null : referrer,
      };
      return navigate(step, initiator === null ? null : new URL(initiator), stopAt);
    },
  };
}

function httpAddress(address: string | URL): URL {
  const url = new URL(address);
  if (url.protocol === 'http:' || url.protocol === 'https:') {
    // Browsers send the name and password of an address only when they are challenged.
    url.username = '';
    url.password = '';
    return url;
  }
  throw new UserAgentError(
    'ERR_ADDRESS_NOT_HTTP',
    `Expected an http or https address, got the scheme ${safeText(url.protocol)}. Give it as stopAt if it is the redirect URI.`,
    { cause: { scheme: url.protocol } },
  );
}

function isStop(stopAt: StopAt, target: URL): boolean {
  if (typeof stopAt === 'function') return stopAt(target);
  const place = (url: URL) => `${url.protocol}//${url.host}${url.pathname}`;
  return stopAt.some((stop) => place(new URL(stop)) === place(target));
}

function redirected(step: Step, status: number, target: URL): Step {
  const keepsMethod = status === 307 || status === 308;
  const isSameOrigin = target.origin === step.url.origin;
  return {
    url: httpAddress(target),
    method: keepsMethod ? step.method : 'GET',
    body: keepsMethod ? step.body : null,
    headers: isSameOrigin ? step.headers : undefined,
    origin: isSameOrigin ? step.origin : null,
    referrer: isSameOrigin ? step.referrer : null,
  };
}

function fetchSite(initiator: URL | null, target: URL): string {
  if (initiator === null) return 'none';
  if (initiator.origin === target.origin) return 'same-origin';
  return siteOf(initiator) === siteOf(target) ? 'same-site' : 'cross-site';
}

function readPage(url: URL, status: number, headers: Headers, html: string): Page {
  const root = parse(html, {
    comment: false,
    closeAllByClosing: true,
    blockTextElements: { script: false, style: false },
  });
  const hidesReferrer = (headers.get('referrer-policy') ?? '').trim().toLowerCase() === 'no-referrer';
  return {
    status,
    url: url.href,
    headers,
    title: visibleText(root.querySelector('title')),
    text: visibleText(root.querySelector('body') ?? root).replace(/^<!doctype[^>]*>\s*/i, ''),
    alert: root
      .querySelectorAll('[role=alert]')
      .map((element) => visibleText(element))
      .join(' '),
    forms: readForms(root, url.href, hidesReferrer),
    html,
  };
}
