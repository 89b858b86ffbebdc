import { SecureRandomSource, SeededRandomSource } from '../tenants/random-source.js';
import type { TenantRegistry } from '../tenants/tenant-registry.js';
import type { Tenant } from '../tenants/tenant.js';
import { invalidRequest } from './problem.js';
import { findRepetitions, toTenantRequest } from './settings-schema.js';
import type { NewTenant } from './tenant-schema.js';

/** Creates a tenant as a request asks. @throws ControlProblem, TenantExistsError, TooManyTenantsError */
export function createTenant(registry: TenantRegistry, request: NewTenant): Tenant {
  const problems = findRepetitions(request, '');
  if (problems.length > 0) throw invalidRequest(problems);
  const { randomSeed } = request;
  const random =
    randomSeed === undefined ? new SecureRandomSource() : new SeededRandomSource(`requested fixtures\n${randomSeed}`);
  return registry.create(toTenantRequest(request, random));
}
