import { secretsEqual } from '../oauth/client-authentication.js';
import type { LoginSession, LoginStep } from '../tenants/login-session.js';
import type { SecondFactorOutcome } from '../tenants/second-factor.js';
import type { SharedBankSettings } from '../tenants/settings.js';
import type { Tenant } from '../tenants/tenant.js';
import type { Company, User } from '../tenants/user.js';
import { endAsDenied } from './login-flow.js';
import type { LoginOutcome } from './login-flow.js';

/** Names and values of a redirect's query, in the order in which they are written. */
export type RedirectParameters = readonly (readonly [name: string, value: string])[];

/** What a bank decides of its login: the order of its pages, what passes, and what the redirect carries. */
export interface LoginDialect {
  settings(tenant: Tenant, clientId: string): SharedBankSettings;
  /** Judges the password of whoever the username names; an unknown user has no right one. */
  isRightPassword(user: User | undefined, typed: string): boolean;
  /** The page after a right password. */
  stepAfterLogin(tenant: Tenant): LoginStep;
  judgeSecondFactor(tenant: Tenant, session: LoginSession, user: User, typed: string): SecondFactorOutcome;
  /** The page after a right second factor; `over` ends the login. */
  readonly stepAfterSecondFactor: LoginStep;
  /** The companies that this user may consent for. */
  companies(tenant: Tenant, user: User): readonly Company[];
  /** What follows when the user refuses. */
  afterDenial(tenant: Tenant, session: LoginSession): Promise<LoginOutcome> | LoginOutcome;
  newCode(tenant: Tenant): string;
  /**
   * What every redirect to the partner carries: its `result` (`code`, or `error` and its description), and the rest.
   * `bankUrl` is the bank's own, where the request came by one of its own hosts.
   */
  redirectParameters(
    tenant: Tenant,
    result: RedirectParameters,
    state: string | null,
    bankUrl: string | undefined,
  ): RedirectParameters;
}

/** The decisions that every bank takes alike until somebody sees otherwise. */
export const usualLogin: Pick<LoginDialect, 'isRightPassword' | 'judgeSecondFactor' | 'afterDenial'> = {
  isRightPassword: (user, typed) => secretsEqual(user?.password ?? '', typed) && user !== undefined,
  judgeSecondFactor: (tenant, session, user, typed) => {
    if (session.factor === null) return 'wrong';
    const { secondFactorReplay } = tenant.banks[session.bank].login.settings(tenant, session.clientId);
    const rules = { acceptReplay: secondFactorReplay === 'accept' };
    return tenant.secondFactors.judge(user, session.factor, typed, session.id, rules);
  },
  afterDenial: endAsDenied,
};

/** `state` as it was sent, where it was sent. */
export function stateParameter(state: string | null): RedirectParameters {
  return state === null ? [] : [['state', state]];
}
