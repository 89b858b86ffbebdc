import type { Bank } from '../banks/bank.js';
import { approve } from '../banks/login-flow.js';
import type { LoginOutcome } from '../banks/login-flow.js';
import type { LoginSession, LoginStep } from '../tenants/login-session.js';
import { withLogin, withPage } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Approves in the user's name when a page's form leads to a certain step. */
function approvingInPlaceOf<B extends Bank>(bank: B, page: LoginStep, skipped: LoginStep): B {
  return withPage(bank, page, (honest) => ({
    take: async (exchange, submission) => {
      const outcome = await honest.take(exchange, submission);
      const isSkipped = outcome.kind === 'page' && outcome.step === skipped && outcome.problem === null;
      return isSkipped ? approve(exchange.tenant, submission.session) : outcome;
    },
  }));
}

/** Takes the last form of a login as often as it is sent, and gives a code each time. */
function takingFormAgain<B extends Bank>(bank: B, lastPage: LoginStep): B {
  const approved = new WeakSet<LoginSession>();
  return withPage(bank, lastPage, (honest) => ({
    take: async (exchange, submission): Promise<LoginOutcome> => {
      const { session } = submission;
      if (approved.has(session)) return approve(exchange.tenant, session);
      const outcome = await honest.take(exchange, submission);
      if (outcome.kind !== 'redirect' || !/[?&]code=/.test(outcome.location)) return outcome;
      approved.add(session);
      session.step = lastPage;
      return outcome;
    },
  }));
}

function hidingScope<B extends Bank>(bank: B, page: LoginStep): B {
  return withPage(bank, page, (honest) => ({
    render: (exchange, visit, problem) => {
      const { session } = visit;
      return honest.render(
        exchange,
        { ...visit, session: { ...session, request: { ...session.request, scope: [] } } },
        problem,
      );
    },
  }));
}

/** Consents that nobody gave, or that do not do what the user said. */
export const loginMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'wrong-password-accepted',
    description: 'Any password of a user that exists is accepted.',
    breaks: { both: ['OIDCC-3.1.2.4-a'], bs2: ['BS2-holder-e'], btg: ['BTG-login-c'] },
    patch: (bank) => withLogin(bank, () => ({ isRightPassword: (user) => user !== undefined })),
  }),
  ...atBothBanks({
    name: 'denial-approves',
    description: 'A user who denies gives a code all the same.',
    breaks: { both: [], bs2: ['BS2-holder-k'], btg: ['BTG-code-b'] },
    patch: (bank) => withLogin(bank, () => ({ afterDenial: approve })),
  }),
  ...atBothBanks({
    name: 'denial-strands-user',
    description: 'A user who denies is left on an error page of the bank, and the client learns nothing.',
    breaks: { both: [], bs2: ['BS2-holder-k'], btg: ['BTG-code-b'] },
    patch: (bank) =>
      withLogin(bank, () => ({
        afterDenial: (_tenant, session) => {
          session.step = 'over';
          return { kind: 'end', why: 'session-over' };
        },
      })),
  }),
  bs2Mutant({
    name: 'consent-not-asked',
    description: 'The right password is enough: neither consent nor second factor is asked for.',
    breaks: ['BS2-holder-b', 'BS2-holder-f', 'BS2-holder-k', 'BS2-holder-m', 'BS2-consent-e'],
    patch: (bank) => approvingInPlaceOf(bank, 'login', 'consent'),
  }),
  btgMutant({
    name: 'consent-not-asked',
    description: 'The right password is enough: neither scopes nor company are asked about.',
    breaks: ['BTG-login-a', 'BTG-login-b', 'BTG-login-c', 'BTG-code-b'],
    patch: (bank) => approvingInPlaceOf(bank, 'login', 'scopes'),
  }),
  bs2Mutant({
    name: 'features-hidden',
    description: 'The consent page does not say what the client asks for.',
    breaks: ['BS2-consent-e'],
    patch: (bank) => hidingScope(bank, 'consent'),
  }),
  btgMutant({
    name: 'scopes-hidden',
    description: 'The scopes page does not say what the client asks for.',
    breaks: ['BTG-login-a'],
    patch: (bank) => hidingScope(bank, 'scopes'),
  }),
  btgMutant({
    name: 'other-companies-offered',
    description: 'In the sandbox the user may consent for companies other than its own.',
    breaks: ['BTG-login-b'],
    patch: (bank) =>
      withLogin(bank, (honest) => ({
        companies: (tenant, user) => {
          const offered = honest.companies(tenant, user);
          const known = new Set(offered.map(({ cnpj }) => cnpj));
          return [...offered, ...user.companies.filter(({ cnpj }) => !known.has(cnpj))];
        },
      })),
  }),
  bs2Mutant({
    name: 'form-taken-twice',
    description: 'A confirmation that is sent twice gives two codes.',
    breaks: ['BS2-holder-j'],
    patch: (bank) => takingFormAgain(bank, 'second-factor'),
  }),
  btgMutant({
    name: 'form-taken-twice',
    description: 'A confirmation that is sent twice gives two codes.',
    breaks: ['BTG-login-i'],
    patch: (bank) => takingFormAgain(bank, 'company'),
  }),
];
