import type { BankEndpoints, BankProfile } from './banks/bank-profile.js';
import type { ClientRegistration } from './client-registration.js';
import { ClientConfigurationError } from './configuration-error.js';
import { safeText } from './safe-text.js';

/**
 * Refuses a client that no bank can know: an environment variable that is not set would be sent as `undefined`.
 *
 * @throws ClientConfigurationError `ERR_CLIENT_ID_MISSING`, `ERR_PUBLIC_CLIENT_WITHOUT_PKCE`
 */
export function assertRegistration(profile: BankProfile, { id, secret }: ClientRegistration): void {
  if (typeof id !== 'string' || id === '') {
    throw new ClientConfigurationError(
      'ERR_CLIENT_ID_MISSING',
      `Expected the id of the client at ${profile.bank}, got ${id === '' ? 'an empty text' : typeof id}. Set client.id.`,
    );
  }
  if (secret === undefined && !profile.usesPkce) {
    throw new ClientConfigurationError(
      'ERR_PUBLIC_CLIENT_WITHOUT_PKCE',
      `Expected a client secret for ${profile.bank}: its profile has no PKCE, which a public client must use.`,
    );
  }
}

/** @throws ClientConfigurationError `ERR_ADDRESS_INVALID` for an address that is no absolute URL of HTTP */
export function assertEndpoints(endpoints: BankEndpoints): void {
  for (const name of ['authorization', 'token', 'revocation', 'api'] as const) {
    const address = endpoints[name];
    if (address === null || (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol))) continue;
    throw new ClientConfigurationError(
      'ERR_ADDRESS_INVALID',
      `Expected an https address as the ${name} endpoint, got "${safeText(address)}". Set baseUrl, or endpoints.${name}.`,
      { cause: { endpoint: name } },
    );
  }
}

/** @throws ClientConfigurationError `ERR_SCOPE_MISSING` for a scope without what the bank demands */
export function assertScope(profile: BankProfile, scope: string): void {
  const missing = profile.requiredScopes.filter((required) => !scope.split(' ').includes(required));
  if (missing.length === 0 && scope !== '') return;
  throw new ClientConfigurationError(
    'ERR_SCOPE_MISSING',
    `Expected a scope${missing.length === 0 ? '' : ` with ${missing.join(' ')}`}, got "${scope}". Use the one shown with the credentials.`,
    { cause: { missing } },
  );
}
