import * as v from 'valibot';
import type { BankId } from '../banks/bank-id.js';
import type { TenantRegistry } from '../tenants/tenant-registry.js';
import type { Tenant } from '../tenants/tenant.js';
import { bs2AddressesSchema, btgAddressesSchema } from './tenant-schema.js';
import type { TenantDescription } from './tenant-schema.js';

export type { TenantDescription } from './tenant-schema.js';

/** Where a tenant is to be found, and what its first clients and user are. */
export function describeTenant(tenant: Tenant, registry: TenantRegistry): TenantDescription {
  const control = `${registry.origins.listenOrigin}/_mock/tenants/${tenant.id}`;
  return {
    id: tenant.id,
    control,
    jwksUri: `${control}/jwks`,
    bs2: { ...v.parse(bs2AddressesSchema, tenant.banks.bs2.describe(tenant)), client: describeClient(tenant, 'bs2') },
    btg: { ...v.parse(btgAddressesSchema, tenant.banks.btg.describe(tenant)), client: describeClient(tenant, 'btg') },
    user: describeUser(tenant),
  };
}

function describeClient(tenant: Tenant, bank: BankId): TenantDescription['bs2']['client'] {
  const client = tenant.clients.first(bank);
  if (client === undefined) return null;
  const { id, secret, redirectUris, scope } = client;
  return { id, secret, redirectUris, scope };
}

function describeUser(tenant: Tenant): TenantDescription['user'] {
  const user = tenant.users.first();
  if (user === undefined) return null;
  const { username, password, cpf, companies } = user;
  return { username, password, cpf, companies };
}
