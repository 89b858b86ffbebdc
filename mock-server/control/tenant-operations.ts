import { jwks } from '../banks/btg/signing-key.js';
import { defaultTenantId } from '../server-address.js';
import { itemsOf } from './basic-schemas.js';
import { createTenant } from './create-tenant.js';
import { healthOperation } from './health-operation.js';
import { operation, silentOperation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { ControlProblem } from './problem.js';
import { describeTenant } from './tenant-description.js';
import { jwksSchema, tenantDescriptionSchema, tenantRequestSchema } from './tenant-schema.js';

const path = '/_mock/tenants';

/** The server itself, and its isolated worlds. */
export const tenantOperations: readonly Operation[] = [
  healthOperation,
  operation(
    {
      id: 'listTenants',
      method: 'GET',
      path,
      summary: 'The descriptions of all tenants',
      status: 200,
      response: itemsOf(tenantDescriptionSchema),
    },
    ({ context: { registry } }) => ({ items: registry.list().map((tenant) => describeTenant(tenant, registry)) }),
  ),
  operation(
    {
      id: 'createTenant',
      method: 'POST',
      path,
      summary: 'Creates a tenant; clients and users are seeded where absent',
      request: tenantRequestSchema,
      problems: [409],
      status: 201,
      response: tenantDescriptionSchema,
    },
    ({ context: { registry }, body }) => describeTenant(createTenant(registry, body), registry),
  ),
  operation(
    {
      id: 'getTenant',
      method: 'GET',
      path: `${path}/{tenant}`,
      summary: 'Where a tenant is to be found, and its first clients and user',
      status: 200,
      response: tenantDescriptionSchema,
    },
    (call) => describeTenant(tenantOf(call), call.context.registry),
  ),
  silentOperation(
    {
      id: 'deleteTenant',
      method: 'DELETE',
      path: `${path}/{tenant}`,
      summary: 'Deletes a tenant and all it holds',
      problems: [409],
    },
    (call) => {
      const { id } = tenantOf(call);
      if (id === defaultTenantId) {
        throw new ControlProblem(409, 'ERR_DEFAULT_TENANT', 'The default tenant is never deleted; reset it instead.');
      }
      call.context.registry.delete(id);
    },
  ),
  operation(
    {
      id: 'resetTenant',
      method: 'POST',
      path: `${path}/{tenant}/reset`,
      summary: 'Tokens, grants, faults, mutants, journal, settings and clock back to the tenant’s start',
      status: 200,
      response: tenantDescriptionSchema,
    },
    async (call) => {
      const tenant = tenantOf(call);
      await tenant.reset();
      return describeTenant(tenant, call.context.registry);
    },
  ),
  operation(
    {
      id: 'getJwks',
      method: 'GET',
      path: `${path}/{tenant}/jwks`,
      summary: 'BTG’s signing keys (JWK Set)',
      status: 200,
      response: jwksSchema,
    },
    (call) => {
      tenantOf(call);
      return jwks();
    },
  ),
];
