import { isRightSecret, parseBasic } from '../../oauth/client-authentication.js';
import type { ClientAuthenticationPolicy } from '../../oauth/client-authentication.js';
import { strictAuthorizationPolicy } from '../../oauth/authorization-policy.js';
import type { UnsafeRedirectReason } from '../../oauth/authorization-policy.js';
import { judgeAuthorizationRequest } from '../../oauth/authorization-request.js';
import { RequestParameters } from '../../oauth/request-parameters.js';
import type { RegisteredClient } from '../../tenants/registered-client.js';
import type { Bs2Settings } from '../../tenants/settings.js';
import type { Tenant } from '../../tenants/tenant.js';
import type { AuthorizationDialect } from '../authorization-dialect.js';
import type { AuthorizationOutcome } from '../bank.js';
import type { Answer, Exchange } from '../exchange.js';
import { errorRedirect } from '../login-flow.js';
import { redirectAnswer } from '../page.js';
import { basicChallenge } from './gateway-answers.js';
import type { GatewayErrorCode } from './gateway-answers.js';
import { gatewayErrorPage } from './pages.js';

/** BS2's authorization endpoint also judges who asks. */
export interface Bs2AuthorizationDialect
  extends AuthorizationDialect, Pick<ClientAuthenticationPolicy, 'isRightSecret'> {
  clientIdentification(tenant: Tenant, client: RegisteredClient | undefined): Bs2Settings['clientIdentification'];
}

export const bs2Authorization: Bs2AuthorizationDialect = {
  findClient: (tenant, id) => tenant.clients.find('bs2', id),
  policy: (tenant, client) => {
    const settings = tenant.bs2Settings(client);
    return strictAuthorizationPolicy({
      requireState: settings.requireState,
      requiredScope: [],
      missingScopeError: 'invalid_request',
      unregisteredScope: settings.unregisteredScope,
      httpsRedirectUris: settings.httpsRedirectUris,
      openIdConnect: false,
    });
  },
  clientIdentification: (tenant, client) => tenant.bs2Settings(client).clientIdentification,
  isRightSecret,
};

type Identification = { readonly client: RegisteredClient } | { readonly answer: Answer };

/**
 * Judges `GET /api-banking/auth/oauth/v2/authorize`. The current page asks for Basic with API Key and API Secret
 * (devs.bs2.com/docs/consent), an older one for `client_id` in the query (devs.bs2.com/manual/consentimento/).
 */
export async function authorizeAtBs2(exchange: Exchange): Promise<AuthorizationOutcome> {
  const parameters = new RequestParameters(exchange.query);
  const identified = await identify(exchange, parameters);
  if ('answer' in identified) return { kind: 'answer', answer: identified.answer };
  const { client } = identified;
  const policy = exchange.tenant.banks.bs2.authorization.policy(exchange.tenant, client);
  const decision = judgeAuthorizationRequest(parameters, client, policy);
  switch (decision.kind) {
    case 'accepted':
      return { kind: 'login', client, request: decision.request };
    case 'page': {
      exchange.facts.outcome = decision.why;
      const [errorCode, description] = pageErrors[decision.why];
      return {
        kind: 'answer',
        answer: await gatewayErrorPage(exchange, 400, errorCode, 'invalid_request', description),
      };
    }
    case 'redirect': {
      exchange.facts.outcome = decision.error;
      const { redirectUri, state, error, description } = decision;
      const target = { redirectUri, state, bankUrl: exchange.ownHost?.bankUrl };
      const location = errorRedirect(exchange.tenant, 'bs2', target, error, description);
      return { kind: 'answer', answer: { ...redirectAnswer(location), toPartner: true } };
    }
  }
}

const pageErrors: Readonly<Record<UnsafeRedirectReason, readonly [GatewayErrorCode, string]>> = {
  malformed: ['3000103', 'Missing or duplicate parameters'],
  'redirect-uri-repeated': ['3000103', 'Missing or duplicate parameters'],
  'redirect-uri-missing': ['3000130', 'No redirect_uri was given'],
  'redirect-uri-mismatch': ['3000114', 'Mismatching redirect_uri'],
  'redirect-uri-insecure': ['3000114', 'The redirect_uri must use https'],
};

async function identify(exchange: Exchange, parameters: RequestParameters): Promise<Identification> {
  const { tenant, facts, headers } = exchange;
  const { authorization: dialect } = tenant.banks.bs2;
  const refuse = async (
    status: 400 | 401,
    errorCode: GatewayErrorCode,
    error: string,
    description: string,
  ): Promise<Identification> => {
    facts.outcome = description;
    return {
      answer: await gatewayErrorPage(
        exchange,
        status,
        errorCode,
        error,
        description,
        status === 401 ? [basicChallenge] : [],
      ),
    };
  };
  const queryId = parameters.get('client_id');
  if (parameters.isRepeated('client_id'))
    return refuse(400, '3000103', 'invalid_request', 'Missing or duplicate parameters');
  const authorization = headers.get('authorization');
  const basic = authorization === null ? null : parseBasic(authorization);
  const id = basic?.id ?? queryId;
  const client = id === undefined ? undefined : dialect.findClient(tenant, id);
  const clientIdentification = dialect.clientIdentification(tenant, client);
  if (id !== undefined) facts.clientId = id;

  if (authorization !== null) {
    facts.clientIdentification = 'basic';
    const accepted = clientIdentification !== 'query' && basic !== null && client !== undefined;
    if (!accepted || !dialect.isRightSecret(client, basic.secret)) {
      return refuse(401, '3000201', 'invalid_client', 'The given client credentials were not valid');
    }
    if (queryId !== undefined && queryId !== basic.id) {
      return refuse(400, '3000103', 'invalid_request', 'Missing or duplicate parameters');
    }
    return { client };
  }
  // Without Basic there is no challenge: a browser would ask its user for the API Secret.
  if (queryId === undefined) return refuse(400, '3000103', 'invalid_request', 'Missing or duplicate parameters');
  facts.clientIdentification = 'query';
  if (client === undefined || clientIdentification === 'basic') {
    return refuse(400, '3000201', 'invalid_client', 'The given client credentials were not valid');
  }
  return { client };
}
