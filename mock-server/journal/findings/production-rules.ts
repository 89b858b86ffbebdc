import type { FindingRule, Judgement } from './finding.js';
import type { SeenExchange } from './seen-exchange.js';

function byOutcome(outcome: string, message: string): (seen: SeenExchange) => Judgement | null {
  return (seen) => (seen.outcome === outcome ? message : null);
}

/** Surprises of go-live. */
export const productionRules: readonly FindingRule[] = [
  {
    id: 'user-agent-code-missing',
    severity: 'failed',
    banks: ['bs2'],
    endpoints: ['authorize', 'token', 'api'],
    requirements: ['BS2-production-a'],
    description: 'A backend’s request in production lacks the bank’s code in its User-Agent.',
    advice: 'Put the code that BS2 gave you into the User-Agent of every request.',
    judge: byOutcome(
      'user-agent-code-missing',
      'In production every request of a backend carries BS2’s code in its User-Agent, and this one does not.',
    ),
  },
  {
    id: 'address-not-listed',
    severity: 'warning',
    banks: ['bs2'],
    endpoints: ['authorize', 'token', 'api'],
    requirements: ['BS2-production-b'],
    description: 'A request in production came from an address that the application did not list.',
    advice: 'Have BS2 list the addresses that your servers leave by.',
    judge: byOutcome(
      'address-not-allowed',
      'In production BS2 lets in listed addresses only, and this is none of them.',
    ),
  },
  {
    id: 'developer-login',
    severity: 'info',
    banks: ['btg'],
    endpoints: ['api'],
    requirements: ['BTG-login-e'],
    description: 'The token is of a developer’s login, which BTG’s APIs refuse in production.',
    advice: 'Let an operator of the company consent.',
    judge: byOutcome('developer', 'A developer consented; in production BTG’s APIs want an operator’s consent.'),
  },
  {
    id: 'not-provisioned',
    severity: 'info',
    banks: ['bs2', 'btg'],
    endpoints: ['api'],
    requirements: ['BS2-resource-c', 'BTG-request-d'],
    description: 'The bank has not enabled the application for the resource.',
    advice: 'It is nothing in the request: ask the bank to bind the application to the account or API.',
    judge: byOutcome(
      'not-provisioned',
      'The bank has not enabled this application for the resource; no request can change it.',
    ),
  },
];
