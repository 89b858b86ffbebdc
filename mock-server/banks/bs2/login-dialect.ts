import { randomGuid } from '../../tenants/random-source.js';
import { stateParameter, usualLogin } from '../login-dialect.js';
import type { LoginDialect } from '../login-dialect.js';

/** BS2's login: password, then consent with the choice of a token, then the token. No `iss` on the redirect. */
export const bs2LoginDialect: LoginDialect = {
  ...usualLogin,
  settings: (tenant, clientId) => tenant.bs2Settings(tenant.clients.find('bs2', clientId)),
  stepAfterLogin: () => 'consent',
  stepAfterSecondFactor: 'over',
  companies: (_tenant, user) => user.companies,
  newCode: (tenant) => randomGuid(tenant.random),
  redirectParameters: (_tenant, result, state) => [...result, ...stateParameter(state)],
};
