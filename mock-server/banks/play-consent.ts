import { HomologaError } from '../../foundation/homologa-error.js';
import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import { isScopeWithin } from '../oauth/scope.js';
import { throughFaults } from '../faults/fault-seam.js';
import type { Delivery } from '../faults/fault-seam.js';
import { defaultTenantId } from '../server-address.js';
import type { LoginSession } from '../tenants/login-session.js';
import type { SecondFactorKind } from '../tenants/second-factor.js';
import type { Tenant } from '../tenants/tenant.js';
import { totpCode, totpStep } from '../tenants/totp.js';
import type { User } from '../tenants/user.js';
import type { Bank } from './bank.js';
import { bankIds } from './bank-id.js';
import type { Answer, Exchange } from './exchange.js';
import { readRedirectSubject } from './fault-subject.js';
import { findSession, startLogin } from './login-flow.js';
import type { LoginOutcome } from './login-flow.js';
import { findOwnHost } from './own-hosts.js';
import { redirectAnswer } from './page.js';
import { sessionParameter } from './page-session.js';

/** How the user is to be played. */
export interface ConsentPlay {
  /** Only its path and query count, and whether its host is one of the bank's own. */
  readonly authorizationUrl: string;
  /** What the partner's backend would have sent in an `Authorization: Basic` header. */
  readonly basic?: { readonly id: string; readonly secret: string } | undefined;
  readonly decision: 'approve' | 'deny';
  readonly user: User;
  /** The CNPJ to consent for; the first that is offered where absent. */
  readonly company?: string | undefined;
  /** Narrows what is granted; must be within what was requested. */
  readonly scope?: readonly string[] | undefined;
  readonly secondFactor: SecondFactorKind;
}

/** What came of it: a redirect to the partner, or what the bank would have shown in its place. */
export type ConsentResult =
  { readonly kind: 'redirect'; readonly redirectTo: string } | { readonly kind: 'shown'; readonly delivery: Delivery };

/** Thrown where the user cannot be played as asked; `cause` holds `{ member }`, the member that is in the way. */
export class ConsentPlayError extends HomologaError {
  readonly member: string;

  constructor(code: string, member: string, message: string) {
    super(code, message, { cause: { member } });
    this.member = member;
  }
}

/**
 * Plays the user for one authorization request: sends each page's form as a browser would, without pages between.
 * Faults of the authorization endpoint and of the redirect act on it. The journal holds it as one entry that was played:
 * the authorization request, which the partner built, and what came of it.
 *
 * @throws ConsentPlayError
 */
export async function playConsent(tenant: Tenant, play: ConsentPlay): Promise<ConsentResult> {
  const { bank, exchange } = findAuthorizationRequest(tenant, play);
  const arrival = { receivedAtMs: tenant.clock.now(), arrivedAfter: tenant.journal.newestId };
  const ended = (delivery: Delivery): Delivery => {
    recordPlay(bank, exchange, delivery, arrival);
    return delivery;
  };
  const work = async (): Promise<Answer> =>
    bank.finish(await answerRequest(bank, exchange, play), 'authorize', exchange);
  // Where a backend was sent to the login page already, that request has met its faults.
  const started: Delivery =
    exchange.path === bank.pages.authorizationPath
      ? await throughFaults(exchange, `${bank.id}.authorize`, () => bank.faultSubject(exchange, 'authorize'), work)
      : { answer: await work(), transport: 'complete', faults: [] };
  if (started.answer.toPartner !== true || started.transport !== 'complete') {
    return { kind: 'shown', delivery: ended(started) };
  }
  const sent = await throughFaults(
    exchange,
    `${bank.id}.redirect`,
    () => readRedirectSubject(exchange, started.answer),
    async () => started.answer,
  );
  ended({ ...sent, faults: [...started.faults, ...sent.faults] });
  const location = sent.answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  const isRedirect = sent.transport === 'complete' && sent.answer.status >= 300 && sent.answer.status < 400;
  return isRedirect && location !== undefined
    ? { kind: 'redirect', redirectTo: location }
    : { kind: 'shown', delivery: sent };
}

function recordPlay(
  bank: Bank,
  { tenant, path, query, method, headers, facts }: Exchange,
  { answer, transport, faults }: Delivery,
  arrival: { readonly receivedAtMs: number; readonly arrivedAfter: number },
): void {
  const base = tenant.links[bank.id].publicBase;
  tenant.journal.record({
    ...arrival,
    bank: bank.id,
    endpoint: path === bank.pages.authorizationPath ? 'authorize' : 'login',
    answeredAtMs: tenant.clock.now(),
    method,
    url: `${base}${path}${query === '' ? '' : `?${query}`}`,
    requestHeaders: headers,
    requestBody: '',
    answer,
    facts,
    faults,
    answerArrived: transport === 'complete',
    environment: tenant.settings.environment,
    isPlayed: true,
  });
}

/** The bank and path that a URL leads to, whatever its host: below this tenant's prefix, or at a root. */
function findAuthorizationRequest(tenant: Tenant, play: ConsentPlay): { bank: Bank; exchange: Exchange } {
  const base = 'http://mock.invalid';
  if (!URL.canParse(play.authorizationUrl, base)) {
    throw new ConsentPlayError(
      'ERR_NOT_AN_AUTHORIZATION_URL',
      'authorizationUrl',
      'authorizationUrl cannot be read as a URL.',
    );
  }
  const { host, pathname, search } = new URL(play.authorizationUrl, base);
  const ownHost = findOwnHost(host);
  const prefixes = [`/t/${tenant.id}`, ...(tenant.id === defaultTenantId ? [''] : [])];
  for (const id of bankIds) {
    const bank = tenant.banks[id];
    const { authorizationPath } = bank.pages;
    const roots = [...prefixes.map((prefix) => `${prefix}/${id}`), ''];
    const path = roots
      .filter((root) => pathname.startsWith(`${root}/`))
      .map((root) => pathname.slice(root.length))
      .find((candidate) => candidate === authorizationPath || candidate === bank.pages.steps.login?.path);
    if (path === undefined) continue;
    if (id !== 'bs2' && play.basic !== undefined) {
      throw new ConsentPlayError('ERR_BASIC_NOT_TAKEN', 'basic', 'Only BS2 takes Basic at its authorization endpoint.');
    }
    const exchange = exchangeOf(tenant, bank, path, search.slice(1), play.basic);
    if (ownHost?.bank !== id) return { bank, exchange };
    return { bank, exchange: { ...exchange, ownHost, pageBase: ownHost.bankUrl } };
  }
  const expected = bankIds
    .map((id) => tenant.links[id].publicBase + tenant.banks[id].pages.authorizationPath)
    .join(' or ');
  throw new ConsentPlayError(
    'ERR_NOT_AN_AUTHORIZATION_URL',
    'authorizationUrl',
    `authorizationUrl must lead to this tenant's ${expected} (any host), got the path ${JSON.stringify(pathname.slice(0, 200))}.`,
  );
}

function exchangeOf(tenant: Tenant, bank: Bank, path: string, query: string, basic: ConsentPlay['basic']): Exchange {
  const headers = new Headers();
  if (basic !== undefined) {
    const pair = `${encodeURIComponent(basic.id)}:${encodeURIComponent(basic.secret)}`;
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
  }
  const pageBase = tenant.links[bank.id].publicBase;
  return {
    tenant,
    bank: bank.id,
    method: 'GET',
    path,
    query,
    headers,
    body: '',
    peer: { address: null },
    pageBase,
    facts: {},
  };
}

async function answerRequest(bank: Bank, exchange: Exchange, play: ConsentPlay): Promise<Answer> {
  const session = await openSession(bank, exchange);
  if ('status' in session) return session;
  if ('kind' in session) return bank.pages.renderEnd(exchange, session.kind === 'end' ? session.why : 'session-over');
  exchange.facts.clientId = session.clientId;
  const outcome = await submitForms(bank, exchange, session, play);
  if (session.username !== null) exchange.facts.username = session.username;
  exchange.facts.outcome =
    outcome.kind === 'redirect'
      ? (new URL(outcome.location).searchParams.get('error') ?? 'code')
      : outcome.kind === 'end'
        ? outcome.why
        : 'session-over';
  if (outcome.kind === 'redirect') return { ...redirectAnswer(outcome.location), toPartner: true };
  return bank.pages.renderEnd(exchange, outcome.kind === 'end' ? outcome.why : 'session-over');
}

/** A new login for an authorization request, or the one whose login page a backend was sent to (BS2). */
async function openSession(bank: Bank, exchange: Exchange): Promise<LoginSession | LoginOutcome | Answer> {
  const { tenant } = exchange;
  if (exchange.path !== bank.pages.authorizationPath) {
    return findSession(tenant, bank.id, new RequestParameters(exchange.query).get(sessionParameter));
  }
  const outcome = await bank.authorize(exchange);
  if (outcome.kind === 'answer') return outcome.answer;
  return startLogin(tenant, bank.id, outcome.client.id, outcome.request, exchange.ownHost?.bankUrl);
}

/** Sends the form of each page until the bank is done with the user. */
async function submitForms(
  bank: Bank,
  exchange: Exchange,
  session: LoginSession,
  play: ConsentPlay,
): Promise<LoginOutcome> {
  let outcome: LoginOutcome = { kind: 'page', step: session.step, problem: null };
  const attempts = bank.login.settings(exchange.tenant, session.clientId).secondFactorAttempts;
  for (let sent = 0; outcome.kind === 'page' && sent < attempts + 6; sent += 1) {
    const step = bank.pages.steps[session.step];
    if (step === undefined) break;
    if (session.step !== 'login' && play.decision === 'approve') applyChoices(bank, exchange.tenant, session, play);
    const form = new RequestParameters(new URLSearchParams(fieldsOf(exchange.tenant, session, play)).toString());
    outcome = await step.take(exchange, { session, language: 'pt', csrf: '', cookie: [], form });
    if (outcome.kind === 'page' && outcome.problem === 'wrong-credentials') break;
  }
  return outcome;
}

/** What the user chooses on pages that have no field for it: a narrower scope, and at BS2 the company. */
function applyChoices(bank: Bank, tenant: Tenant, session: LoginSession, play: ConsentPlay): void {
  const offered = bank.login.companies(tenant, play.user).map(({ cnpj }) => cnpj);
  if (play.company !== undefined && !offered.includes(play.company)) {
    session.step = 'over';
    throw new ConsentPlayError(
      'ERR_COMPANY_NOT_OFFERED',
      'company',
      `The bank offers this user ${offered.join(', ') || 'no company'}, not ${JSON.stringify(play.company)}.`,
    );
  }
  session.company = play.company ?? offered[0] ?? null;
  if (play.scope === undefined) return;
  const requested: AuthorizationRequest['scope'] = session.request.scope;
  if (!isScopeWithin(play.scope, requested)) {
    session.step = 'over';
    const asked = `The request asks for "${requested.join(' ')}"`;
    throw new ConsentPlayError('ERR_SCOPE_NOT_REQUESTED', 'scope', `${asked}; the user can grant no more than that.`);
  }
  session.grantedScope = play.scope;
}

function fieldsOf(tenant: Tenant, session: LoginSession, play: ConsentPlay): Record<string, string> {
  const { user, decision } = play;
  switch (session.step) {
    case 'login':
      return { username: user.username, password: user.password };
    case 'consent':
      return { decision, factor: play.secondFactor };
    case 'second-factor':
      return { decision: 'approve', code: codeOf(tenant, session, user) };
    case 'company':
      return { decision, company: session.company ?? '' };
    case 'scopes':
    case 'over':
      return { decision };
  }
}

/** What the user's phone shows. With all app codes of the moment spent, one that was used is typed again. */
function codeOf(tenant: Tenant, session: LoginSession, user: User): string {
  if (session.factor === 'sms') return tenant.secondFactors.lastSms(user.username)?.code ?? '';
  const code = tenant.secondFactors.appCode(user);
  if (code !== null) return code;
  const { secondFactorReplay } = tenant.banks[session.bank].login.settings(tenant, session.clientId);
  if (secondFactorReplay === 'accept') return totpCode(user.totpSecret, totpStep(tenant.clock.now()));
  session.step = 'over';
  throw new ConsentPlayError(
    'ERR_NO_APP_CODE',
    'secondFactor',
    'All app codes of this moment are spent; advance the clock by PT30S, or use "sms".',
  );
}
