import { BlockList, isIPv6 } from 'node:net';
import { answer } from '../exchange.js';
import type { Bank } from '../bank.js';
import type { Exchange } from '../exchange.js';
import { readFaultSubject } from '../fault-subject.js';
import { RouteTable } from '../route-table.js';
import { answerTokenRequest } from '../token-endpoint.js';
import { onTheWire } from '../wire-rules.js';
import { authorizeAtBs2, bs2Authorization } from './authorize.js';
import type { Bs2AuthorizationDialect } from './authorize.js';
import { forbidden, gatewayError } from './gateway-answers.js';
import { bs2LoginDialect } from './login-dialect.js';
import { bs2PageFlow } from './page-flow.js';
import { pageRoutes } from '../page-flow.js';
import { bs2Paths } from './profile.js';
import { bs2ResourceRoutes, bs2Resources } from './resources.js';
import type { Bs2Resources } from './resources.js';
import { bs2TokenDialect } from './token-dialect.js';

/** A bank as BS2 is one. */
export interface Bs2 extends Bank {
  readonly id: 'bs2';
  readonly authorization: Bs2AuthorizationDialect;
  readonly resources: Bs2Resources;
}

/** Banco BS2. */
export const bs2: Bs2 = {
  id: 'bs2',
  routes: new RouteTable([
    ...pageRoutes(bs2PageFlow),
    { method: 'POST', path: bs2Paths.token, endpoint: 'token', handle: answerTokenRequest },
    ...bs2ResourceRoutes,
  ]),
  authorization: bs2Authorization,
  login: bs2LoginDialect,
  pages: bs2PageFlow,
  tokens: bs2TokenDialect,
  resources: bs2Resources,
  authorize: authorizeAtBs2,
  gate: (exchange, endpoint) => {
    const isBackend =
      endpoint === 'token' || endpoint === 'api' || (endpoint === 'authorize' && exchange.headers.has('authorization'));
    return isBackend ? gate(exchange) : null;
  },
  finish: (finished, endpoint, exchange) => onTheWire(finished, endpoint, exchange, exchange.tenant.settings.bs2.wire),
  faultSubject: (exchange, endpoint) => readFaultSubject(exchange, endpoint, (token) => token),
  notFound: () => answer(404, [], ''),
  methodNotAllowed: (_exchange, allowed) => ({
    ...gatewayError(405, '3003103', 'invalid_request', 'The method is not allowed here'),
    headers: [['allow', allowed.join(', ')], ...gatewayError(405, '3003103', 'invalid_request', '').headers],
  }),
  badRequest: (_exchange, status, description) => gatewayError(status, '3003103', 'invalid_request', description),
  describe: (tenant) => {
    const { publicBase, internalBase, rootUrl } = tenant.links.bs2;
    return {
      baseUrl: internalBase,
      rootUrl,
      authorizationEndpoint: `${publicBase}${bs2Paths.authorization}`,
      tokenEndpoint: `${internalBase}${bs2Paths.token}`,
      balanceEndpoint: `${internalBase}${bs2Paths.balance}`,
    };
  },
};

/** What production asks of a backend (devs.bs2.com/docs/first-steps): a listed address, a code in the User-Agent. */
function gate(exchange: Exchange): ReturnType<Bank['gate']> {
  const { userAgentCode, allowedAddresses } = exchange.tenant.settings.bs2;
  const { address } = exchange.peer;
  if (allowedAddresses !== 'any' && address !== null && !isAllowed(address, allowedAddresses)) {
    exchange.facts.outcome = 'address-not-allowed';
    return forbidden();
  }
  if (userAgentCode !== null && !(exchange.headers.get('user-agent') ?? '').includes(userAgentCode)) {
    exchange.facts.outcome = 'user-agent-code-missing';
    return forbidden();
  }
  return null;
}

function isAllowed(address: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    const family = isIPv6(network) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
