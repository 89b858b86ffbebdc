import { authenticateClient, readClientCredentials } from '../oauth/client-authentication.js';
import type { RateDecision, RateLimit } from '../oauth/sliding-window.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import { bankOf } from './bank-of-exchange.js';
import { redeemCode, refresh } from './consented-tokens.js';
import type { Answer, Exchange } from './exchange.js';
import type { TokenRefusal } from './token-dialect.js';
import type { TokenOutcome, TokenRequest } from './token-request.js';
import { grantToClient, grantToPassword } from './unconsented-tokens.js';

/** Answers `POST` on a token endpoint (RFC 6749 section 3.2). */
export async function answerTokenRequest(exchange: Exchange): Promise<Answer> {
  const { tenant, facts, bank } = exchange;
  const dialect = bankOf(exchange).tokens;
  const authorization = exchange.headers.get('authorization') ?? undefined;
  if (!dialect.takesContentType(exchange.headers.get('content-type'))) {
    return refuse(
      exchange,
      { error: 'invalid_request', why: 'the body is not application/x-www-form-urlencoded' },
      null,
    );
  }
  const parameters = dialect.parameters(exchange);
  const credentials = readClientCredentials(authorization, parameters);
  const clientId = 'id' in credentials ? credentials.id : null;
  if (parameters.malformed)
    return refuse(exchange, { error: 'invalid_request', why: 'the body is malformed' }, clientId);
  if (parameters.hasRepeated)
    return refuse(exchange, { error: 'invalid_request', why: 'a parameter is repeated' }, clientId);

  const client = clientId === null ? undefined : tenant.clients.find(bank, clientId);
  const authentication = authenticateClient(credentials, client, dialect.authentication(exchange));
  if (clientId !== null) facts.clientId = clientId;
  if (credentials.kind !== 'none') facts.clientIdentification = authorization === undefined ? 'body' : 'basic';
  const grantType = parameters.get('grant_type');
  if (grantType !== undefined) facts.grantType = grantType.slice(0, 64);
  if (authentication.kind === 'refused' || client === undefined) {
    const why = authentication.kind === 'refused' ? authentication.why : 'unknown-client';
    return refuse(exchange, { error: why === 'several' ? 'invalid_request' : 'invalid_client', why }, clientId);
  }

  const limit = dialect.rateLimit(exchange, client, grantType);
  if (limit !== null) {
    const rate = countTokenRequest(exchange, client, limit);
    if (rate.kind === 'over') {
      facts.outcome = 'over the limit';
      return dialect.renderOverLimit(exchange, client, rate.retryAfterMs);
    }
  }

  const request: TokenRequest = { exchange, dialect, client, parameters, policy: dialect.policy(exchange, client) };
  const outcome = await answerGrantType(request, grantType);
  if ('error' in outcome) return refuse(exchange, outcome, clientId);
  if ('status' in outcome) return outcome;
  facts.grantId = outcome.grant.id;
  if (outcome.grant.username !== null) facts.username = outcome.grant.username;
  facts.outcome = 'tokens';
  return dialect.renderTokens(exchange, await dialect.tokenMembers(exchange, outcome));
}

function refuse(
  exchange: Exchange,
  { error, why }: Pick<TokenRefusal, 'error' | 'why'>,
  clientId: string | null,
): Answer {
  exchange.facts.outcome = `${error}: ${why}`;
  const usedAuthorizationHeader = exchange.headers.has('authorization');
  return bankOf(exchange).tokens.renderRefusal(exchange, { error, why, usedAuthorizationHeader, clientId });
}

/** Judges a request of a client under a limit, and counts it when it is within. */
export function countTokenRequest(
  { tenant, bank }: Exchange,
  client: RegisteredClient,
  limit: RateLimit,
): RateDecision {
  return tenant.rates.count(`${bank} ${client.id}`, limit, tenant.clock.now());
}

function answerGrantType(request: TokenRequest, grantType: string | undefined): Promise<TokenOutcome> | TokenOutcome {
  if (grantType === undefined) return { error: 'invalid_request', why: 'grant_type is missing' };
  const known = request.dialect.grantTypes.find((candidate) => candidate === grantType);
  switch (known) {
    case 'authorization_code':
      return redeemCode(request);
    case 'refresh_token':
      return refresh(request);
    case 'client_credentials':
      return grantToClient(request);
    case 'password':
      return grantToPassword(request);
    case undefined:
      return { error: 'unsupported_grant_type', why: 'the bank does not offer this grant type' };
  }
}
