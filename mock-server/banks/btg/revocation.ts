import { authenticateClient, readClientCredentials } from '../../oauth/client-authentication.js';
import type { ClientAuthenticationPolicy } from '../../oauth/client-authentication.js';
import type { TokenErrorCode } from '../../oauth/oauth-error.js';
import type { AccessToken, Grant, RefreshToken } from '../../store/records.js';
import type { RegisteredClient } from '../../tenants/registered-client.js';
import type { Tenant } from '../../tenants/tenant.js';
import { answer } from '../exchange.js';
import type { Answer, Exchange } from '../exchange.js';
import { killAccessToken, revokeGrant } from '../grant-changes.js';
import { grantOfExchange } from '../grant-of-exchange.js';
import { readFormBody } from './form-body.js';
import { btgClientAuthentication, renderRefusal } from './token-dialect.js';

/**
 * `POST /oauth2/revoke` (RFC 7009). Path and parameters `token` and `client_id` were observed, as was that revoking a
 * refresh token also ends the access token: the grant is revoked. An access token dies alone (inferred). The client
 * authenticates as at the token endpoint; that a confidential one must is inferred (RFC 7009 section 2.1).
 */
export async function revokeAtBtg(exchange: Exchange): Promise<Answer> {
  const { tenant, facts } = exchange;
  const { revocation } = tenant.banks.btg;
  let clientId: string | null = null;
  const refuse = (error: TokenErrorCode, why: string): Answer => {
    facts.outcome = `${error}: ${why}`;
    return renderRefusal({ error, why, clientId });
  };
  const parameters = readFormBody(exchange);
  if (parameters === null) return refuse('invalid_request', 'the body is not application/x-www-form-urlencoded');
  const authorization = exchange.headers.get('authorization') ?? undefined;
  const credentials = readClientCredentials(authorization, parameters);
  if ('id' in credentials) clientId = credentials.id;
  if (parameters.malformed) return refuse('invalid_request', 'the body is malformed');
  if (parameters.hasRepeated) return refuse('invalid_request', 'a parameter is repeated');

  const client = clientId === null ? undefined : tenant.clients.find('btg', clientId);
  const authentication = authenticateClient(credentials, client, revocation.authentication(exchange));
  if (clientId !== null) facts.clientId = clientId;
  if (credentials.kind !== 'none') facts.clientIdentification = authorization === undefined ? 'body' : 'basic';
  if (authentication.kind === 'refused' || client === undefined) {
    const why = authentication.kind === 'refused' ? authentication.why : 'unknown-client';
    return refuse(why === 'several' ? 'invalid_request' : 'invalid_client', why);
  }

  const token = parameters.get('token');
  if (token === undefined) return refuse('invalid_request', 'token is missing');
  const found = await findToken(exchange, token);
  if (found === null) {
    facts.outcome = 'nothing to revoke';
    return revocation.renderUnknown();
  }
  facts.grantId = found.grant.id;
  // RFC 7009 section 2.1: a token of another client is refused, and the client is told so.
  if (!revocation.mayRevoke(found.grant, client)) return refuse('invalid_grant', 'the token is of another client');
  await revocation.end(tenant, found.token);
  facts.outcome = 'revoked';
  return revocation.renderRevoked();
}

/** What BTG Id's revocation endpoint decides for itself. */
export interface RevocationDialect {
  authentication(exchange: Exchange): ClientAuthenticationPolicy;
  mayRevoke(grant: Grant, client: RegisteredClient): boolean;
  /** Ends a token that may be revoked. */
  end(tenant: Tenant, token: AccessToken | RefreshToken): Promise<void>;
  renderRevoked(): Answer;
  renderUnknown(): Answer;
}

export const btgRevocation: RevocationDialect = {
  authentication: btgClientAuthentication,
  mayRevoke: (grant, client) => grant.clientId === client.id,
  end: async ({ store, clock }, token) => {
    // One that was rotated is invalid already (RFC 7009 section 2.2): the grant's newer tokens are not its business.
    if (token.death !== null) return;
    if (token.kind === 'access-token') await killAccessToken(store, token, 'revoked-by-client', clock.now());
    else await revokeGrant(store, token.grantId, 'revoked-by-client', clock.now());
  },
  renderRevoked: revoked,
  renderUnknown: revoked,
};

interface FoundToken {
  readonly grant: Grant;
  readonly token: AccessToken | RefreshToken;
}

/** `token_type_hint` is not needed to find a token, so a wrong one does no harm (RFC 7009 section 2.1). */
async function findToken(exchange: Exchange, value: string): Promise<FoundToken | null> {
  const { store, banks } = exchange.tenant;
  const key = banks.btg.jwts.accessTokenKey(value);
  const token = await (key === null ? store.refreshToken(value) : store.accessToken(key));
  const grant = await grantOfExchange(exchange, token);
  return token === undefined || grant === undefined ? null : { grant, token };
}

/** RFC 7009 section 2.2: 200, also for a token that the bank does not know. */
function revoked(): Answer {
  return answer(
    200,
    [
      ['cache-control', 'no-store'],
      ['pragma', 'no-cache'],
    ],
    '',
  );
}
