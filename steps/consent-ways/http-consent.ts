import { backendAuthorizationRequest, judgeBackendAuthorization } from '../../client/backend-authorization.js';
import { exchange } from '../../client/http-transport.js';
import type { HttpTransport } from '../../client/http-transport.js';
import { walkConsent, walkConsentUntil } from '../../client/user-agent/consent-walk.js';
import type { ConsentWalkInput } from '../../client/user-agent/consent-walk.js';
import type { ConsentStep } from '../../client/user-agent/consent-steps.js';
import { createHttpUserAgent } from '../../client/user-agent/http-user-agent.js';
import type { HttpUserAgent, Navigation, Page } from '../../client/user-agent/http-user-agent.js';
import type { BankUnderTest, ConsentInput } from '../target.js';

/** A browser that stands at a page of the bank, or was sent back to the client. */
export interface Browsing {
  readonly userAgent: HttpUserAgent;
  readonly navigation: Navigation;
}

type Way = Pick<BankUnderTest, 'fetch' | 'secondFactorCode'>;

/** Plays the user in the bank's own pages, from the authorization request to the redirect back. */
export async function consentOverHttp(way: Way, input: ConsentInput): Promise<string> {
  const userAgent = createHttpUserAgent({ fetch: way.fetch });
  const { redirectTo } = await walkConsent(userAgent, await browserAddress(way.fetch, input), walkInput(way, input));
  return redirectTo;
}

/** As {@link consentOverHttp}, but stops at the first page for which `isEnough` is true, before answering it. */
export async function consentUntil(
  way: Way,
  input: ConsentInput,
  isEnough: (step: ConsentStep, page: Page) => boolean,
): Promise<Browsing> {
  const userAgent = createHttpUserAgent({ fetch: way.fetch, stopAt: [input.client.redirectUri] });
  const address = await browserAddress(way.fetch, input);
  return { userAgent, navigation: await walkConsentUntil(userAgent, address, walkInput(way, input), isEnough) };
}

/** Where the user's browser starts: BS2's documented request is made by the backend, which hands on the address. */
export async function browserAddress(fetch: HttpTransport, input: ConsentInput): Promise<string> {
  const { authorizationUrl, client, identification } = input;
  if (identification === 'query') return authorizationUrl;
  const answer = await exchange(fetch, backendAuthorizationRequest(authorizationUrl, client));
  return judgeBackendAuthorization(answer, authorizationUrl);
}

function walkInput(way: Way, { client, user, decision, factor = 'sms', company }: ConsentInput): ConsentWalkInput {
  return {
    redirectUri: client.redirectUri,
    username: user.username,
    password: user.password,
    secondFactor: { kind: factor, code: () => way.secondFactorCode(user, factor) },
    company,
    decision,
  };
}
