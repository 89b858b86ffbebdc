import type { Endpoint } from '../../banks/exchange.js';
import { bothBanks } from './finding.js';
import type { FindingRule, Judgement } from './finding.js';
import { isMasked } from './masked.js';
import type { SeenExchange } from './seen-exchange.js';
import type { TrafficHistory } from './traffic-history.js';

const everywhere: readonly Endpoint[] = [
  'authorize',
  'login',
  'consent',
  'second-factor',
  'scopes',
  'company',
  'token',
  'revoke',
  'api',
  'discovery',
  'jwks',
  'unknown',
];

const secretNames = ['client_secret', 'client_assertion', 'api_secret', 'apisecret'];

function judgeSecret(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const named = seen.query.names.find((name) => secretNames.includes(name.toLowerCase()));
  if (named !== undefined && seen.query.get(named) !== undefined) {
    return `The client secret stands in the URL, as ${named.toLowerCase()}: proxies and logs keep it.`;
  }
  if (/^https?:\/\/[^/?#@]*:[^/?#@]+@/i.test(seen.url)) return 'Credentials stand in the URL before the host.';
  const values = new Set(seen.query.names.map((name) => seen.query.get(name)));
  for (const secret of history.secrets) {
    if (values.has(secret)) return 'The client secret stands in the URL: proxies and logs keep it.';
  }
  return null;
}

/** Parameters of a token request, and whether they are secret. */
const tokenParameters = new Map<string, boolean>([
  ['grant_type', false],
  ['client_id', false],
  ['redirect_uri', false],
  ['scope', false],
  ['code', true],
  ['refresh_token', true],
  ['code_verifier', true],
  ['client_secret', true],
  ['username', true],
  ['password', true],
  ['token', true],
]);

function judgeTokenQuery(seen: SeenExchange): Judgement | null {
  const names = seen.query.names.filter((name) => tokenParameters.has(name));
  if (names.length === 0) return null;
  const isLeak = names.some((name) => tokenParameters.get(name) === true);
  const list = names.join(', ');
  const message = `The bank reads the body only and ignores what stands in the query of the token endpoint: ${list}.`;
  return isLeak ? message : { severity: 'warning', message };
}

function judgeMethod({ method }: SeenExchange): Judgement | null {
  if (method === 'POST' || method === 'OPTIONS' || method === 'HEAD') return null;
  return 'Token requests are made by POST; the bank refuses this one.';
}

const kindNames = {
  code: 'An authorization code',
  'access-token': 'An access token',
  'refresh-token': 'A refresh token',
  'id-token': 'An id_token',
} as const;

function judgeToken(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const message = (what: string): string =>
    seen.header('authorization') === null
      ? `${what} stands in the URL: proxies and logs keep it, and the bank does not read it there.`
      : `${what} stands in the URL besides the Authorization header: proxies and logs keep it.`;
  if (seen.endpoint === 'api' && seen.query.get('access_token') !== undefined) return message('An access token');
  for (const name of seen.query.names) {
    const value = seen.query.get(name);
    if (value === undefined || name === 'id_token_hint' || (value.length < 20 && !isMasked(value))) continue;
    const issued = history.issued(value);
    if (issued !== undefined && issued.kind !== 'id-token' && issued.kind !== 'code')
      return message(kindNames[issued.kind]);
  }
  return null;
}

/** Near misses of the banks' own paths. */
const nearMisses: readonly (readonly [RegExp, string])[] = [
  [/\/api-banking\/auth\/oauth\/v2\/token\/?$/, 'the token endpoint has no /api-banking before /auth/oauth/v2/token'],
  [
    /(?<!\/api-banking)\/auth\/oauth\/v2\/authorize\/?$/,
    'the authorization endpoint is /api-banking/auth/oauth/v2/authorize',
  ],
  [/\/(authorize|token|revoke|accounts|balances|saldo|extrato)\/$/, 'the bank’s paths have no slash at their end'],
  [/\/oauth2?\/(v\d\/)?(authorize|token|revoke)$/, 'the bank’s endpoints have other paths'],
  [/\/v1\/accounts(\/|$)/, 'accounts are at /{companyId}/banking/accounts'],
  [/\/(contascorrentes|saldo|extrato|banking|accounts|balances)(\/|$)/, 'the resource has another path'],
];

function judgePath({ url }: SeenExchange): Judgement | null {
  const path = url.split(/[?#]/)[0] ?? '';
  const hint = nearMisses.find(([pattern]) => pattern.test(path))?.[1];
  return hint === undefined ? null : `The bank has nothing at this address; ${hint}.`;
}

/** What does not belong into an address, and addresses that are none. */
export const addressRules: readonly FindingRule[] = [
  {
    id: 'client-secret-in-url',
    severity: 'failed',
    banks: bothBanks,
    endpoints: everywhere,
    requirements: ['RFC6749-2.3.1-c', 'BS2-code-e', 'BTG-token-j'],
    description: 'The client secret stands in the address of a request.',
    advice: 'Authenticate by HTTP Basic; replace the secret, since it is in logs now.',
    judge: judgeSecret,
  },
  {
    id: 'token-parameters-in-query',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token', 'revoke'],
    requirements: ['RFC6749-3.2-a', 'BS2-code-e', 'BTG-token-j'],
    description: 'Parameters of a token request stand in the query, where the bank ignores them.',
    advice: 'Send them in the body, as application/x-www-form-urlencoded.',
    judge: judgeTokenQuery,
  },
  {
    id: 'token-request-not-post',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token', 'revoke'],
    requirements: ['RFC6749-3.2-a'],
    description: 'A token request was made by another method than POST.',
    advice: 'Use POST with a form in the body.',
    judge: judgeMethod,
  },
  {
    id: 'token-in-url',
    severity: 'failed',
    banks: bothBanks,
    endpoints: everywhere.filter((endpoint) => endpoint !== 'token' && endpoint !== 'revoke'),
    requirements: ['RFC6750-2.3-a', 'BS2-resource-g', 'BTG-resource-f'],
    description: 'An access token or refresh token stands in the address of a request.',
    advice: 'Send access tokens as Authorization: Bearer, refresh tokens in the body of a token request.',
    judge: judgeToken,
  },
  {
    id: 'unknown-address',
    severity: 'info',
    banks: bothBanks,
    endpoints: ['unknown'],
    requirements: ['BS2-code-a', 'BS2-consent-h', 'BTG-token-d', 'BTG-resource-a'],
    description: 'A request looks meant for one of the bank’s endpoints and has another path.',
    advice: 'Compare with the addresses in the tenant’s description.',
    judge: judgePath,
  },
];
