import type { Tenant } from '../../tenants/tenant.js';
import type { Company, User } from '../../tenants/user.js';
import { findCompany } from '../company-of-grant.js';
import { dedicatedCompany } from './profile.js';

/**
 * The companies that a user may consent for. In the sandbox only the one dedicated to it, whoever logs in; in
 * production all that the user is linked to (developers.empresas.btgpactual.com/docs/authorization-code, "Sandbox vs
 * Produção"). A tenant whose users are not linked to the dedicated company has it without accounts.
 */
export function offeredCompanies(tenant: Tenant, user: User): readonly Company[] {
  if (tenant.settings.btg.companies === 'linked') return user.companies;
  const dedicated = findCompany(tenant, dedicatedCompany);
  return [dedicated ?? { cnpj: dedicatedCompany, name: 'Empresa dedicada ao sandbox', accounts: [] }];
}
