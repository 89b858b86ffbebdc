import type { FindingRule, Judgement } from './finding.js';
import { isMasked } from './masked.js';
import type { SeenExchange } from './seen-exchange.js';
import type { TrafficHistory } from './traffic-history.js';

function judgeMethod({ parameters }: SeenExchange): Judgement | null {
  if (parameters.get('code_challenge') === undefined) return null;
  const method = parameters.get('code_challenge_method');
  if (method === 'S256') return null;
  return method === undefined || method === 'plain'
    ? 'The code_challenge is plain: who sees the request can redeem the code, and BTG refuses it.'
    : 'The code_challenge_method is none that BTG knows; it is S256.';
}

function judgeAbsence({ clientKey, parameters }: SeenExchange): Judgement | null {
  if (clientKey === null || parameters.get('response_type') !== 'code') return null;
  if (parameters.get('code_challenge') !== undefined) return null;
  return 'No code_challenge was sent; PKCE is recommended to clients with a secret, too.';
}

const missing = new Set(['invalid_grant: verifier-missing']);
const wrong = new Map<string, string>([
  ['invalid_grant: verifier-mismatch', 'is not that of the code_challenge'],
  ['invalid_grant: verifier-malformed', 'is not of 43 to 128 unreserved characters'],
  ['invalid_grant: verifier-unexpected', 'belongs to no code_challenge: the authorization request sent none'],
]);

function judgeMissingVerifier(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const code = seen.form?.get('code');
  if (seen.grantType !== 'authorization_code' || code === undefined) return null;
  if (seen.form?.get('code_verifier') !== undefined) return null;
  const authorization = history.issued(code)?.authorization;
  const isChallenged = authorization?.by.parameters.get('code_challenge') !== undefined;
  if (!isChallenged && !missing.has(seen.outcome ?? '')) return null;
  const by = authorization == null ? '' : ` with request ${String(authorization.by.entry)}`;
  return `The code_verifier is missing, though a code_challenge was sent${by}.`;
}

function judgeWrongVerifier(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const verifier = seen.form?.get('code_verifier');
  if (seen.grantType !== 'authorization_code' || verifier === undefined) return null;
  const isMalformed = !isMasked(verifier) && !/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier);
  const what =
    wrong.get(seen.outcome ?? '') ?? (isMalformed ? wrong.get('invalid_grant: verifier-malformed') : undefined);
  if (what === undefined) return null;
  const authorization = history.issued(seen.form?.get('code') ?? '')?.authorization;
  const of = authorization == null ? '' : ` (request ${String(authorization.by.entry)})`;
  return `The code_verifier ${what}${of}.`;
}

/** Proof Key for Code Exchange, at BTG; BS2 documents none. */
export const pkceRules: readonly FindingRule[] = [
  {
    id: 'pkce-plain',
    severity: 'failed',
    banks: ['btg'],
    endpoints: ['authorize'],
    requirements: ['RFC7636-4.2-a', 'BTG-pkce-c'],
    description: 'A code_challenge has another method than S256.',
    advice: 'Send code_challenge_method=S256 and the SHA-256 of the verifier.',
    judge: judgeMethod,
  },
  {
    id: 'pkce-missing',
    severity: 'info',
    banks: ['btg'],
    endpoints: ['authorize'],
    requirements: ['RFC9700-2.1.1-a'],
    description: 'An authorization request has no code_challenge.',
    advice: 'Add PKCE with S256; OAuth libraries do it by a setting.',
    judge: judgeAbsence,
  },
  {
    id: 'pkce-verifier-missing',
    severity: 'failed',
    banks: ['btg'],
    endpoints: ['token'],
    requirements: ['RFC7636-4.5-a'],
    description: 'A code exchange lacks the code_verifier though a code_challenge was sent.',
    advice: 'Keep the verifier with the pending request and send it with the code.',
    judge: judgeMissingVerifier,
  },
  {
    id: 'pkce-verifier-wrong',
    severity: 'failed',
    banks: ['btg'],
    endpoints: ['token'],
    requirements: ['RFC7636-4.5-a', 'RFC7636-4.1-a'],
    description: 'The code_verifier is malformed, unexpected, or not that of the challenge.',
    advice: 'Keep verifier and state together, one pair for each authorization request.',
    judge: judgeWrongVerifier,
  },
];
