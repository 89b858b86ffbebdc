import type { Bank } from '../bank.js';
import type { Endpoint, Exchange } from '../exchange.js';
import { readFaultSubject } from '../fault-subject.js';
import { pageRoutes } from '../page-flow.js';
import { RouteTable } from '../route-table.js';
import { answerTokenRequest } from '../token-endpoint.js';
import { onTheWire } from '../wire-rules.js';
import { readAccessTokenKey } from './access-token.js';
import { authorizeAtBtg, btgAuthorization } from './authorize.js';
import { btgDiscoveryRoutes, isDiscoveryPath } from './discovery.js';
import { btgIssuer } from './issuer.js';
import { btgJwts } from './jwts.js';
import type { BtgJwts } from './jwts.js';
import { btgLoginDialect } from './login-dialect.js';
import { nothingHere, oauthError } from './oauth-answers.js';
import { btgPageFlow } from './page-flow.js';
import { btgPaths, dedicatedCompany } from './profile.js';
import { btgResourceRoutes, btgResources } from './resources.js';
import type { BtgResources } from './resources.js';
import { btgRevocation, revokeAtBtg } from './revocation.js';
import type { RevocationDialect } from './revocation.js';
import { btgTokenDialect } from './token-dialect.js';

/** A bank as BTG is one. */
export interface Btg extends Bank {
  readonly id: 'btg';
  readonly jwts: BtgJwts;
  readonly revocation: RevocationDialect;
  readonly resources: BtgResources;
}

/** BTG Id, the authorization server of BTG Pactual Empresas, and the two resources that prove its tokens. */
export const btg: Btg = {
  id: 'btg',
  routes: new RouteTable([
    ...pageRoutes(btgPageFlow),
    { method: 'POST', path: btgPaths.token, endpoint: 'token', handle: answerTokenRequest },
    { method: 'POST', path: btgPaths.revocation, endpoint: 'revoke', handle: revokeAtBtg },
    ...btgDiscoveryRoutes,
    ...btgResourceRoutes,
  ]),
  authorization: btgAuthorization,
  login: btgLoginDialect,
  pages: btgPageFlow,
  tokens: btgTokenDialect,
  jwts: btgJwts,
  revocation: btgRevocation,
  resources: btgResources,
  authorize: authorizeAtBtg,
  gate: () => null,
  finish: (finished, endpoint, exchange) => onTheWire(finished, endpoint, exchange, exchange.tenant.settings.btg.wire),
  faultSubject: (exchange, endpoint) =>
    readFaultSubject(authorizationInQuery(exchange, endpoint), endpoint, readAccessTokenKey),
  notFound: () => nothingHere(),
  methodNotAllowed: ({ tenant, path }, allowed) => {
    if (isDiscoveryPath(path) && !tenant.settings.btg.discovery) return nothingHere();
    return oauthError(405, 'invalid_request', 'The method is not allowed here', [['allow', allowed.join(', ')]]);
  },
  badRequest: (_exchange, status, description) => oauthError(status, 'invalid_request', description),
  describe: (tenant) => {
    const { publicBase, internalBase, rootUrl } = tenant.links.btg;
    return {
      baseUrl: internalBase,
      rootUrl,
      issuer: btgIssuer(tenant),
      authorizationEndpoint: `${publicBase}${btgPaths.authorization}`,
      tokenEndpoint: `${internalBase}${btgPaths.token}`,
      revocationEndpoint: `${internalBase}${btgPaths.revocation}`,
      accountsEndpoint: `${internalBase}${btgPaths.accounts.replace(':companyId', dedicatedCompany)}`,
    };
  },
};

/** An authorization request by POST has its parameters in the body; faults are matched against a query. */
function authorizationInQuery(exchange: Exchange, endpoint: Endpoint): Exchange {
  return endpoint === 'authorize' && exchange.method === 'POST' ? { ...exchange, query: exchange.body } : exchange;
}
