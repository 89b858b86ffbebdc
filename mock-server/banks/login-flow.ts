import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import type { AuthorizationErrorCode } from '../oauth/oauth-error.js';
import { withParameters } from '../oauth/redirect-uri.js';
import type { AuthorizationCode, Grant } from '../store/records.js';
import { randomBase64url, randomGuid } from '../tenants/random-source.js';
import type { LoginSession, LoginStep } from '../tenants/login-session.js';
import type { SecondFactorKind, SecondFactorOutcome } from '../tenants/second-factor.js';
import { durationMs } from '../tenants/settings.js';
import type { Tenant } from '../tenants/tenant.js';
import type { User } from '../tenants/user.js';
import type { BankId } from './bank-id.js';
import type { LoginDialect } from './login-dialect.js';

/** Why a page is shown again. */
export type LoginProblem = 'wrong-credentials' | 'wrong-token' | 'expired-token' | 'spent-token' | 'nothing-chosen';

/** Why a login session cannot go on; the bank tells the user on a page of its own. */
export type LoginEnd = 'unknown-session' | 'session-over' | 'locked-user' | 'no-company';

export type LoginOutcome =
  | { readonly kind: 'page'; readonly step: LoginStep; readonly problem: LoginProblem | null }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'end'; readonly why: LoginEnd };

/** What the bank that a session belongs to decides of its login. */
function dialectOf(tenant: Tenant, session: LoginSession): LoginDialect {
  return tenant.banks[session.bank].login;
}

/** Starts a login for an accepted authorization request. */
export function startLogin(
  tenant: Tenant,
  bank: BankId,
  clientId: string,
  request: AuthorizationRequest,
  bankUrl?: string,
): LoginSession {
  const session: LoginSession = {
    id: randomGuid(tenant.random),
    bank,
    clientId,
    request,
    ...(bankUrl === undefined ? {} : { bankUrl }),
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
export function findSession(tenant: Tenant, bank: BankId, id: string | undefined): LoginSession | LoginOutcome {
  const session = id === undefined ? undefined : tenant.sessions.find(id);
  if (session?.bank !== bank) return { kind: 'end', why: 'unknown-session' };
  const lifetimeMs = durationMs(dialectOf(tenant, session).settings(tenant, session.clientId).loginSessionLifetime);
  const now = tenant.clock.now();
  if (session.step === 'over' || now >= session.startedAtMs + lifetimeMs) return { kind: 'end', why: 'session-over' };
  return session;
}

/** Username (or CPF) and password. A wrong pair shows the page again and says nothing of which was wrong. */
export async function submitLogin(
  tenant: Tenant,
  session: LoginSession,
  username: string | undefined,
  password: string | undefined,
): Promise<LoginOutcome> {
  const user = username === undefined ? undefined : tenant.users.findForLogin(username);
  // Asked of an unknown user too, so that the time taken tells nothing.
  const matches = dialectOf(tenant, session).isRightPassword(user, password ?? '');
  if (user === undefined || !matches) return { kind: 'page', step: 'login', problem: 'wrong-credentials' };
  return logIn(tenant, session, user);
}

/** What follows a right password; also how the control API logs a user in. */
export async function logIn(tenant: Tenant, session: LoginSession, user: User): Promise<LoginOutcome> {
  if (user.behaviour === 'locked') {
    session.step = 'over';
    return { kind: 'end', why: 'locked-user' };
  }
  session.username = user.username;
  session.authenticatedAtMs = tenant.clock.now();
  if (user.behaviour === 'denies') return deny(tenant, session);
  const dialect = dialectOf(tenant, session);
  if (dialect.companies(tenant, user).length === 0) {
    session.step = 'over';
    return { kind: 'end', why: 'no-company' };
  }
  return show(session, dialect.stepAfterLogin(tenant));
}

/** Chooses app or SMS token; an SMS is sent at once. */
export function chooseFactor(tenant: Tenant, session: LoginSession, factor: SecondFactorKind): LoginOutcome {
  const user = userOf(tenant, session);
  if (user === undefined) return { kind: 'end', why: 'session-over' };
  session.factor = factor;
  if (factor === 'sms') {
    const lifetimeMs = durationMs(dialectOf(tenant, session).settings(tenant, session.clientId).smsTokenLifetime);
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
  session: LoginSession,
  typed: string | undefined,
): Promise<LoginOutcome> {
  const user = userOf(tenant, session);
  if (user === undefined || session.factor === null) return { kind: 'end', why: 'session-over' };
  const dialect = dialectOf(tenant, session);
  const outcome = dialect.judgeSecondFactor(tenant, session, user, (typed ?? '').replaceAll(/\s/g, ''));
  if (outcome === 'accepted') {
    if (dialect.stepAfterSecondFactor === 'over') return approve(tenant, session);
    return show(session, dialect.stepAfterSecondFactor);
  }
  session.wrongTokens += 1;
  const attempts = dialect.settings(tenant, session.clientId).secondFactorAttempts;
  if (session.wrongTokens >= attempts) return endAsDenied(tenant, session);
  return show(session, 'second-factor', problems[outcome]);
}

/** Chooses the company; one that the user may not consent for shows the page again. */
export async function chooseCompany(
  tenant: Tenant,
  session: LoginSession,
  cnpj: string | undefined,
): Promise<LoginOutcome> {
  const user = userOf(tenant, session);
  if (user === undefined) return { kind: 'end', why: 'session-over' };
  const company = dialectOf(tenant, session)
    .companies(tenant, user)
    .find((candidate) => candidate.cnpj === cnpj);
  if (company === undefined) return show(session, session.step, 'nothing-chosen');
  session.company = company.cnpj;
  return approve(tenant, session);
}

export function show(session: LoginSession, step: LoginStep, problem: LoginProblem | null = null): LoginOutcome {
  session.step = step;
  return { kind: 'page', step, problem };
}

/** The user refuses. */
export function deny(tenant: Tenant, session: LoginSession): Promise<LoginOutcome> | LoginOutcome {
  return dialectOf(tenant, session).afterDenial(tenant, session);
}

/** Ends the session with `access_denied` for the partner. */
export function endAsDenied(tenant: Tenant, session: LoginSession): LoginOutcome {
  return endWithError(tenant, session, 'access_denied', 'The resource owner denied the request');
}

/** Ends the session with an error for the partner. */
export function endWithError(
  tenant: Tenant,
  session: LoginSession,
  error: AuthorizationErrorCode,
  description: string,
): LoginOutcome {
  session.step = 'over';
  const { redirectUri, state } = session.request;
  const target = { redirectUri, state, bankUrl: session.bankUrl };
  return { kind: 'redirect', location: errorRedirect(tenant, session.bank, target, error, description) };
}

/** Where an authorization response goes, and what it carries back. */
export interface RedirectTarget {
  readonly redirectUri: string;
  readonly state: string | null;
  /** The bank's own base URL, where the request came by one of its own hosts. */
  readonly bankUrl: string | undefined;
}

/** Where an authorization error is sent (RFC 6749 section 4.1.2.1). */
export function errorRedirect(
  tenant: Tenant,
  bank: BankId,
  { redirectUri, state, bankUrl }: RedirectTarget,
  error: AuthorizationErrorCode,
  description: string,
): string {
  const result = [['error', error] as const, ['error_description', description] as const];
  return withParameters(redirectUri, tenant.banks[bank].login.redirectParameters(tenant, result, state, bankUrl));
}

/** The user agrees: a grant and its code are made, and the code goes to the partner. */
export async function approve(tenant: Tenant, session: LoginSession): Promise<LoginOutcome> {
  const user = userOf(tenant, session);
  if (user === undefined || session.step === 'over') return { kind: 'end', why: 'session-over' };
  // The session is over before anything is awaited, so that a form sent twice cannot give a second code.
  session.step = 'over';
  const dialect = dialectOf(tenant, session);
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
    ...(session.bankUrl === undefined ? {} : { bankUrl: session.bankUrl }),
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
  const parameters = dialect.redirectParameters(tenant, [['code', code.key]], state, session.bankUrl);
  return { kind: 'redirect', location: withParameters(redirectUri, parameters) };
}

export function userOf(tenant: Tenant, session: LoginSession): User | undefined {
  return session.username === null ? undefined : tenant.users.find(session.username);
}
