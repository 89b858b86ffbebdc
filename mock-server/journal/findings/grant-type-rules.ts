import { bothBanks } from './finding.js';
import type { FindingRule, Judgement } from './finding.js';
import type { SeenExchange } from './seen-exchange.js';

const offered: Readonly<Record<SeenExchange['bank'], readonly string[]>> = {
  bs2: ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
  btg: ['authorization_code', 'refresh_token', 'client_credentials'],
};

function judgePassword({ bank, grantType }: SeenExchange): Judgement | null {
  if (grantType !== 'password') return null;
  const what = 'The password grant shows the customer’s password to the application';
  return bank === 'bs2'
    ? { severity: 'warning', message: `${what}; BS2 keeps it for onboarding and Banking v1.` }
    : `${what}; BTG has none.`;
}

function judgeGrantType({ bank, grantType, form }: SeenExchange): Judgement | null {
  if (form === null || grantType === 'password') return null;
  if (grantType === undefined) return 'The token request has no grant_type.';
  return offered[bank].includes(grantType) ? null : 'The bank does not offer this grant_type.';
}

function judgeForm({ method, isJson, outcome, body }: SeenExchange): Judgement | null {
  if (method !== 'POST') return null;
  if (isJson) return 'The token request is JSON; the banks read forms only, whatever their pages print.';
  if (outcome?.endsWith('the body is not application/x-www-form-urlencoded') !== true) return null;
  return body === ''
    ? 'The token request has no body.'
    : 'The token request lacks Content-Type: application/x-www-form-urlencoded.';
}

function judgeBanking({ outcome }: SeenExchange): Judgement | null {
  if (outcome !== 'client-credentials') return null;
  return 'A token of client_credentials opens no Banking API at BTG; that takes a customer’s consent.';
}

/** Which grant a token request asks with, and in what shape. */
export const grantTypeRules: readonly FindingRule[] = [
  {
    id: 'password-grant',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['RFC9700-2.4-a', 'BS2-grants-b', 'BTG-client-c'],
    description: 'A token request uses the password grant.',
    advice: 'Use the authorization code flow, in which the customer types the password at the bank only.',
    judge: judgePassword,
  },
  {
    id: 'grant-type-not-offered',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token'],
    requirements: ['RFC6749-4.1.3-a', 'BS2-error-e', 'BTG-client-c'],
    description: 'A token request has no grant_type, or one that the bank does not offer.',
    advice: 'Send authorization_code, refresh_token or client_credentials.',
    judge: judgeGrantType,
  },
  {
    id: 'token-request-not-form',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['token', 'revoke'],
    requirements: ['BS2-grants-e', 'BTG-token-d', 'BTG-token-e'],
    description: 'A token request is JSON, has no body or no form’s content type.',
    advice: 'Send application/x-www-form-urlencoded.',
    judge: judgeForm,
  },
  {
    id: 'client-credentials-for-banking',
    severity: 'failed',
    banks: ['btg'],
    endpoints: ['api'],
    requirements: ['BTG-client-b', 'BTG-resource-f'],
    description: 'A Banking API was called with a token of client_credentials.',
    advice: 'Use the authorization code flow for Banking; client_credentials is for other products.',
    judge: judgeBanking,
  },
];
