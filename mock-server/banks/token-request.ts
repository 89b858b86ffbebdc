import type { GrantPolicy } from '../oauth/grant-policy.js';
import type { RequestParameters } from '../oauth/request-parameters.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { Answer, Exchange } from './exchange.js';
import type { IssuedTokens } from './grant-changes.js';
import type { GrantType, TokenDialect, TokenGrant, TokenRefusal } from './token-dialect.js';

/** What a grant type made of a request: tokens, a refusal, or an answer of another kind. */
export type TokenOutcome = Answer | TokenGrant | Pick<TokenRefusal, 'error' | 'why'>;

/** A token request of an authenticated client, on its way through one grant type. */
export interface TokenRequest {
  readonly exchange: Exchange;
  readonly dialect: TokenDialect;
  readonly client: RegisteredClient;
  readonly parameters: RequestParameters;
  readonly policy: GrantPolicy;
}

/** Member by member: spreading what was issued took a tenth of a refresh. */
export function tokenGrant(
  { grant, accessToken, refreshToken }: IssuedTokens,
  client: RegisteredClient,
  grantType: GrantType,
  nonce: string | null,
): TokenGrant {
  return { grant, accessToken, refreshToken, client, grantType, nonce };
}

/** The refresh token that the bank gives with this grant type; null where it gives none. */
export function newRefreshToken(
  { exchange, dialect }: TokenRequest,
  grantType: GrantType,
  { refreshTokenMs }: { readonly refreshTokenMs: number },
): { key: string; lifetimeMs: number } | null {
  if (!dialect.givesRefreshToken(grantType)) return null;
  return { key: dialect.newRefreshTokenKey(exchange), lifetimeMs: refreshTokenMs };
}
