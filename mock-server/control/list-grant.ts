import type * as v from 'valibot';
import { expiresAtMs, isExpired } from '../store/records.js';
import type { AccessToken, Grant, RefreshToken } from '../store/records.js';
import type { Tenant } from '../tenants/tenant.js';
import type { grantSchema } from './grant-schema.js';

type ListedGrant = v.InferOutput<typeof grantSchema>;

/** A grant and the tokens of it that may still work, without their values. */
export async function listGrant(tenant: Tenant, grant: Grant): Promise<ListedGrant> {
  const { store, clock } = tenant;
  const now = clock.now();
  const accessTokens = await Promise.all(grant.accessTokens.map((key) => store.accessToken(key)));
  const refreshTokens = await Promise.all(grant.refreshTokens.map((key) => store.refreshToken(key)));
  const describe = (token: AccessToken | RefreshToken): ListedGrant['refreshTokens'][number] => ({
    issuedAt: instant(token.issuedAtMs),
    expiresAt: instant(expiresAtMs(token)),
    live: token.death === null && grant.revokedAtMs === null && !isExpired(token, now),
  });
  const { id, bank, clientId, username, company, scope, origin, createdAtMs, revokedAtMs, revokedBecause, version } =
    grant;
  return {
    id,
    bank,
    clientId,
    username,
    company,
    scope,
    origin,
    createdAt: instant(createdAtMs),
    revokedAt: revokedAtMs === null ? null : instant(revokedAtMs),
    revokedBecause,
    version,
    accessTokens: accessTokens.flatMap((token) =>
      token === undefined ? [] : [{ ...describe(token), scope: token.scope }],
    ),
    refreshTokens: refreshTokens.flatMap((token) => (token === undefined ? [] : [describe(token)])),
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
