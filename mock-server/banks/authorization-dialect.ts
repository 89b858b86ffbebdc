import type { AuthorizationPolicy } from '../oauth/authorization-policy.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { Tenant } from '../tenants/tenant.js';

/** What a bank's authorization endpoint decides for itself. */
export interface AuthorizationDialect {
  /** The client that a request names; undefined where the bank knows none of that id. */
  findClient(tenant: Tenant, id: string): RegisteredClient | undefined;
  policy(tenant: Tenant, client: RegisteredClient): AuthorizationPolicy;
}
