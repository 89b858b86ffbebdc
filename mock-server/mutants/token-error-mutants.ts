import type { Bank } from '../banks/bank.js';
import type { Answer } from '../banks/exchange.js';
import type { TokenRefusal } from '../banks/token-dialect.js';
import { asPlainText, withHeader, withoutHeaders } from './answer-changes.js';
import { withTokens } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Names an error otherwise before it is rendered. */
function withError<B extends Bank>(bank: B, from: TokenRefusal['error'], to: TokenRefusal['error']): B {
  return withTokens(bank, (honest) => ({
    renderRefusal: (exchange, refusal) =>
      honest.renderRefusal(exchange, refusal.error === from ? { ...refusal, error: to } : refusal),
  }));
}

/** Changes the answer to one error, or to all. */
function withRenderedError<B extends Bank>(
  bank: B,
  error: TokenRefusal['error'] | 'any',
  change: (answer: Answer) => Answer,
): B {
  return withTokens(bank, (honest) => ({
    renderRefusal: (exchange, refusal) => {
      const answer = honest.renderRefusal(exchange, refusal);
      return error === 'any' || refusal.error === error ? change(answer) : answer;
    },
  }));
}

/** Errors of the token endpoint that tell clients the wrong thing. */
export const tokenErrorMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'errors-with-200',
    description: 'Errors of the token endpoint come with status 200.',
    breaks: {
      both: ['RFC6749-5.2-a', 'RFC6749-5.2-b', 'RFC6749-5.2-c'],
      bs2: ['BS2-error-a', 'BS2-error-b', 'BS2-error-c'],
      btg: ['BTG-error-a', 'BTG-error-b'],
    },
    patch: (bank) => withRenderedError(bank, 'any', (answer) => ({ ...answer, status: 200 })),
  }),
  ...atBothBanks({
    name: 'errors-as-plain-text',
    description: 'A code or refresh token that does not work gets plain text where JSON is due.',
    breaks: { both: ['RFC6749-5.2-c'], bs2: ['BS2-error-b'], btg: [] },
    patch: (bank) => withRenderedError(bank, 'invalid_grant', (answer) => asPlainText(answer, 'Invalid grant')),
  }),
  ...atBothBanks({
    name: 'invalid-grant-misnamed',
    description: 'A code or refresh token that does not work gets the error invalid_request.',
    breaks: { both: ['RFC6749-5.2-c'], bs2: ['BS2-error-b', 'BS2-error-h'], btg: [] },
    patch: (bank) => withError(bank, 'invalid_grant', 'invalid_request'),
  }),
  ...atBothBanks({
    name: 'invalid-grant-with-401',
    description: 'A code or refresh token that does not work gets status 401.',
    breaks: { both: ['RFC6749-5.2-c'], bs2: ['BS2-error-b'], btg: [] },
    patch: (bank) => withRenderedError(bank, 'invalid_grant', (answer) => ({ ...answer, status: 401 })),
  }),
  ...atBothBanks({
    name: 'invalid-client-with-400',
    description: 'A wrong client secret gets status 400.',
    breaks: { both: ['RFC6749-5.2-b'], bs2: ['BS2-error-a'], btg: ['BTG-error-a'] },
    patch: (bank) => withRenderedError(bank, 'invalid_client', (answer) => ({ ...answer, status: 400 })),
  }),
  ...atBothBanks({
    name: 'client-challenge-missing',
    description: 'A wrong client secret gets 401 without WWW-Authenticate.',
    breaks: { both: ['RFC6749-5.2-b'], bs2: ['BS2-error-a'], btg: [] },
    patch: (bank) => withRenderedError(bank, 'invalid_client', (answer) => withoutHeaders(answer, 'www-authenticate')),
  }),
  bs2Mutant({
    name: 'invalid-grant-with-500',
    description: 'A code or refresh token that does not work gets status 500.',
    breaks: ['RFC6749-5.2-c', 'BS2-error-b', 'BS2-error-f'],
    patch: (bank) => withRenderedError(bank, 'invalid_grant', (answer) => ({ ...answer, status: 500 })),
  }),
  ...atBothBanks({
    name: 'unknown-grant-type-misnamed',
    description: 'An unknown grant type gets the error invalid_request.',
    breaks: { both: [], bs2: ['BS2-error-e', 'BS2-error-h'], btg: ['BTG-client-c'] },
    patch: (bank) => withError(bank, 'unsupported_grant_type', 'invalid_request'),
  }),
  btgMutant({
    name: 'error-undescribed',
    description: 'Errors of the token endpoint have no error_description.',
    breaks: ['BTG-error-c'],
    patch: (bank) =>
      withRenderedError(bank, 'any', (answer) => ({
        ...answer,
        body: answer.body.replace(/,"error_description":"[^"]*"/, ''),
      })),
  }),
  bs2Mutant({
    name: 'missing-parameter-misnamed',
    description: 'A token request without a mandatory parameter gets the error invalid_grant.',
    breaks: ['BS2-error-c', 'BS2-error-h'],
    patch: (bank) => withError(bank, 'invalid_request', 'invalid_grant'),
  }),
  bs2Mutant({
    name: 'gateway-code-missing',
    description: 'A wrong API Secret gets 401 without X-Ca-Err.',
    breaks: ['BS2-error-a'],
    patch: (bank) => withRenderedError(bank, 'invalid_client', (answer) => withoutHeaders(answer, 'x-ca-err')),
  }),
  bs2Mutant({
    name: 'gateway-code-wrong',
    description: 'A wrong API Secret gets the X-Ca-Err of a grant that does not work.',
    breaks: ['BS2-error-a'],
    patch: (bank) => withRenderedError(bank, 'invalid_client', (answer) => withHeader(answer, 'x-ca-err', '3003113')),
  }),
  btgMutant({
    name: 'app-not-found-unnamed',
    description: 'A client that is unknown in this environment is told no app-not-found.',
    breaks: ['BTG-error-b'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        renderRefusal: (exchange, refusal) =>
          honest.renderRefusal(
            exchange,
            refusal.why === 'unknown-client' ? { ...refusal, why: 'wrong-secret' } : refusal,
          ),
      })),
  }),
];
