import { bothBanks } from './finding.js';
import type { FindingRule, Judgement } from './finding.js';
import type { SeenExchange } from './seen-exchange.js';

const loopbackHost = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/?]|$)/i;

function judgeResponseType({ clientKey, parameters }: SeenExchange): Judgement | null {
  const responseType = parameters.get('response_type');
  if (clientKey === null || responseType === 'code' || parameters.isRepeated('response_type')) return null;
  return responseType === undefined
    ? 'No response_type was sent; the banks want response_type=code.'
    : 'The response_type is another than code, the only one that the banks offer.';
}

function judgeScope({ bank, clientKey, parameters }: SeenExchange): Judgement | null {
  if (clientKey === null) return null;
  const scope = parameters.get('scope');
  if (scope === undefined) return 'No scope was sent: it is what the customer is asked to consent to.';
  if (bank === 'btg' && !scope.split(' ').includes('openid'))
    return 'The scope lacks openid, which BTG makes mandatory.';
  return null;
}

function judgeDisabledScope({ error, redirect, parameters }: SeenExchange): Judgement | null {
  const scope = parameters.get('scope');
  if (redirect === null || error !== 'invalid_scope' || scope === undefined) return null;
  return 'The scope holds a value that is not enabled for this client at this bank.';
}

/** What the banks of this mock write into an entry's outcome. */
const unregistered = new Set(['redirect-uri-mismatch', 'redirect_uri is not registered for this application']);

function judgeRegistration({ outcome }: SeenExchange): Judgement | null {
  if (outcome === null || !unregistered.has(outcome)) return null;
  return 'The redirect_uri is none of those that this client registered, compared character by character.';
}

function judgeHttps({ environment, parameters }: SeenExchange): Judgement | null {
  const uri = parameters.get('redirect_uri');
  if (uri === undefined || !/^http:/i.test(uri)) return null;
  if (environment === 'producao') return 'The redirect_uri is http: in production codes travel over https only.';
  if (loopbackHost.test(uri)) return null;
  return { severity: 'info', message: 'The redirect_uri is http and no loopback address; production will refuse it.' };
}

function judgeIdentification({ clientKey, parameters, query, outcome }: SeenExchange): Judgement | null {
  if (outcome === 'unknown-client' || outcome === 'The given client credentials were not valid') {
    return 'The bank does not know this client, or not in this way: each bank and environment has ids and secrets of its own, and BS2 may want Basic.';
  }
  if (clientKey !== null || (parameters.names.length === 0 && query.names.length === 0)) return null;
  return { severity: 'warning', message: 'Nothing says which client asks: send client_id, or at BS2 Basic.' };
}

/** By what a browser says of itself and other HTTP clients do not. */
function isBrowser({ header }: SeenExchange): boolean {
  const says = (name: string): boolean => header(name) !== null;
  return says('sec-fetch-site') && says('sec-fetch-dest') && /^Mozilla\//.test(header('user-agent') ?? '');
}

function judgeBrowserSecret(seen: SeenExchange): Judgement | null {
  const isBasic = seen.credentials.kind === 'masked' || (seen.basicText ?? '').includes(':');
  if (!isBasic || !isBrowser(seen)) return null;
  return 'A browser sent the API Secret: whoever uses that browser can read it.';
}

function judgeRepetition(seen: SeenExchange): Judgement | null {
  const read = seen.endpoint === 'authorize' ? seen.parameters : seen.form;
  if (read?.hasRepeated !== true) return null;
  return 'A parameter was sent twice: bank and firewall may read different ones, and the bank refuses it.';
}

/** What a client asks for when it sends a customer to the bank. */
export const authorizationRequestRules: readonly FindingRule[] = [
  {
    id: 'response-type-not-code',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize'],
    requirements: ['RFC6749-4.1.1-a', 'BS2-consent-k'],
    description: 'An authorization request asks for something else than response_type=code.',
    advice: 'Send response_type=code; implicit tokens are offered by neither bank.',
    judge: judgeResponseType,
  },
  {
    id: 'scope-missing',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize'],
    requirements: ['BS2-consent-m', 'BTG-request-e', 'BTG-request-c', 'OIDCC-3.1.2.1-a'],
    description: 'An authorization request has no scope, or at BTG one without openid.',
    advice: 'Send the scope that the bank shows with the credentials; at BTG beginning with openid.',
    judge: judgeScope,
  },
  {
    id: 'scope-not-enabled',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize'],
    requirements: ['BS2-consent-m', 'BTG-request-e', 'BTG-request-d'],
    description: 'An authorization request asks for scope that the client is not enabled for.',
    advice: 'Compare with the scope registered for the client; have the bank enable what is missing.',
    judge: judgeDisabledScope,
  },
  {
    id: 'redirect-uri-not-registered',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize'],
    requirements: ['BS2-consent-o', 'BTG-request-e', 'RFC9700-2.1-a'],
    description: 'The redirect_uri of an authorization request is not registered for the client.',
    advice: 'Register it exactly as it is sent: scheme, host, port, path and trailing slash.',
    judge: judgeRegistration,
  },
  {
    id: 'redirect-uri-not-https',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize'],
    requirements: ['RFC9700-2.6-a'],
    description: 'The redirect_uri is http, in production or on a host that is no loopback address.',
    advice: 'Register and send an https address for production.',
    judge: judgeHttps,
  },
  {
    id: 'client-not-identified',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize'],
    requirements: ['RFC6749-4.1.1-a', 'BS2-consent-i', 'BTG-request-e'],
    description: 'An authorization request names no client, or one that the bank does not know.',
    advice: 'Check that id and secret are those of this bank and of this environment.',
    judge: judgeIdentification,
  },
  {
    id: 'secret-in-browser',
    severity: 'failed',
    banks: ['bs2'],
    endpoints: ['authorize'],
    requirements: ['BS2-consent-i'],
    description: 'The Basic credentials of an authorization request came from a browser.',
    advice: 'Make the authenticated GET in the backend and pass its Location on, or send client_id from the browser.',
    judge: judgeBrowserSecret,
  },
  {
    id: 'parameter-repeated',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize', 'token', 'revoke'],
    requirements: ['RFC6749-3.1-c'],
    description: 'A parameter came more than once in a request.',
    advice: 'Send each parameter once; HTTP libraries repeat those that are given in two places.',
    judge: judgeRepetition,
  },
];
