import type { Btg } from '../banks/btg/bank.js';
import type { IdTokenOccasion } from '../banks/btg/id-token.js';
import type { JwtContent } from '../banks/btg/jwt.js';
import type { BtgJwts } from '../banks/btg/jwts.js';
import type { JsonMembers, JsonValue } from '../banks/json-members.js';
import type { AccessToken, Grant } from '../store/records.js';
import type { Tenant } from '../tenants/tenant.js';

/** Members with one of them changed where it stands, or added at the end. */
export function withMember(members: JsonMembers, wanted: string, value: JsonValue): JsonMembers {
  if (!members.some(([name]) => name === wanted)) return [...members, [wanted, value]];
  return members.map(([name, honest]) => [name, name === wanted ? value : honest]);
}

export function withoutMember(members: JsonMembers, unwanted: string): JsonMembers {
  return members.filter(([name]) => name !== unwanted);
}

/** Changes how JWTs are made and read back. */
export function withJwts(bank: Btg, change: (honest: BtgJwts) => Partial<BtgJwts>): Btg {
  return { ...bank, jwts: { ...bank.jwts, ...change(bank.jwts) } };
}

/** Changes what id_tokens say. */
export function withIdToken(
  bank: Btg,
  change: (content: JwtContent, occasion: IdTokenOccasion, tenant: Tenant) => Partial<JwtContent>,
): Btg {
  return withJwts(bank, (honest) => ({
    idToken: (tenant, occasion) => {
      const content = honest.idToken(tenant, occasion);
      return { ...content, ...change(content, occasion, tenant) };
    },
  }));
}

/** Changes what access tokens say. */
export function withAccessToken(
  bank: Btg,
  change: (content: JwtContent, token: AccessToken, grant: Grant, tenant: Tenant) => Partial<JwtContent>,
): Btg {
  return withJwts(bank, (honest) => ({
    accessToken: (tenant, token, grant) => {
      const content = honest.accessToken(tenant, token, grant);
      return { ...content, ...change(content, token, grant, tenant) };
    },
  }));
}
