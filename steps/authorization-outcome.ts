import { basicCredentials } from '../client/client-authentication.js';
import { exchange } from '../client/http-transport.js';
import { createHttpUserAgent } from '../client/user-agent/http-user-agent.js';
import { readConsentStep } from '../client/user-agent/consent-steps.js';
import type { BankUnderTest, ClientUnderTest } from './target.js';

/** What the bank does with an authorization request, before any user types anything. */
export type AuthorizationOutcome =
  | { readonly kind: 'redirected'; readonly status: number; readonly to: string }
  | {
      readonly kind: 'page';
      readonly status: number;
      readonly headers: Headers;
      readonly html: string;
      readonly asksForLogin: boolean;
    };

/** Credentials for the first request, where the client's backend makes it; null where a browser does. */
export type RequestCredentials = Pick<ClientUnderTest, 'id' | 'secret'> | null;

/** Sends an authorization request; follows redirects within the bank to the page that they lead to, and no others. */
export async function askForAuthorization(
  { fetch, endpoints }: Pick<BankUnderTest, 'fetch' | 'endpoints'>,
  authorizationUrl: string,
  credentials: RequestCredentials,
): Promise<AuthorizationOutcome> {
  const headers = new Headers({ accept: 'text/html,application/xhtml+xml' });
  if (credentials !== null) headers.set('authorization', basicCredentials(credentials.id, credentials.secret));
  const first = await exchange(fetch, new Request(authorizationUrl, { headers, redirect: 'manual' }));
  const location = first.headers.get('location');
  const { origin } = new URL(endpoints.authorization);
  // The page is read by a browser, with an answer already at hand for its first request.
  let answered = false;
  const browser = createHttpUserAgent({
    maxRedirects: 5,
    fetch: async (request) => {
      if (answered) return fetch(request);
      answered = true;
      return new Response(first.body, { status: first.status, headers: first.headers });
    },
  });
  if (location === null || first.status < 300 || first.status >= 400) {
    return pageOf(await browser.open(authorizationUrl));
  }
  const target = new URL(location, authorizationUrl);
  if (target.origin !== origin) return { kind: 'redirected', status: first.status, to: target.href };
  return pageOf(await browser.open(authorizationUrl));
}

type Opened = Awaited<ReturnType<ReturnType<typeof createHttpUserAgent>['open']>>;

function pageOf(opened: Opened): AuthorizationOutcome {
  if (opened.kind === 'stopped') return { kind: 'redirected', status: 302, to: opened.redirectTo };
  const { page } = opened;
  const { status, headers, html } = page;
  return { kind: 'page', status, headers, html, asksForLogin: readConsentStep(page).kind === 'login' };
}

/** What happened, in a few words; addresses without their query. */
export function describeAuthorization(outcome: AuthorizationOutcome): string {
  if (outcome.kind === 'page') {
    return outcome.asksForLogin ? 'the bank’s login' : `a page of the bank (${String(outcome.status)})`;
  }
  const { origin, pathname, searchParams } = new URL(outcome.to);
  const error = searchParams.get('error');
  return `a redirect (${String(outcome.status)}) to ${origin}${pathname}${error === null ? '' : ` with the error ${error}`}`;
}
