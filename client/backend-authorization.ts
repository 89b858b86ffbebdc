import { HomologaError } from '../foundation/homologa-error.js';
import { basicCredentials } from './client-authentication.js';
import type { ClientRegistration } from './client-registration.js';
import { ClientConfigurationError } from './configuration-error.js';
import type { HttpAnswer } from './http-answer.js';
import { safeText } from './safe-text.js';

/**
 * `ERR_AUTHORIZATION_LOCATION`: the bank answered the backend's authorization request with something other than a
 * redirect. `cause` is `{ status }`.
 */
export class BackendAuthorizationError extends HomologaError {}

/**
 * BS2's documented authorization request: a GET with HTTP Basic of API Key and API Secret
 * (devs.bs2.com/docs/consent). A browser cannot be made to send it, and must never see the secret; so the partner's
 * backend makes it and hands on the `Location`.
 *
 * ```http
 * GET /api-banking/auth/oauth/v2/authorize?response_type=code&scope=…&state=…&redirect_uri=… HTTP/1.1
 * Authorization: Basic …
 *
 * HTTP/1.1 302 Found
 * Location: https://…/authorize/login?sessionID=…
 * ```
 *
 * @throws ClientConfigurationError `ERR_CLIENT_SECRET_MISSING`.
 */
export function backendAuthorizationRequest(authorizationUrl: string, client: ClientRegistration): Request {
  if (client.secret === undefined) {
    throw new ClientConfigurationError(
      'ERR_CLIENT_SECRET_MISSING',
      'Expected a client secret: this bank identifies the client by HTTP Basic. Configure it, or use clientIdentification "query".',
    );
  }
  const headers = new Headers({
    accept: 'text/html,application/xhtml+xml',
    authorization: basicCredentials(client.id, client.secret),
  });
  return new Request(authorizationUrl, { headers, redirect: 'manual' });
}

/**
 * The absolute address to send the user's browser to. It may be the redirect URI itself, when the bank refused with
 * an error redirect; the callback then judges it.
 *
 * @throws BackendAuthorizationError `ERR_AUTHORIZATION_LOCATION`.
 */
export function judgeBackendAuthorization(answer: HttpAnswer, authorizationUrl: string): string {
  const location = answer.headers.get('location');
  if (
    (answer.status === 302 || answer.status === 303) &&
    location !== null &&
    URL.canParse(location, authorizationUrl)
  ) {
    const url = new URL(location, authorizationUrl);
    if (url.protocol === 'https:' || url.protocol === 'http:') return url.href;
  }
  throw new BackendAuthorizationError(
    'ERR_AUTHORIZATION_LOCATION',
    `Expected a redirect to the bank's login, got status ${String(answer.status)} (${safeText(answer.body)}). ` +
      'Check API Key, API Secret, scope and the registered redirect URI.',
    { cause: { status: answer.status } },
  );
}
