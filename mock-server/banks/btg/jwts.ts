import type { AccessToken, Grant } from '../../store/records.js';
import type { RegisteredClient } from '../../tenants/registered-client.js';
import type { Tenant } from '../../tenants/tenant.js';
import { accessTokenContent, signAccessToken, verifyAccessTokenKey } from './access-token.js';
import { idTokenContent, signIdToken } from './id-token.js';
import type { IdTokenOccasion } from './id-token.js';
import type { JwtContent } from './jwt.js';

/** What BTG Id's signed tokens say, and how they are signed and read back. */
export interface BtgJwts {
  accessToken(tenant: Tenant, token: AccessToken, grant: Grant): JwtContent;
  signAccessToken(tenant: Tenant, content: JwtContent): Promise<string>;
  /** The store's key of a token that the bank issued as an access token; null for every other text. */
  accessTokenKey(token: string): string | null;
  idToken(tenant: Tenant, occasion: IdTokenOccasion): JwtContent;
  signIdToken(tenant: Tenant, content: JwtContent, client: RegisteredClient): Promise<string>;
}

/** BTG Id's own. */
export const btgJwts: BtgJwts = {
  accessToken: accessTokenContent,
  signAccessToken,
  accessTokenKey: verifyAccessTokenKey,
  idToken: idTokenContent,
  signIdToken,
};
