import { randomBase64url } from '../../tenants/random-source.js';
import { stateParameter, usualLogin } from '../login-dialect.js';
import type { LoginDialect } from '../login-dialect.js';
import { btgIssuer } from './issuer.js';
import { offeredCompanies } from './offered-companies.js';

/**
 * BTG Id's login: password, scopes, company (observed: documentacao.senior.com.br, onboarding-btg), and `iss` on every
 * redirect: documented for success, by RFC 9207 section 2 for errors. A second factor after the password is not
 * documented and off unless the setting asks for it. Codes have the length of BTG's token ids (inferred).
 */
export const btgLoginDialect: LoginDialect = {
  ...usualLogin,
  settings: (tenant, clientId) => tenant.btgSettings(tenant.clients.find('btg', clientId)),
  stepAfterLogin: (tenant) => (tenant.settings.btg.secondFactor === 'off' ? 'scopes' : 'second-factor'),
  stepAfterSecondFactor: 'scopes',
  companies: offeredCompanies,
  newCode: (tenant) => randomBase64url(tenant.random, 32),
  redirectParameters: (tenant, result, state, bankUrl) => [
    ...result,
    ['iss', btgIssuer(tenant, bankUrl)],
    ...stateParameter(state),
  ],
};
