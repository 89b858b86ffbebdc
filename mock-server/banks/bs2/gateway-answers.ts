import { answer } from '../exchange.js';
import type { Answer } from '../exchange.js';
import type { JsonMembers } from '../json-members.js';

/**
 * The gateway's pretty print, as recorded from homologation in June 2021: CRLF, two spaces, no space after the colon.
 * Members keep the order given.
 */
export function gatewayJson(members: JsonMembers): string {
  return `{\r\n${members.map(([name, value]) => `  ${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',\r\n')}\r\n}`;
}

const jsonType = ['content-type', 'application/json;charset=UTF-8'] as const;
const noStore = [
  ['cache-control', 'no-store'],
  ['pragma', 'no-cache'],
] as const;

/** Reasons of the gateway (Layer7 OAuth Toolkit), the last three digits of `X-Ca-Err`. */
export const gatewayReason = {
  parameters: '103',
  session: '110',
  grant: '113',
  redirectUri: '114',
  scope: '115',
  responseType: '116',
  clientType: '117',
  grantType: '119',
  denied: '124',
  noRedirectUri: '130',
  client: '201',
  user: '202',
  prefix: '203',
} as const;

/** Endpoints of the gateway, the first four digits of `X-Ca-Err`. */
export const gatewayEndpoint = { authorize: '3000', login: '3001', consent: '3002', token: '3003' } as const;

export type GatewayErrorCode =
  `${(typeof gatewayEndpoint)[keyof typeof gatewayEndpoint]}${(typeof gatewayReason)[keyof typeof gatewayReason]}`;

/** A success of the token endpoint. */
export function gatewayTokens(members: JsonMembers): Answer {
  return answer(200, [...noStore, jsonType], gatewayJson(members));
}

/** An OAuth error of the gateway. `headers` come before the usual ones, as recorded. */
export function gatewayError(
  status: number,
  errorCode: GatewayErrorCode,
  error: string,
  description: string,
  headers: readonly (readonly [string, string])[] = [],
): Answer {
  return answer(
    status,
    [...headers, ['x-ca-err', errorCode], ...noStore, jsonType],
    gatewayJson([
      ['error', error],
      ['error_description', description],
    ]),
  );
}

/** The challenge that BS2 was recorded to send with a 401 at the token endpoint. */
export const basicChallenge = ['www-authenticate', 'Basic error="Invalid or missing credentials"'] as const;
export const connectionClose = ['connection', 'close'] as const;

/** A business error of a resource: an array of tags and descriptions. */
export function businessError(tag: string, descricao: string): Answer {
  return answer(400, [['content-type', 'application/json;charset=utf-8']], JSON.stringify([{ tag, descricao }]));
}

/** A resource's answer to a bearer token that does not work: the whole body is this text. */
export function invalidToken(): Answer {
  return answer(
    401,
    [
      ['www-authenticate', 'Bearer error="invalid_token"'],
      ['content-type', 'text/plain;charset=UTF-8'],
    ],
    'Invalid token',
  );
}

/** A resource's answer to a client that is not provisioned for it. */
export function forbidden(): Answer {
  return answer(403, [], '');
}

export function resourceJson(value: unknown): Answer {
  return answer(
    200,
    [
      ['content-type', 'application/json;charset=utf-8'],
      ['cache-control', 'no-store'],
    ],
    JSON.stringify(value),
  );
}
