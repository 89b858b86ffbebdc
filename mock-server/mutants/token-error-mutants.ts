import type { Bank } from '../banks/bank.js';
import type { Answer, Exchange } from '../banks/exchange.js';
import type { TokenRefusal } from '../banks/token-dialect.js';
import { asPlainText, withHeader, withoutHeaders } from './answer-changes.js';
import { withTokens } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Which refusals a mutant spoils. */
type Refused = (refusal: TokenRefusal, exchange: Exchange) => boolean;

const spentCode: Refused = ({ error, why }, { facts }) =>
  error === 'invalid_grant' && why === 'spent' && facts.grantType === 'authorization_code';
const wrongSecret: Refused = ({ error, why }) => error === 'invalid_client' && why === 'wrong-secret';
const badRequest: Refused = ({ error }) => error === 'invalid_request';

/** Changes the refusal before it is rendered. */
function withRefusal<B extends Bank>(bank: B, refused: Refused, change: Partial<TokenRefusal>): B {
  return withTokens(bank, (honest) => ({
    renderRefusal: (exchange, refusal) =>
      honest.renderRefusal(exchange, refused(refusal, exchange) ? { ...refusal, ...change } : refusal),
  }));
}

/** Changes the answer once it is rendered. */
function withRenderedRefusal<B extends Bank>(bank: B, refused: Refused, change: (answer: Answer) => Answer): B {
  return withTokens(bank, (honest) => ({
    renderRefusal: (exchange, refusal) => {
      const answer = honest.renderRefusal(exchange, refusal);
      return refused(refusal, exchange) ? change(answer) : answer;
    },
  }));
}

function withStatus(status: number): (answer: Answer) => Answer {
  return (answer) => ({ ...answer, status });
}

const spentCodeBreaks = { both: ['RFC6749-5.2-c'], bs2: ['BS2-error-b'], btg: [] };
const wrongSecretBreaks = { both: ['RFC6749-5.2-b'], bs2: ['BS2-error-a'], btg: ['BTG-error-a'] };

/** Errors of the token endpoint that tell clients the wrong thing. */
export const tokenErrorMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'invalid-grant-with-200',
    description: 'The error about a code that was used already comes with status 200.',
    breaks: spentCodeBreaks,
    patch: (bank) => withRenderedRefusal(bank, spentCode, withStatus(200)),
  }),
  ...atBothBanks({
    name: 'invalid-grant-with-401',
    description: 'The error about a code that was used already comes with status 401.',
    breaks: spentCodeBreaks,
    patch: (bank) => withRenderedRefusal(bank, spentCode, withStatus(401)),
  }),
  ...atBothBanks({
    name: 'invalid-grant-misnamed',
    description: 'A code that was used already gets the error invalid_request.',
    breaks: spentCodeBreaks,
    patch: (bank) => withRefusal(bank, spentCode, { error: 'invalid_request' }),
  }),
  ...atBothBanks({
    name: 'invalid-grant-as-plain-text',
    description: 'A code that was used already gets plain text where JSON is due.',
    breaks: spentCodeBreaks,
    patch: (bank) => withRenderedRefusal(bank, spentCode, (answer) => asPlainText(answer, 'Invalid grant')),
  }),
  ...atBothBanks({
    name: 'invalid-client-with-200',
    description: 'The error about a wrong client secret comes with status 200.',
    breaks: wrongSecretBreaks,
    patch: (bank) => withRenderedRefusal(bank, wrongSecret, withStatus(200)),
  }),
  ...atBothBanks({
    name: 'invalid-client-with-400',
    description: 'The error about a wrong client secret comes with status 400.',
    breaks: wrongSecretBreaks,
    patch: (bank) => withRenderedRefusal(bank, wrongSecret, withStatus(400)),
  }),
  ...atBothBanks({
    name: 'client-challenge-missing',
    description: 'A wrong client secret gets 401 without WWW-Authenticate.',
    breaks: { ...wrongSecretBreaks, btg: [] },
    patch: (bank) => withRenderedRefusal(bank, wrongSecret, (answer) => withoutHeaders(answer, 'www-authenticate')),
  }),
  bs2Mutant({
    name: 'invalid-request-with-200',
    description: 'The error about a mandatory parameter that is missing comes with status 200.',
    breaks: ['BS2-error-c'],
    patch: (bank) => withRenderedRefusal(bank, badRequest, withStatus(200)),
  }),
  bs2Mutant({
    name: 'missing-parameter-misnamed',
    description: 'A token request without a mandatory parameter gets the error invalid_grant.',
    breaks: ['BS2-error-c'],
    patch: (bank) => withRefusal(bank, badRequest, { error: 'invalid_grant' }),
  }),
  bs2Mutant({
    name: 'gateway-code-missing',
    description: 'A wrong API Secret gets 401 without X-Ca-Err.',
    breaks: ['BS2-error-a'],
    patch: (bank) => withRenderedRefusal(bank, wrongSecret, (answer) => withoutHeaders(answer, 'x-ca-err')),
  }),
  bs2Mutant({
    name: 'gateway-code-wrong',
    description: 'A wrong API Secret gets the X-Ca-Err of a grant that does not work.',
    breaks: ['BS2-error-a'],
    patch: (bank) => withRenderedRefusal(bank, wrongSecret, (answer) => withHeader(answer, 'x-ca-err', '3003113')),
  }),
  btgMutant({
    name: 'app-not-found-unnamed',
    description: 'A client that is unknown in this environment is told no app-not-found.',
    breaks: ['BTG-error-b'],
    patch: (bank) => withRefusal(bank, ({ why }) => why === 'unknown-client', { why: 'wrong-secret' }),
  }),
];
