import { readBearerToken } from '../oauth/bearer-check.js';
import { readClientCredentials } from '../oauth/client-authentication.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import type { FaultSubject } from '../faults/fault.js';
import type { Answer, Endpoint, Exchange } from './exchange.js';

const nothing: FaultSubject = {
  grantType: undefined,
  client: undefined,
  grant: undefined,
  code: undefined,
  refreshToken: undefined,
  accessToken: undefined,
  state: undefined,
};

/**
 * What a request says of itself, for faults that act on some requests only. It is read anew because a fault acts
 * before the bank has read anything; this happens only while a tenant has faults. `accessTokenKey` finds the record
 * of a bearer token where the token is not its own key.
 */
export async function readFaultSubject(
  exchange: Exchange,
  endpoint: Endpoint,
  accessTokenKey: (token: string) => string | null,
): Promise<FaultSubject> {
  const { store } = exchange.tenant;
  const authorization = exchange.headers.get('authorization') ?? undefined;
  if (endpoint === 'api') {
    const accessToken = readBearerToken(authorization) ?? undefined;
    const key = accessToken === undefined ? null : accessTokenKey(accessToken);
    const record = key === null ? undefined : await store.accessToken(key);
    const grant = record === undefined ? undefined : await store.grant(record.grantId);
    return { ...nothing, accessToken, grant: grant?.id, client: grant?.clientId };
  }
  const parameters = new RequestParameters(endpoint === 'authorize' ? exchange.query : exchange.body);
  const credentials = readClientCredentials(authorization, parameters);
  const client = 'id' in credentials ? credentials.id : undefined;
  if (endpoint === 'authorize') return { ...nothing, client, state: parameters.get('state') };
  const code = parameters.get('code');
  const refreshToken = parameters.get('refresh_token') ?? (endpoint === 'revoke' ? parameters.get('token') : undefined);
  const record =
    (code === undefined ? undefined : await store.code(code)) ??
    (refreshToken === undefined ? undefined : await store.refreshToken(refreshToken));
  return { ...nothing, grantType: parameters.get('grant_type'), client, code, refreshToken, grant: record?.grantId };
}

/** What an authorization response says of itself. */
export async function readRedirectSubject(exchange: Exchange, redirect: Answer): Promise<FaultSubject> {
  const location = redirect.headers.find(([name]) => name === 'location')?.[1] ?? '';
  const parameters = new RequestParameters(location.split('?').slice(1).join('?'));
  const code = parameters.get('code');
  const record = code === undefined ? undefined : await exchange.tenant.store.code(code);
  return { ...nothing, client: exchange.facts.clientId, state: parameters.get('state'), code, grant: record?.grantId };
}
