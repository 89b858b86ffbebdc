import { bothBanks } from './finding.js';
import type { FindingRule, Judgement } from './finding.js';
import type { SeenExchange } from './seen-exchange.js';

function judgeSeveral({ credentials, form, header }: SeenExchange): Judgement | null {
  const isBasic = /^basic\b/i.test(header('authorization') ?? '');
  const isSeveral = credentials.kind === 'several' || (isBasic && form?.get('client_secret') !== undefined);
  if (!isSeveral) return null;
  return form?.get('client_secret') === undefined
    ? 'The client_id in the body is another than that of the Basic header.'
    : 'The client authenticates in two ways at once, by Basic and by a client_secret in the body.';
}

function judgeBody({ bank, outcome, credentials }: SeenExchange): Judgement | null {
  if (credentials.kind !== 'secret' || credentials.method !== 'body') return null;
  if (bank === 'btg' && outcome === 'invalid_client: method') {
    return 'The client secret came in the body; BTG documents Basic and refuses this.';
  }
  return {
    severity: 'info',
    message: 'The client secret came in the body; the bank takes it, and documents Basic for consents.',
  };
}

/** Characters that stand in a form-encoded value; Basic is those two values and a colon. */
const formEncoded = /^(?:[A-Za-z0-9*\-._~!'()+]|%[0-9A-Fa-f]{2})*$/;

function judgeEncoding({ basicText, error, status }: SeenExchange): Judgement | null {
  if (basicText === null) return null;
  const colon = basicText.indexOf(':');
  const [id, secret] = [basicText.slice(0, colon), basicText.slice(colon + 1)];
  if (colon < 1 || (formEncoded.test(id) && formEncoded.test(secret) && !secret.includes('+'))) return null;
  const isRefused = error === 'invalid_client' || (error === null && status === 401);
  const changesMeaning = /[+%]/.test(`${id}${secret}`);
  // A plus may be a space that was encoded; it says nothing as long as the bank takes it.
  if (!isRefused && formEncoded.test(id) && formEncoded.test(secret)) return null;
  if (isRefused && changesMeaning) {
    return 'Id and secret were not form-urlencoded before Basic was built, and a + or % in them means something else to the bank.';
  }
  return {
    severity: 'info',
    message: 'Id and secret were not form-urlencoded before Basic was built; with these it makes no difference.',
  };
}

const reasons = new Map<string, string>([
  ['invalid_client: missing', 'The request has no client authentication.'],
  ['invalid_client: secret-missing', 'The request names the client and lacks its secret.'],
  ['invalid_client: wrong-secret', 'The client secret is wrong.'],
  ['invalid_client: unknown-client', 'The bank does not know this client; each bank and environment has its own.'],
  ['invalid_client: malformed', 'The Authorization header cannot be read as Basic.'],
]);

function judgeRefusal({ outcome, error, isFaulted }: SeenExchange): Judgement | null {
  if (outcome !== null) return reasons.get(outcome) ?? null;
  return error === 'invalid_client' && !isFaulted ? 'The bank refused the client’s credentials.' : null;
}

/** How a client proves who it is, at the token and the revocation endpoint. */
export const clientAuthenticationRules: readonly FindingRule[] = [
  {
    id: 'client-authentication-twice',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token', 'revoke'],
    requirements: ['RFC6749-2.3-a'],
    description: 'A request has two ways of client authentication.',
    advice: 'Send Basic alone; many OAuth libraries have a setting for where the secret goes.',
    judge: judgeSeveral,
  },
  {
    id: 'client-secret-in-body',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token', 'revoke'],
    requirements: ['BS2-code-g', 'BS2-grants-d', 'BTG-token-d', 'BTG-token-h'],
    description: 'The client secret came in the body of a token request in place of Basic.',
    advice: 'Use HTTP Basic (client_secret_basic), which both banks document.',
    judge: judgeBody,
  },
  {
    id: 'basic-not-encoded',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize', 'token', 'revoke'],
    requirements: ['RFC6749-2.3.1-b'],
    description: 'Id and secret were not form-urlencoded before they were put into Basic.',
    advice: 'Form-urlencode each of the two, join them by a colon, then base64.',
    judge: judgeEncoding,
  },
  {
    id: 'client-authentication-refused',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token', 'revoke'],
    requirements: ['RFC6749-3.2.1-a', 'BS2-code-g', 'BTG-token-d'],
    description: 'The bank refused the client’s authentication.',
    advice: 'Check id and secret of this bank and environment, and that both are sent with every token request.',
    judge: judgeRefusal,
  },
];
