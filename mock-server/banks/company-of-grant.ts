import type { Grant } from '../store/records.js';
import type { Tenant } from '../tenants/tenant.js';
import type { Company } from '../tenants/user.js';

/** A company of the tenant by its CNPJ, whoever is linked to it. */
export function findCompany(tenant: Tenant, cnpj: string): Company | undefined {
  for (const user of tenant.users.list()) {
    const company = user.companies.find((candidate) => candidate.cnpj === cnpj);
    if (company !== undefined) return company;
  }
  return undefined;
}

/**
 * The company that a grant is for. A grant of a client that acts for itself (`client_credentials`) is for the company
 * of the account that the application was registered under: here the first user's first company.
 */
export function companyOfGrant(tenant: Tenant, grant: Grant): Company | undefined {
  if (grant.company !== null) {
    const own = grant.username === null ? undefined : tenant.users.find(grant.username);
    return own?.companies.find(({ cnpj }) => cnpj === grant.company) ?? findCompany(tenant, grant.company);
  }
  return tenant.users.first()?.companies[0];
}
