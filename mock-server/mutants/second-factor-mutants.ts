import type { Bank } from '../banks/bank.js';
import { approve } from '../banks/login-flow.js';
import type { LoginSession } from '../tenants/login-session.js';
import type { SecondFactorOutcome } from '../tenants/second-factor.js';
import type { Tenant } from '../tenants/tenant.js';
import { withLogin, withPage } from './bank-patches.js';
import { atBothBanks, bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

function withJudgement<B extends Bank>(
  bank: B,
  change: (outcome: SecondFactorOutcome, tenant: Tenant, session: LoginSession) => SecondFactorOutcome,
): B {
  return withLogin(bank, (honest) => ({
    judgeSecondFactor: (tenant, session, user, typed) =>
      change(honest.judgeSecondFactor(tenant, session, user, typed), tenant, session),
  }));
}

function sentLongAgo(tenant: Tenant, { username, factor }: LoginSession): boolean {
  const sms = username === null || factor !== 'sms' ? undefined : tenant.secondFactors.lastSms(username);
  return sms !== undefined && tenant.clock.now() - sms.sentAtMs >= 60_000;
}

/** Second factors that are not asked for, or accepted when they should not be. */
export const secondFactorMutants: readonly Mutant[] = [
  bs2Mutant({
    name: 'second-factor-skipped',
    description: 'The consent is given without app token or SMS token.',
    breaks: ['BS2-holder-b', 'BS2-holder-f'],
    patch: (bank) =>
      withPage(bank, 'consent', (honest) => ({
        take: async (exchange, submission) => {
          const outcome = await honest.take(exchange, submission);
          const isNext = outcome.kind === 'page' && outcome.step === 'second-factor';
          return isNext ? approve(exchange.tenant, submission.session) : outcome;
        },
      })),
  }),
  btgMutant({
    name: 'second-factor-skipped',
    description: 'Where the bank is set to ask for a second factor, it does not.',
    breaks: ['BTG-login-d'],
    patch: (bank) => withLogin(bank, () => ({ stepAfterLogin: () => 'scopes' })),
  }),
  ...atBothBanks({
    name: 'wrong-second-factor-accepted',
    description: 'Any token is accepted as second factor.',
    breaks: { both: [], bs2: ['BS2-holder-f', 'BS2-holder-g', 'BS2-holder-o'], btg: ['BTG-login-d'] },
    patch: (bank) => withJudgement(bank, (outcome) => (outcome === 'wrong' ? 'accepted' : outcome)),
  }),
  ...atBothBanks({
    name: 'expired-second-factor-accepted',
    description: 'A token whose time is over is accepted as second factor.',
    breaks: { both: [], bs2: ['BS2-holder-i', 'RFC6238-5.2-c'], btg: ['BTG-login-d'] },
    patch: (bank) => withJudgement(bank, (outcome) => (outcome === 'expired' ? 'accepted' : outcome)),
  }),
  bs2Mutant({
    name: 'sms-token-dies-early',
    description: 'An SMS token is dead after one minute.',
    breaks: ['BS2-holder-i'],
    patch: (bank) =>
      withJudgement(bank, (outcome, tenant, session) =>
        outcome === 'accepted' && sentLongAgo(tenant, session) ? 'expired' : outcome,
      ),
  }),
  bs2Mutant({
    name: 'spent-second-factor-accepted',
    description: 'An app token that confirmed one consent confirms another.',
    breaks: ['BS2-holder-h', 'RFC6238-5.2-a'],
    patch: (bank) => withJudgement(bank, (outcome) => (outcome === 'spent' ? 'accepted' : outcome)),
  }),
  bs2Mutant({
    name: 'second-factor-tried-without-end',
    description: 'Wrong tokens may be tried a thousand times.',
    breaks: ['BS2-holder-g'],
    patch: (bank) =>
      withLogin(bank, (honest) => ({
        settings: (tenant, clientId) => ({
          ...honest.settings(tenant, clientId),
          secondFactorAttempts: 1000,
        }),
      })),
  }),
  bs2Mutant({
    name: 'app-token-refused',
    description: 'Only the SMS token confirms a consent; the app token never does.',
    breaks: ['BS2-holder-b', 'RFC6238-5.2-b'],
    patch: (bank) => withJudgement(bank, (outcome, _tenant, { factor }) => (factor === 'app' ? 'wrong' : outcome)),
  }),
];
