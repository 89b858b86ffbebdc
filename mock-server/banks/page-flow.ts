import type { RequestParameters } from '../oauth/request-parameters.js';
import type { LoginSession, LoginStep } from '../tenants/login-session.js';
import { bankOf } from './bank-of-exchange.js';
import type { Answer, Endpoint, Exchange } from './exchange.js';
import { startLogin } from './login-flow.js';
import type { LoginEnd, LoginOutcome, LoginProblem } from './login-flow.js';
import { redirectAnswer } from './page.js';
import type { Language } from './page.js';
import { chosenLanguage, pageUrl, submitPage, visitPage } from './page-session.js';
import type { PageSubmission, PageVisit } from './page-session.js';
import type { Route } from './route-table.js';

/** One page of a bank's login: how it is shown, and what its form does. */
export interface PageStep {
  readonly path: string;
  readonly endpoint: Endpoint;
  render(exchange: Exchange, visit: PageVisit, problem: LoginProblem | null): Promise<Answer>;
  take(exchange: Exchange, submission: PageSubmission): Promise<LoginOutcome> | LoginOutcome;
  /** Steps from which the user may come back to this page. */
  readonly reachableFrom?: readonly LoginStep[];
}

/** A bank's authorization endpoint and the pages behind it. */
export interface PageFlow {
  readonly authorizationPath: string;
  readonly authorizationMethods: readonly Route['method'][];
  readonly steps: Readonly<Partial<Record<LoginStep, PageStep>>>;
  /** Whether a form that was sent back is one that this bank showed to this browser. */
  isOwnForm(exchange: Exchange, session: LoginSession, form: RequestParameters): boolean;
  /** The bank's own page for a login that cannot go on. */
  renderEnd(exchange: Exchange, why: LoginEnd | 'forged'): Promise<Answer>;
}

/** How long the magic user `lento` is kept waiting, in real time. */
const slowMs = 3000;

/**
 * The routes of a bank's login, of which the flow gives paths and methods; what a page does is asked of the bank that
 * answers. A form that belongs to another step than the session's changes nothing.
 */
export function pageRoutes(flow: Pick<PageFlow, 'authorizationPath' | 'authorizationMethods' | 'steps'>): Route[] {
  const routes: Route[] = flow.authorizationMethods.map((method) => ({
    method,
    path: flow.authorizationPath,
    endpoint: 'authorize',
    handle: authorize,
  }));
  for (const name of stepNames) {
    const step = flow.steps[name];
    if (step === undefined) continue;
    const { path, endpoint } = step;
    routes.push({ method: 'GET', path, endpoint, handle: (exchange) => showPage(name, exchange) });
    routes.push({ method: 'POST', path, endpoint, handle: (exchange) => takeForm(name, exchange) });
  }
  return routes;
}

const stepNames: readonly LoginStep[] = ['login', 'scopes', 'consent', 'company', 'second-factor'];

async function authorize(exchange: Exchange): Promise<Answer> {
  const outcome = await bankOf(exchange).authorize(exchange);
  if (outcome.kind === 'answer') return outcome.answer;
  exchange.facts.outcome = 'login';
  const { tenant, bank, ownHost } = exchange;
  return toStep(exchange, startLogin(tenant, bank, outcome.client.id, outcome.request, ownHost?.bankUrl));
}

async function showPage(name: LoginStep, exchange: Exchange): Promise<Answer> {
  const visit = visitPage(exchange);
  if (typeof visit === 'string') return end(exchange, visit);
  const { session } = visit;
  const step = bankOf(exchange).pages.steps[name];
  if (step?.reachableFrom?.includes(session.step) === true) session.step = name;
  if (step === undefined || session.step !== name) return toStep(exchange, session, chosenLanguage(exchange));
  return step.render(exchange, visit, null);
}

async function takeForm(name: LoginStep, exchange: Exchange): Promise<Answer> {
  const submission = submitPage(exchange);
  if (typeof submission === 'string') return end(exchange, submission);
  const { session } = submission;
  const step = bankOf(exchange).pages.steps[name];
  const language = chosenLanguage(exchange);
  if (step === undefined || session.step !== name) return toStep(exchange, session, language);
  const outcome = await step.take(exchange, submission);
  if (session.username !== null) exchange.facts.username = session.username;
  if (name === 'login') await keepSlowUserWaiting(exchange);
  switch (outcome.kind) {
    case 'end':
      return end(exchange, outcome.why);
    case 'redirect':
      exchange.facts.outcome = new URL(outcome.location).searchParams.get('error') ?? 'code';
      return { ...redirectAnswer(outcome.location), toPartner: true };
    case 'page':
      exchange.facts.outcome = outcome.problem ?? outcome.step;
      if (outcome.step === name) return step.render(exchange, submission, outcome.problem);
      return toStep(exchange, session, language);
  }
}

/** Leads to the page of the session's step, in the language that was chosen on the page before. */
function toStep(exchange: Exchange, session: LoginSession, language?: Language): Promise<Answer> | Answer {
  const step = bankOf(exchange).pages.steps[session.step];
  if (step === undefined) return end(exchange, 'session-over');
  return redirectAnswer(pageUrl(exchange, step.path, session, language));
}

async function end(exchange: Exchange, why: LoginEnd | 'forged'): Promise<Answer> {
  exchange.facts.outcome = why;
  return bankOf(exchange).pages.renderEnd(exchange, why);
}

async function keepSlowUserWaiting(exchange: Exchange): Promise<void> {
  const { username } = exchange.facts;
  const user = username === undefined ? undefined : exchange.tenant.users.find(username);
  if (user?.behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, slowMs));
}
