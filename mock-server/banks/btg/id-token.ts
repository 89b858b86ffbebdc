import type { AccessToken, Grant } from '../../store/records.js';
import type { RegisteredClient } from '../../tenants/registered-client.js';
import { durationMs } from '../../tenants/settings.js';
import type { Tenant } from '../../tenants/tenant.js';
import type { GrantType } from '../token-dialect.js';
import { subjectOf } from './access-token.js';
import { btgIssuer } from './issuer.js';
import { signHs256, signRs256 } from './jwt.js';
import type { JwtContent } from './jwt.js';
import { signingKey } from './signing-key.js';

/** What an id_token is made for. */
export interface IdTokenOccasion {
  readonly client: RegisteredClient;
  readonly grant: Grant;
  /** The access token that is given with it. */
  readonly accessToken: AccessToken;
  /** What the client exchanged for it. */
  readonly grantType: GrantType;
  /** Of the authorization request; null when none was sent, and at a refresh. */
  readonly nonce: string | null;
}

/**
 * What an id_token says. The header `{"alg":"HS256"}` and `sub` as the first claim are documented
 * (developers.empresas.btgpactual.com/docs/authorization-code and /docs/btg-id, decoded); the other claims are inferred
 * from OpenID Connect Core section 2. `auth_time` is always there (inferred): a request with `max_age` needs it, and
 * after a refresh it still tells the first login (section 12.2). An HS256 token of a public client would have no key,
 * so its id_token is signed as access tokens are (inferred, section 10.1).
 */
export function idTokenContent(tenant: Tenant, { client, grant, accessToken, nonce }: IdTokenOccasion): JwtContent {
  const issuedAt = Math.floor(accessToken.issuedAtMs / 1000);
  const lifetimeMs = durationMs(tenant.btgSettings(client).idTokenLifetime);
  return {
    header:
      client.secret !== null
        ? [['alg', 'HS256']]
        : [
            ['alg', 'RS256'],
            ['kid', signingKey(tenant.settings.btg.signingKey).kid],
          ],
    claims: [
      ['sub', subjectOf(tenant, grant)],
      ['iss', btgIssuer(tenant, grant.bankUrl)],
      ['aud', client.id],
      ['exp', issuedAt + Math.floor(lifetimeMs / 1000)],
      ['iat', issuedAt],
      ['auth_time', Math.floor(grant.authenticatedAtMs / 1000)],
      ...(nonce === null ? [] : [['nonce', nonce] as const]),
    ],
  };
}

/** The id_token as the client receives it. */
export async function signIdToken(tenant: Tenant, content: JwtContent, client: RegisteredClient): Promise<string> {
  const { secret } = client;
  if (secret !== null) return signHs256(content, secret);
  return signRs256(content, signingKey(tenant.settings.btg.signingKey).privateKey);
}
