import { strictAuthorizationPolicy } from '../../oauth/authorization-policy.js';
import type { UnsafeRedirectReason } from '../../oauth/authorization-policy.js';
import { judgeAuthorizationRequest } from '../../oauth/authorization-request.js';
import { RequestParameters } from '../../oauth/request-parameters.js';
import type { AuthorizationDialect } from '../authorization-dialect.js';
import type { AuthorizationOutcome } from '../bank.js';
import type { Exchange } from '../exchange.js';
import { errorRedirect } from '../login-flow.js';
import { redirectAnswer } from '../page.js';
import { appNotFoundPage, errorPage } from './error-page.js';
import { readFormBody } from './form-body.js';

const pageErrors: Readonly<Record<UnsafeRedirectReason, string>> = {
  malformed: 'The request cannot be read',
  'redirect-uri-repeated': 'redirect_uri is repeated',
  'redirect-uri-missing': 'redirect_uri is missing',
  'redirect-uri-mismatch': 'redirect_uri is not registered for this application',
  'redirect-uri-insecure': 'redirect_uri must use https',
};

/** `openid` is mandatory (/docs/meu-primeiro-access-token), its absence answered with `invalid_scope` (inferred). */
export const btgAuthorization: AuthorizationDialect = {
  findClient: (tenant, id) => tenant.clients.find('btg', id),
  policy: (tenant, client) => {
    const settings = tenant.btgSettings(client);
    return strictAuthorizationPolicy({
      requireState: settings.requireState,
      requiredScope: ['openid'],
      missingScopeError: 'invalid_scope',
      unregisteredScope: settings.unregisteredScope,
      httpsRedirectUris: settings.httpsRedirectUris,
      openIdConnect: true,
    });
  },
};

/**
 * Judges an authorization request, by GET or POST (OpenID Connect Core section 3.1.2.1). The parameters are those of
 * developers.empresas.btgpactual.com/docs/authorization-code. An unknown client is stopped before the login (observed).
 */
export async function authorizeAtBtg(exchange: Exchange): Promise<AuthorizationOutcome> {
  const { tenant, facts } = exchange;
  const refuse = async (description: string): Promise<AuthorizationOutcome> => {
    facts.outcome = description;
    return { kind: 'answer', answer: await errorPage(exchange, 400, 'invalid_request', description) };
  };
  const parameters = exchange.method === 'POST' ? readFormBody(exchange) : new RequestParameters(exchange.query);
  if (parameters === null) return refuse('The body is not application/x-www-form-urlencoded');
  if (parameters.isRepeated('client_id')) return refuse('client_id is repeated');
  const clientId = parameters.get('client_id');
  if (clientId === undefined) return refuse('client_id is missing');
  facts.clientId = clientId;
  facts.clientIdentification = exchange.method === 'POST' ? 'body' : 'query';
  const { authorization } = tenant.banks.btg;
  const client = authorization.findClient(tenant, clientId);
  if (client === undefined) {
    facts.outcome = 'unknown-client';
    return { kind: 'answer', answer: await appNotFoundPage(exchange, clientId) };
  }
  const decision = judgeAuthorizationRequest(parameters, client, authorization.policy(tenant, client));
  switch (decision.kind) {
    case 'accepted':
      return { kind: 'login', client, request: decision.request };
    case 'page':
      return refuse(pageErrors[decision.why]);
    case 'redirect': {
      const { redirectUri, state, error, description } = decision;
      const target = { redirectUri, state, bankUrl: exchange.ownHost?.bankUrl };
      facts.outcome = error;
      const location = errorRedirect(tenant, 'btg', target, error, description);
      return { kind: 'answer', answer: { ...redirectAnswer(location), toPartner: true } };
    }
  }
}
