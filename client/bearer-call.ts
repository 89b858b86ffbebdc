import type { BankBehaviour } from './banks/bank-profile.js';
import { ClientConfigurationError } from './configuration-error.js';
import { safeText } from './safe-text.js';

/**
 * Adds the access token to a request, in the `Authorization` header and nowhere else (RFC 6750 2.1).
 *
 * Only addresses below `apiBaseUrl`'s origin get it: a token sent elsewhere is a token given away (RFC 9700 4.9).
 *
 * @throws ClientConfigurationError `ERR_BEARER_ADDRESS`, `ERR_BEARER_TWICE`.
 */
export function bearerRequest(request: Request, accessToken: string, apiBaseUrl: string): Request {
  const url = new URL(request.url);
  const { origin } = new URL(apiBaseUrl);
  if (url.origin !== origin) {
    throw new ClientConfigurationError(
      'ERR_BEARER_ADDRESS',
      `Expected an address at ${origin}, got one at ${safeText(url.origin)}. Set endpoints.api where the bank's API is elsewhere.`,
      { cause: { expected: origin, came: url.origin } },
    );
  }
  if (request.headers.has('authorization') || url.searchParams.has('access_token')) {
    throw new ClientConfigurationError(
      'ERR_BEARER_TWICE',
      'Expected a request without token, it has an Authorization header or an access_token in its URL. Leave the token to the client.',
    );
  }
  const headers = new Headers(request.headers);
  headers.set('authorization', `Bearer ${accessToken}`);
  return new Request(request, { headers, redirect: 'manual' });
}

/**
 * Whether an answer says that the access token is no good, so that a refresh may help: 401, or the bank's own text
 * (BS2's gateway answers a whole body of `Invalid token`). A 403 is about scope or provisioning: no refresh cures it.
 *
 * ```http
 * HTTP/1.1 401 Unauthorized
 * Content-Type: text/plain
 *
 * Invalid token
 * ```
 */
export async function isAccessTokenRejected(
  response: Response,
  profile: Pick<BankBehaviour, 'rejectedTokenBody'>,
): Promise<boolean> {
  if (response.status === 401) return true;
  if (profile.rejectedTokenBody === null || response.status < 400 || response.status >= 500) return false;
  return (await response.clone().text()).trim() === profile.rejectedTokenBody;
}
