import type { Tenant } from '../../tenants/tenant.js';
import type { BankLinks } from '../bank-links.js';
import { answer } from '../exchange.js';
import type { Answer, Exchange } from '../exchange.js';
import type { Route } from '../route-table.js';
import { btgIssuer } from './issuer.js';
import { nothingHere } from './oauth-answers.js';
import { btgPaths, btgScopes } from './profile.js';
import { jwks } from './signing-key.js';

/**
 * Metadata of OpenID Connect Discovery section 3 and RFC 8414. Nothing shows that BTG has it, so all of it is inferred
 * and answered only when the setting `discovery` is on.
 */
export function btgMetadata({ tenant, ownHost }: Exchange): Readonly<Record<string, unknown>> {
  const { publicBase, internalBase } = linksAt(tenant, ownHost?.bankUrl);
  return {
    issuer: btgIssuer(tenant, ownHost?.bankUrl),
    authorization_endpoint: `${publicBase}${btgPaths.authorization}`,
    token_endpoint: `${internalBase}${btgPaths.token}`,
    revocation_endpoint: `${internalBase}${btgPaths.revocation}`,
    jwks_uri: `${internalBase}${btgPaths.jwks}`,
    scopes_supported: Object.keys(btgScopes),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    subject_types_supported: ['public'],
    // RS256 is what public clients get, and what Discovery section 3 wants to be listed.
    id_token_signing_alg_values_supported: ['HS256', 'RS256'],
    token_endpoint_auth_methods_supported: authenticationMethods(tenant),
    revocation_endpoint_auth_methods_supported: authenticationMethods(tenant),
    code_challenge_methods_supported: ['S256'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce'],
    authorization_response_iss_parameter_supported: true,
  };
}

function linksAt(tenant: Tenant, bankUrl: string | undefined): Pick<BankLinks, 'publicBase' | 'internalBase'> {
  return bankUrl === undefined ? tenant.links.btg : { publicBase: bankUrl, internalBase: bankUrl };
}

function authenticationMethods(tenant: Tenant): string[] {
  return ['client_secret_basic', ...(tenant.settings.btg.bodyCredentials ? ['client_secret_post'] : []), 'none'];
}

function whenOn(document: (exchange: Exchange) => unknown): (exchange: Exchange) => Answer {
  return (exchange) => {
    const { tenant, facts } = exchange;
    if (!tenant.settings.btg.discovery) {
      facts.outcome = 'discovery is off';
      return nothingHere();
    }
    facts.outcome = 'metadata';
    return answer(200, [['content-type', 'application/json']], JSON.stringify(document(exchange)));
  };
}

/** Discovery and JWKS; 404 unless the setting `discovery` is on. */
export const btgDiscoveryRoutes: readonly Route[] = [
  { method: 'GET', path: btgPaths.discovery, endpoint: 'discovery', handle: whenOn(btgMetadata) },
  { method: 'GET', path: btgPaths.jwks, endpoint: 'jwks', handle: whenOn(() => jwks()) },
];

/** Whether a path is one that exists only while discovery is on. */
export function isDiscoveryPath(path: string): boolean {
  return btgDiscoveryRoutes.some((route) => route.path === path);
}
