import { readConsentStep, submitConsent, submitLogin, submitSecondFactor, type ConsentStep } from './consent-steps.js';
import { ConsentWalkError } from './consent-walk-error.js';
import { decisionButton } from './form-roles.js';
import type { HttpUserAgent, Navigation, Page } from './http-user-agent.js';

/** The user's second factor. */
export interface SecondFactor {
  readonly kind: 'app' | 'sms';
  /** Called when the bank asks for the code, not before: an SMS is sent only then. */
  readonly code: () => Promise<string>;
}

/** Who consents to what; see {@link walkConsent}. */
export interface ConsentWalkInput {
  readonly redirectUri: string;
  readonly username: string;
  readonly password: string;
  readonly secondFactor?: SecondFactor | undefined;
  /** CNPJ; default: what the page preselects, else its first. */
  readonly company?: string | undefined;
  /** Scope values to tick where the page lets the user choose; default: as the page has them. */
  readonly scope?: string | undefined;
  readonly decision: 'approve' | 'deny';
}

const maxPages = 12;

/** What banks write on the page of a user who may not log in any more, whatever its status. */
const lockWords = /\b(?:bloquead[oa]|suspens[oa]|locked|blocked|suspended)\b/i;

/**
 * Plays the user from the authorization request to the redirect back: login, consent, second factor, company, in
 * whatever order the bank asks. Each page is answered once; a question that comes back means that the answer was
 * refused.
 * Also resolves for a denial or another error that the bank redirects. Nothing needs to listen on `redirectUri`.
 *
 * @throws ConsentWalkError (as rejection) with the page that was shown.
 *
 * @example
 * ```ts
 * const { redirectTo } = await walkConsent(createHttpUserAgent(), await bank.browserAddress(start), {
 *   redirectUri, username, password, decision: 'approve',
 *   secondFactor: { kind: 'sms', code: () => askPerson() },
 * });
 * const tokens = await bank.finishAuthorization(redirectTo, start.transaction);
 * ```
 */
export async function walkConsent(
  userAgent: HttpUserAgent,
  authorizationUrl: string,
  input: ConsentWalkInput,
): Promise<{ readonly redirectTo: string }> {
  const end = await walkConsentUntil(userAgent, authorizationUrl, input, () => false);
  if (end.kind === 'stopped') return { redirectTo: end.redirectTo };
  throw new ConsentWalkError('ERR_CONSENT_PAGE_UNEXPECTED', 'Expected the bank to redirect back.', end.page);
}

/**
 * {@link walkConsent}, but stops at the first page for which `isEnough` is true, before answering it: to type a wrong
 * code three times, to send a form twice, to leave.
 *
 * @example
 * ```ts
 * const at = await walkConsentUntil(user, url, input, (step) => step.kind === 'second-factor');
 * if (at.kind === 'page') await submitSecondFactor(user, at.page, '000000');
 * ```
 */
export async function walkConsentUntil(
  userAgent: HttpUserAgent,
  authorizationUrl: string,
  input: ConsentWalkInput,
  isEnough: (step: ConsentStep, page: Page) => boolean,
): Promise<Navigation> {
  const first = await stopAt(userAgent, input.redirectUri).open(authorizationUrl);
  return walkConsentFrom(userAgent, first, input, isEnough);
}

/** {@link walkConsentUntil} from a page of the bank at which the user agent already stands. */
export async function walkConsentFrom(
  userAgent: HttpUserAgent,
  first: Navigation,
  input: ConsentWalkInput,
  isEnough: (step: ConsentStep, page: Page) => boolean,
): Promise<Navigation> {
  const stopping = stopAt(userAgent, input.redirectUri);
  let navigation = first;
  let previous: ConsentStep['kind'] | null = null;
  for (let pages = 0; navigation.kind === 'page'; pages += 1) {
    const { page } = navigation;
    const step = readConsentStep(page);
    if (isEnough(step, page)) return navigation;
    if (pages >= maxPages) {
      throw new ConsentWalkError(
        'ERR_CONSENT_WALK_TOO_LONG',
        `Expected a redirect after ${String(maxPages)} pages.`,
        page,
      );
    }
    refuseRepetition(previous, step, page, input);
    navigation = await answer(stopping, step, page, input);
    previous = step.kind;
  }
  return navigation;
}

function stopAt(userAgent: HttpUserAgent, redirectUri: string): HttpUserAgent {
  return {
    cookies: userAgent.cookies,
    open: (url, options) => userAgent.open(url, { ...options, stopAt: [redirectUri] }),
    submit: (form, values, button, options) =>
      userAgent.submit(form, values, button, { ...options, stopAt: [redirectUri] }),
  };
}

function refuseRepetition(
  previous: ConsentStep['kind'] | null,
  step: ConsentStep,
  page: Page,
  input: ConsentWalkInput,
): void {
  const secrets = [input.password];
  const isSameAgain = previous === step.kind || (step.kind === 'message' && page.status >= 400);
  // A bank may ask for user name and password on two pages: the second one carries no alert.
  const isSecondPageOfLogin = previous === 'login' && step.kind === 'login' && page.alert === '' && page.status < 400;
  if (previous === 'login' && isSameAgain && !(isSecondPageOfLogin && asksOnlyPassword(step))) {
    throw new ConsentWalkError('ERR_LOGIN_REFUSED', 'The bank did not accept user name and password.', page, secrets);
  }
  if (previous === 'login' && step.kind === 'message') {
    if (lockWords.test(`${page.title} ${page.text}`)) {
      throw new ConsentWalkError('ERR_LOGIN_REFUSED', 'The bank has locked this user.', page, secrets);
    }
    throw new ConsentWalkError(
      'ERR_LOGIN_LED_NOWHERE',
      'The login led to a page that asks nothing and sends nobody back; it may need a browser (consent: person or browser).',
      page,
      secrets,
    );
  }
  if (previous === 'second-factor' && isSameAgain) {
    throw new ConsentWalkError(
      'ERR_SECOND_FACTOR_REFUSED',
      'The bank did not accept the second factor.',
      page,
      secrets,
    );
  }
}

function asksOnlyPassword(step: ConsentStep): boolean {
  if (step.kind !== 'login') return false;
  const typed = step.form.fields.filter((field) => ['text', 'email', 'tel', 'number', 'password'].includes(field.type));
  return typed.length === 1 && typed[0]?.type === 'password';
}

async function answer(
  userAgent: HttpUserAgent,
  step: ConsentStep,
  page: Page,
  input: ConsentWalkInput,
): Promise<Navigation> {
  switch (step.kind) {
    case 'login':
      return submitLogin(userAgent, page, input);
    case 'consent':
      return submitConsent(userAgent, page, {
        decision: input.decision,
        factor: input.secondFactor?.kind,
        company: input.company,
        scope: input.scope,
      });
    case 'second-factor': {
      // A bank may ask for yes or no and for the code on one page: a no needs no code.
      const refusal = input.decision === 'deny' ? decisionButton(step.form, 'deny') : null;
      if (refusal !== null) return userAgent.submit(step.form, {}, refusal);
      if (input.secondFactor === undefined) {
        throw new ConsentWalkError(
          'ERR_SECOND_FACTOR_MISSING',
          'The bank asks for a second factor and none was given.',
          page,
        );
      }
      return submitSecondFactor(userAgent, page, await input.secondFactor.code());
    }
    case 'message':
      throw new ConsentWalkError('ERR_CONSENT_PAGE_UNEXPECTED', 'Expected a form to answer.', page, [input.password]);
  }
}
