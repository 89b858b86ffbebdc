import { basicCredentials } from '../client/client-authentication.js';
import { readConsentStep } from '../client/user-agent/consent-steps.js';
import { createHttpUserAgent } from '../client/user-agent/http-user-agent.js';
import { CheckFailure } from './check-failure.js';
import type { BankUnderTest, ClientUnderTest } from './target.js';

/** What the bank does with an authorization request, before any user types anything. */
export type AuthorizationOutcome =
  | { readonly kind: 'redirected'; readonly status: number; readonly to: string }
  | {
      readonly kind: 'page';
      readonly url: string;
      readonly status: number;
      readonly headers: Headers;
      readonly text: string;
      readonly html: string;
      readonly asksForLogin: boolean;
    };

/** Credentials for the first request, where the client's backend makes it; null where a browser does. */
export type RequestCredentials = Pick<ClientUnderTest, 'id' | 'secret'> | null;

/**
 * Sends an authorization request, and follows the bank's redirects to the page that they lead to, on whatever host of
 * the bank that is; the hosts of the redirect URIs that were asked for are never visited.
 */
export async function askForAuthorization(
  { fetch, client }: Pick<BankUnderTest, 'fetch' | 'client'>,
  authorizationUrl: string,
  credentials: RequestCredentials,
  method: 'GET' | 'POST' = 'GET',
): Promise<AuthorizationOutcome> {
  const asked = [...new URL(authorizationUrl).searchParams.getAll('redirect_uri'), client.redirectUri];
  const clientOrigins = new Set(asked.filter((uri) => URL.canParse(uri)).map((uri) => new URL(uri).origin));
  let lastStatus: number | null = null;
  let left: { readonly status: number; readonly to: string } | null = null;
  const browser = createHttpUserAgent({
    maxRedirects: 5,
    fetch: async (request) => {
      if (clientOrigins.has(new URL(request.url).origin)) {
        left = { status: lastStatus ?? 0, to: request.url };
        return new Response(null, { status: 204 });
      }
      const headers = new Headers(request.headers);
      if (lastStatus === null && credentials !== null) {
        headers.set('authorization', basicCredentials(credentials.id, credentials.secret));
      }
      const isFirst = lastStatus === null;
      const sent =
        isFirst && method === 'POST' ? posted(request) : new Request(request, { headers, redirect: 'manual' });
      const response = await fetch(sent);
      lastStatus = response.status;
      return response;
    },
  });
  const opened = await browser.open(authorizationUrl);
  return redirectedTo(left) ?? pageOf(opened);
}

/** The request's query as a form. */
function posted(request: Request): Request {
  const url = new URL(request.url);
  const body = url.search.slice(1).replaceAll('%20', '+');
  url.search = '';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return new Request(url, { method: 'POST', headers, body, redirect: 'manual' });
}

// `left` is set in a callback, which control flow analysis does not see.
function redirectedTo(left: { readonly status: number; readonly to: string } | null): AuthorizationOutcome | null {
  return left === null ? null : { kind: 'redirected', ...left };
}

type Opened = Awaited<ReturnType<ReturnType<typeof createHttpUserAgent>['open']>>;

function pageOf(opened: Opened): AuthorizationOutcome {
  if (opened.kind === 'stopped') return { kind: 'redirected', status: 302, to: opened.redirectTo };
  const { page } = opened;
  const { url, status, headers, text, html } = page;
  return { kind: 'page', url, status, headers, text, html, asksForLogin: readConsentStep(page).kind === 'login' };
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

/** Nothing was redirected and no login was shown. @throws CheckFailure */
export function expectErrorPage(outcome: AuthorizationOutcome): void {
  if (outcome.kind === 'redirected' || outcome.asksForLogin) {
    throw new CheckFailure('an error page of the bank, and no redirect', describeAuthorization(outcome));
  }
}
