import type { HttpTransport } from '../../client/http-transport.js';
import { readConsentStep } from '../../client/user-agent/consent-steps.js';
import { walkConsentFrom } from '../../client/user-agent/consent-walk.js';
import { createHttpUserAgent } from '../../client/user-agent/http-user-agent.js';
import type { HttpUserAgent, Navigation, Page } from '../../client/user-agent/http-user-agent.js';
import { bankAddressIn } from './bank-address.js';
import type { PartnerBank } from './partner-bank.js';
import type { Connection, ConsentAnswer, Customer, Shown } from './customer.js';
import type { ApplicationRequest, PartnerSetup } from './verify-file.js';

/** A customer whose user agent is HTTP alone: it runs no script. */
export async function createHttpCustomer(
  bank: PartnerBank,
  setup: PartnerSetup,
  transport: HttpTransport,
): Promise<Omit<Customer, 'name'>> {
  const userAgent = createHttpUserAgent({ fetch: transport });
  const applicationOrigin = new URL(setup.connect.url).origin;
  /** Where the bank's redirect leaves from: browsers judge SameSite by it. */
  let bankPage = bank.authorizationEndpoint;

  async function send(request: ApplicationRequest): Promise<Shown> {
    const navigation = await userAgent.open(request.url, { initiator: applicationOrigin, request });
    return shownOf(navigation);
  }

  for (const request of setup.login.requests) await send(request);

  return {
    async connect(answer: ConsentAnswer = {}): Promise<Connection> {
      const from = bank.traffic.next;
      const request = () => bank.traffic.since(from).find(({ endpoint }) => endpoint === 'authorize') ?? null;
      const start = await openBank(userAgent, bank, setup);
      if (start.kind !== 'bank') return { ...start, request: request() };
      const { decision = 'approve' } = answer;
      if (decision === 'leave' && start.navigation.kind === 'page')
        return { kind: 'bank-page', shown: pageShown(start.navigation.page), request: request() };
      const input = {
        redirectUri: setup.redirectUri,
        ...bank.credentials(answer.username),
        decision: decision === 'leave' ? ('deny' as const) : decision,
        company: answer.company,
      };
      const end = await walkConsentFrom(userAgent, start.navigation, input, (_step, page) => {
        bankPage = page.url;
        return readConsentStep(page).kind === 'message';
      });
      const asked = request();
      if (end.kind === 'stopped' && asked !== null)
        return { kind: 'callback', callbackUrl: end.redirectTo, request: asked };
      if (end.kind === 'stopped')
        return { kind: 'application-page', shown: redirectShown(end.redirectTo), request: null };
      return { kind: 'bank-page', shown: pageShown(end.page), request: asked };
    },
    deliver: async (callbackUrl) => shownOf(await userAgent.open(callbackUrl, { initiator: bankPage })),
    send,
    cookieNames: () => userAgent.cookies.namesFor(new URL(applicationOrigin)),
    close: async () => undefined,
  };
}

type Start =
  | { readonly kind: 'bank'; readonly navigation: Navigation }
  | { readonly kind: 'application-page' | 'proxied-login'; readonly shown: Shown };

/** Follows the application to the bank: by its redirects, or by the address that its page or JSON names. */
async function openBank(userAgent: HttpUserAgent, bank: PartnerBank, setup: PartnerSetup): Promise<Start> {
  const { connect, redirectUri } = setup;
  const origin = new URL(connect.url).origin;
  const stopAt = [redirectUri];
  const first = await userAgent.open(connect.url, { initiator: origin, request: connect, stopAt });
  // The bank sent the customer straight back, with an error: there was no page to stop at.
  if (first.kind === 'stopped' || bank.isAtBank(first.page.url)) return { kind: 'bank', navigation: first };
  const { page } = first;
  if (showsBankLogin(page)) return { kind: 'proxied-login', shown: pageShown(page) };
  const address = bankAddressIn(page.html, bank);
  if (address === null) return { kind: 'application-page', shown: pageShown(page) };
  return { kind: 'bank', navigation: await userAgent.open(address, { initiator: page.url, stopAt }) };
}

/** Whether a page that is not the bank's asks for what only the bank may ask. */
function showsBankLogin(page: Page): boolean {
  const asks = page.forms.some(({ fields }) => fields.some(({ type }) => type === 'password'));
  return asks && /Banco de teste do homologa|homologa test bank/.test(page.html);
}

function shownOf(navigation: Navigation): Shown {
  return navigation.kind === 'page' ? pageShown(navigation.page) : redirectShown(navigation.redirectTo);
}

function pageShown({ status, url, headers, html }: Page): Shown {
  return { status, url, headers, body: html };
}

function redirectShown(url: string): Shown {
  return { status: 302, url, headers: new Headers(), body: '' };
}
