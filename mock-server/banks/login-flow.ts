import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import type { AuthorizationErrorCode } from '../oauth/oauth-error.js';
import { secretsEqual } from '../oauth/client-authentication.js';
import { withParameters } from '../oauth/redirect-uri.js';
import type { AuthorizationCode, Grant } from '../store/records.js';
import { randomBase64url, randomGuid } from '../tenants/random-source.js';
import type { LoginSession, LoginStep } from '../tenants/login-session.js';
import type { SecondFactorKind, SecondFactorOutcome } from '../tenants/second-factor.js';
import { durationMs } from '../tenants/settings.js';
import type { SharedBankSettings } from '../tenants/settings.js';
import type { Tenant } from '../tenants/tenant.js';
import type { Company, User } from '../tenants/user.js';
import type { BankId } from './bank-id.js';

/** Why a page is shown again. */
export type LoginProblem = 'wrong-credentials' | 'wrong-token' | 'expired-token' | 'spent-token' | 'nothing-chosen';

/** Why a login session cannot go on; the bank tells the user on a page of its own. */
export type LoginEnd = 'unknown-session' | 'session-over' | 'locked-user' | 'no-company';

export type LoginOutcome =
  | { readonly kind: 'page'; readonly step: LoginStep; readonly problem: LoginProblem | null }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'end'; readonly why: LoginEnd };

/** What a bank decides of its login: the order of its pages, and what it adds to the redirect. */
export interface LoginDialect {
  readonly bank: BankId;
  settings(tenant: Tenant, clientId: string): SharedBankSettings;
  /** The page after a right password. */
  stepAfterLogin(tenant: Tenant): LoginStep;
  /** The page after a right second factor; `over` ends the login. */
  readonly stepAfterSecondFactor: LoginStep;
  /** The companies that this user may consent for. */
  companies(tenant: Tenant, user: User): readonly Company[];
  newCode(tenant: Tenant): string;
  /** Members of every redirect besides `code` or `error` and `state`, between the two. */
  redirectMembers(tenant: Tenant): readonly (readonly [string, string])[];
}

/** Starts a login for an accepted authorization request. */
export function startLogin(
  tenant: Tenant,
  dialect: LoginDialect,
  clientId: string,
  request: AuthorizationRequest,
): LoginSession {
  const session: LoginSession = {
    id: randomGuid(tenant.random),
    bank: dialect.bank,
    clientId,
    request,
    startedAtMs: tenant.clock.now(),
    csrfToken: randomBase64url(tenant.random, 16),
    step: 'login',
    username: null,
    authenticatedAtMs: null,
    grantedScope: request.scope,
    company: null,
    factor: null,
    wrongTokens: 0,
  };
  tenant.sessions.put(session);
  return session;
}

/** The session of that id while it lasts. Asking for another step than the session's own ends nothing. */
export function findSession(
  tenant: Tenant,
  dialect: LoginDialect,
  id: string | undefined,
): LoginSession | LoginOutcome {
  const session = id === undefined ? undefined : tenant.sessions.find(id);
  if (session?.bank !== dialect.bank) return { kind: 'end', why: 'unknown-session' };
  const lifetimeMs = durationMs(dialect.settings(tenant, session.clientId).loginSessionLifetime);
  const now = tenant.clock.now();
  if (session.step === 'over' || now >= session.startedAtMs + lifetimeMs) return { kind: 'end', why: 'session-over' };
  return session;
}

/** Username (or CPF) and password. A wrong pair shows the page again and says nothing of which was wrong. */
export async function submitLogin(
  tenant: Tenant,
  dialect: LoginDialect,
  session: LoginSession,
  username: string | undefined,
  password: string | undefined,
): Promise<LoginOutcome> {
  const user = username === undefined ? undefined : tenant.users.findForLogin(username);
  const matches = secretsEqual(user?.password ?? '', password ?? '');
  if (user === undefined || !matches) return { kind: 'page', step: 'login', problem: 'wrong-credentials' };
  return logIn(tenant, dialect, session, user);
}

/** What follows a right password; also how the control API logs a user in. */
export async function logIn(
  tenant: Tenant,
  dialect: LoginDialect,
  session: LoginSession,
  user: User,
): Promise<LoginOutcome> {
  if (user.behaviour === 'locked') {
    session.step = 'over';
    return { kind: 'end', why: 'locked-user' };
  }
  session.username = user.username;
  session.authenticatedAtMs = tenant.clock.now();
  if (user.behaviour === 'denies') return deny(tenant, dialect, session);
  if (dialect.companies(tenant, user).length === 0) {
    session.step = 'over';
    return { kind: 'end', why: 'no-company' };
  }
  return show(session, dialect.stepAfterLogin(tenant));
}

/** Chooses app or SMS token; an SMS is sent at once. */
export function chooseFactor(
  tenant: Tenant,
  dialect: LoginDialect,
  session: LoginSession,
  factor: SecondFactorKind,
): LoginOutcome {
  const user = userOf(tenant, session);
  if (user === undefined) return { kind: 'end', why: 'session-over' };
  session.factor = factor;
  if (factor === 'sms') {
    const lifetimeMs = durationMs(dialect.settings(tenant, session.clientId).smsTokenLifetime);
    tenant.secondFactors.sendSms(user, session.id, lifetimeMs);
  }
  return show(session, 'second-factor');
}

const problems: Readonly<Record<Exclude<SecondFactorOutcome, 'accepted'>, LoginProblem>> = {
  wrong: 'wrong-token',
  expired: 'expired-token',
  spent: 'spent-token',
};

/** Judges the typed token. So many wrong ones, and the consent ends as if it were denied. */
export async function submitSecondFactor(
  tenant: Tenant,
  dialect: LoginDialect,
  session: LoginSession,
  typed: string | undefined,
): Promise<LoginOutcome> {
  const user = userOf(tenant, session);
  if (user === undefined || session.factor === null) return { kind: 'end', why: 'session-over' };
  const settings = dialect.settings(tenant, session.clientId);
  const rules = { acceptReplay: settings.secondFactorReplay === 'accept' };
  const outcome = tenant.secondFactors.judge(
    user,
    session.factor,
    (typed ?? '').replaceAll(/\s/g, ''),
    session.id,
    rules,
  );
  if (outcome === 'accepted') {
    if (dialect.stepAfterSecondFactor === 'over') return approve(tenant, dialect, session);
    return show(session, dialect.stepAfterSecondFactor);
  }
  session.wrongTokens += 1;
  if (session.wrongTokens >= settings.secondFactorAttempts) return deny(tenant, dialect, session);
  return show(session, 'second-factor', problems[outcome]);
}

/** Chooses the company; one that the user may not consent for shows the page again. */
export async function chooseCompany(
  tenant: Tenant,
  dialect: LoginDialect,
  session: LoginSession,
  cnpj: string | undefined,
): Promise<LoginOutcome> {
  const user = userOf(tenant, session);
  if (user === undefined) return { kind: 'end', why: 'session-over' };
  const company = dialect.companies(tenant, user).find((candidate) => candidate.cnpj === cnpj);
  if (company === undefined) return show(session, session.step, 'nothing-chosen');
  session.company = company.cnpj;
  return approve(tenant, dialect, session);
}

export function show(session: LoginSession, step: LoginStep, problem: LoginProblem | null = null): LoginOutcome {
  session.step = step;
  return { kind: 'page', step, problem };
}

/** The user refuses: `access_denied` goes to the partner. */
export function deny(tenant: Tenant, dialect: LoginDialect, session: LoginSession): LoginOutcome {
  return endWithError(tenant, dialect, session, 'access_denied', 'The resource owner denied the request');
}

/** Ends the session with an error for the partner. */
export function endWithError(
  tenant: Tenant,
  dialect: LoginDialect,
  session: LoginSession,
  error: AuthorizationErrorCode,
  description: string,
): LoginOutcome {
  session.step = 'over';
  const { redirectUri, state } = session.request;
  return { kind: 'redirect', location: errorRedirect(tenant, dialect, redirectUri, state, error, description) };
}

/** Where an authorization error is sent (RFC 6749 section 4.1.2.1). */
export function errorRedirect(
  tenant: Tenant,
  dialect: LoginDialect,
  redirectUri: string,
  state: string | null,
  error: AuthorizationErrorCode,
  description: string,
): string {
  return withParameters(redirectUri, [
    ['error', error],
    ['error_description', description],
    ...dialect.redirectMembers(tenant),
    ...(state === null ? [] : [['state', state] as const]),
  ]);
}

/** The user agrees: a grant and its code are made, and the code goes to the partner. */
export async function approve(tenant: Tenant, dialect: LoginDialect, session: LoginSession): Promise<LoginOutcome> {
  const user = userOf(tenant, session);
  if (user === undefined || session.step === 'over') return { kind: 'end', why: 'session-over' };
  // The session is over before anything is awaited, so that a form sent twice cannot give a second code.
  session.step = 'over';
  const now = tenant.clock.now();
  const company = session.company ?? dialect.companies(tenant, user)[0]?.cnpj ?? null;
  const codeKey = dialect.newCode(tenant);
  const grant: Grant = {
    id: randomGuid(tenant.random),
    bank: session.bank,
    clientId: session.clientId,
    username: user.username,
    company,
    scope: session.grantedScope.join(' '),
    origin: 'consent',
    createdAtMs: now,
    authenticatedAtMs: session.authenticatedAtMs ?? now,
    version: 1,
    revokedAtMs: null,
    revokedBecause: null,
    accessTokens: [],
    refreshTokens: [],
    code: codeKey,
  };
  const code: AuthorizationCode = {
    kind: 'code',
    key: codeKey,
    grantId: grant.id,
    issuedAtMs: now,
    lifetimeMs: durationMs(dialect.settings(tenant, session.clientId).authorizationCodeLifetime),
    diedAtMs: null,
    death: null,
    redirectUri: session.request.redirectUri,
    codeChallenge: session.request.codeChallenge,
    nonce: session.request.nonce,
  };
  await tenant.store.commit({ grant, expectedVersion: null, put: [code] });
  const { redirectUri, state } = session.request;
  const location = withParameters(redirectUri, [
    ['code', code.key],
    ...dialect.redirectMembers(tenant),
    ...(state === null ? [] : [['state', state] as const]),
  ]);
  return { kind: 'redirect', location };
}

export function userOf(tenant: Tenant, session: LoginSession): User | undefined {
  return session.username === null ? undefined : tenant.users.find(session.username);
}
