import { authenticateClient, readClientCredentials } from '../../oauth/client-authentication.js';
import type { TokenErrorCode } from '../../oauth/oauth-error.js';
import type { Tenant } from '../../tenants/tenant.js';
import { answer } from '../exchange.js';
import type { Answer, Exchange } from '../exchange.js';
import { killAccessToken, revokeGrant } from '../grant-changes.js';
import { verifyAccessTokenKey } from './access-token.js';
import { readFormBody } from './form-body.js';
import { btgTokenDialect, renderRefusal } from './token-dialect.js';

/**
 * `POST /oauth2/revoke` (RFC 7009). Path and parameters `token` and `client_id` were observed, as was that revoking a
 * refresh token also ends the access token: the grant is revoked. An access token dies alone (inferred). The client
 * authenticates as at the token endpoint; that a confidential one must is inferred (RFC 7009 section 2.1).
 */
export async function revokeAtBtg(exchange: Exchange): Promise<Answer> {
  const { tenant, facts } = exchange;
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
  const authentication = authenticateClient(credentials, client, btgTokenDialect.authentication(exchange));
  if (clientId !== null) facts.clientId = clientId;
  if (credentials.kind !== 'none') facts.clientIdentification = authorization === undefined ? 'body' : 'basic';
  if (authentication.kind === 'refused' || client === undefined) {
    const why = authentication.kind === 'refused' ? authentication.why : 'unknown-client';
    return refuse(why === 'several' ? 'invalid_request' : 'invalid_client', why);
  }

  const token = parameters.get('token');
  if (token === undefined) return refuse('invalid_request', 'token is missing');
  const found = await findToken(tenant, token);
  if (found === null) return revoked(exchange, 'nothing to revoke');
  facts.grantId = found.grantId;
  // RFC 7009 section 2.1: a token of another client is refused, and the client is told so.
  if (found.clientId !== client.id) return refuse('invalid_grant', 'the token is of another client');
  await found.revoke();
  return revoked(exchange, 'revoked');
}

interface RevocableToken {
  readonly grantId: string;
  readonly clientId: string;
  revoke(): Promise<unknown>;
}

/** `token_type_hint` is not needed to find a token, so a wrong one does no harm (RFC 7009 section 2.1). */
async function findToken(tenant: Tenant, token: string): Promise<RevocableToken | null> {
  const { store, clock } = tenant;
  const key = verifyAccessTokenKey(token);
  const record = await (key === null ? store.refreshToken(token) : store.accessToken(key));
  const grant = record === undefined ? undefined : await store.grant(record.grantId);
  if (record === undefined || grant?.bank !== 'btg') return null;
  return {
    grantId: grant.id,
    clientId: grant.clientId,
    revoke: async () => {
      // One that was rotated is invalid already (RFC 7009 section 2.2): the grant's newer tokens are not its business.
      if (record.death !== null) return;
      if (record.kind === 'access-token') await killAccessToken(store, record, 'revoked-by-client', clock.now());
      else await revokeGrant(store, grant.id, 'revoked-by-client', clock.now());
    },
  };
}

/** RFC 7009 section 2.2: 200, also for a token that the bank does not know. */
function revoked({ facts }: Exchange, outcome: string): Answer {
  facts.outcome = outcome;
  return answer(
    200,
    [
      ['cache-control', 'no-store'],
      ['pragma', 'no-cache'],
    ],
    '',
  );
}
