import { randomGuid } from '../../tenants/random-source.js';
import type { LoginDialect } from '../login-flow.js';

/** BS2's login: password, then consent with the choice of a token, then the token. No `iss` on the redirect. */
export const bs2LoginDialect: LoginDialect = {
  bank: 'bs2',
  settings: (tenant, clientId) => tenant.bs2Settings(tenant.clients.find('bs2', clientId)),
  stepAfterLogin: () => 'consent',
  stepAfterSecondFactor: 'over',
  companies: (_tenant, user) => user.companies,
  newCode: (tenant) => randomGuid(tenant.random),
  redirectMembers: () => [],
};
