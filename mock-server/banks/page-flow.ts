import type { LoginStep } from '../tenants/login-session.js';
import type { AuthorizationOutcome } from './bank.js';
import type { Answer, Endpoint, Exchange } from './exchange.js';
import { startLogin } from './login-flow.js';
import type { LoginDialect, LoginEnd, LoginOutcome, LoginProblem } from './login-flow.js';
import { redirectAnswer } from './page.js';
import { pageUrl, submitPage, visitPage } from './page-session.js';
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
  readonly dialect: LoginDialect;
  readonly authorizationPath: string;
  readonly authorizationMethods: readonly Route['method'][];
  authorize(exchange: Exchange): Promise<AuthorizationOutcome>;
  readonly steps: Readonly<Partial<Record<LoginStep, PageStep>>>;
  /** The bank's own page for a login that cannot go on. */
  renderEnd(exchange: Exchange, why: LoginEnd | 'forged'): Promise<Answer>;
}

/** How long the magic user `lento` is kept waiting, in real time. */
const slowMs = 3000;

/** The routes of a bank's login. A form that belongs to another step than the session's changes nothing. */
export function pageRoutes(flow: PageFlow): Route[] {
  const routes: Route[] = flow.authorizationMethods.map((method) => ({
    method,
    path: flow.authorizationPath,
    endpoint: 'authorize',
    handle: (exchange) => authorize(flow, exchange),
  }));
  for (const name of stepNames) {
    const step = flow.steps[name];
    if (step === undefined) continue;
    const { path, endpoint } = step;
    routes.push({ method: 'GET', path, endpoint, handle: (exchange) => showPage(flow, name, step, exchange) });
    routes.push({ method: 'POST', path, endpoint, handle: (exchange) => takeForm(flow, name, step, exchange) });
  }
  return routes;
}

const stepNames: readonly LoginStep[] = ['login', 'scopes', 'consent', 'company', 'second-factor'];

async function authorize(flow: PageFlow, exchange: Exchange): Promise<Answer> {
  const outcome = await flow.authorize(exchange);
  if (outcome.kind === 'answer') return outcome.answer;
  exchange.facts.outcome = 'login';
  const session = startLogin(exchange.tenant, flow.dialect, outcome.client.id, outcome.request);
  return toStep(flow, exchange, session);
}

async function showPage(flow: PageFlow, name: LoginStep, step: PageStep, exchange: Exchange): Promise<Answer> {
  const visit = visitPage(exchange, flow.dialect);
  if (typeof visit === 'string') return end(flow, exchange, visit);
  const { session } = visit;
  if (step.reachableFrom?.includes(session.step) === true) session.step = name;
  if (session.step !== name) return toStep(flow, exchange, session);
  return step.render(exchange, visit, null);
}

async function takeForm(flow: PageFlow, name: LoginStep, step: PageStep, exchange: Exchange): Promise<Answer> {
  const submission = submitPage(exchange, flow.dialect);
  if (typeof submission === 'string') return end(flow, exchange, submission);
  const { session } = submission;
  if (session.step !== name) return toStep(flow, exchange, session);
  const outcome = await step.take(exchange, submission);
  if (session.username !== null) exchange.facts.username = session.username;
  if (name === 'login') await keepSlowUserWaiting(exchange);
  switch (outcome.kind) {
    case 'end':
      return end(flow, exchange, outcome.why);
    case 'redirect':
      exchange.facts.outcome = new URL(outcome.location).searchParams.get('error') ?? 'code';
      return { ...redirectAnswer(outcome.location), toPartner: true };
    case 'page':
      exchange.facts.outcome = outcome.problem ?? outcome.step;
      if (outcome.step === name) return step.render(exchange, submission, outcome.problem);
      return toStep(flow, exchange, session);
  }
}

function toStep(flow: PageFlow, exchange: Exchange, session: PageVisit['session']): Promise<Answer> | Answer {
  const step = flow.steps[session.step];
  return step === undefined
    ? end(flow, exchange, 'session-over')
    : redirectAnswer(pageUrl(exchange, step.path, session));
}

async function end(flow: PageFlow, exchange: Exchange, why: LoginEnd | 'forged'): Promise<Answer> {
  exchange.facts.outcome = why;
  return flow.renderEnd(exchange, why);
}

async function keepSlowUserWaiting(exchange: Exchange): Promise<void> {
  const { username } = exchange.facts;
  const user = username === undefined ? undefined : exchange.tenant.users.find(username);
  if (user?.behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, slowMs));
}
