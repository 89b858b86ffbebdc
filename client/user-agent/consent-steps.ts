import { ConsentWalkError } from './consent-walk-error.js';
import {
  choiceGroups,
  namesCompany,
  codeField,
  decisionButton,
  isCompanyChoice,
  isFactorChoice,
  passwordField,
  usernameField,
} from './form-roles.js';
import type { FormValues } from './form-submission.js';
import type { HtmlForm } from './html-form.js';
import type { HttpUserAgent, Navigation, Page } from './http-user-agent.js';

/** What a page of the bank asks. `message` asks nothing: an error page, or a farewell. */
export type ConsentStep =
  | { readonly kind: 'login'; readonly form: HtmlForm }
  | { readonly kind: 'second-factor'; readonly form: HtmlForm }
  | { readonly kind: 'consent'; readonly form: HtmlForm }
  | { readonly kind: 'message' };

/**
 * Recognises a page by what its forms ask, not by names or words of one bank's pages: a code field is the second
 * factor; a password, or a user name alone, the login; any other POST form the consent (features, factor, company).
 */
export function readConsentStep(page: Page): ConsentStep {
  const forms = page.forms.filter((form) => form.method === 'POST' || passwordField(form) !== null);
  const secondFactor = forms.find((form) => codeField(form) !== null);
  if (secondFactor !== undefined) return { kind: 'second-factor', form: secondFactor };
  const login = forms.find((form) => passwordField(form) !== null || usernameField(form) !== null);
  if (login !== undefined) return { kind: 'login', form: login };
  const consent =
    forms.find((form) => choiceGroups(form).length > 0 || form.buttons.some(({ name }) => name === 'decision')) ??
    forms.find((form) => form.buttons.length > 0);
  return consent === undefined || page.status >= 400 ? { kind: 'message' } : { kind: 'consent', form: consent };
}

function expectStep<Kind extends ConsentStep['kind']>(page: Page, kind: Kind): Extract<ConsentStep, { kind: Kind }> {
  const step = readConsentStep(page);
  const isExpected = (candidate: ConsentStep): candidate is Extract<ConsentStep, { kind: Kind }> =>
    candidate.kind === kind;
  if (isExpected(step)) return step;
  throw new ConsentWalkError(
    'ERR_CONSENT_PAGE_UNEXPECTED',
    `Expected the ${kind} page, it is a ${step.kind} page.`,
    page,
  );
}

/** Fills in user name and password and sends them, once. Hidden fields go back as they came. */
export async function submitLogin(
  userAgent: HttpUserAgent,
  page: Page,
  credentials: { readonly username: string; readonly password: string },
): Promise<Navigation> {
  const { form } = expectStep(page, 'login');
  const username = usernameField(form);
  const password = passwordField(form);
  const values = {
    ...(username === null ? {} : { [username.name]: credentials.username }),
    ...(password === null ? {} : { [password.name]: credentials.password }),
  };
  return userAgent.submit(form, values, decisionButton(form, 'approve'));
}

/** Fills in the second factor's code and sends it, once. */
export async function submitSecondFactor(userAgent: HttpUserAgent, page: Page, code: string): Promise<Navigation> {
  const { form } = expectStep(page, 'second-factor');
  const field = codeField(form);
  return userAgent.submit(form, field === null ? {} : { [field.name]: code }, decisionButton(form, 'approve'));
}

/** What to choose on consent pages. */
export interface ConsentChoices {
  readonly decision: 'approve' | 'deny';
  /** Which second factor to ask for, where the page offers a choice. */
  readonly factor?: 'app' | 'sms' | undefined;
  /** CNPJ of the company, with or without punctuation; default: what the page preselects, else its first. */
  readonly company?: string | undefined;
  /** Scope values to tick, space separated, where the page has checkboxes; default: as the page has them. */
  readonly scope?: string | undefined;
}

/**
 * Answers a consent page: factor, company and scopes where it asks for them, then yes or no. A page without a
 * button for no (BTG's company page) is answered with its only one; the no is said on the page that has it.
 *
 * @throws ConsentWalkError (as rejection) `ERR_SECOND_FACTOR_NOT_OFFERED`, `ERR_COMPANY_NOT_OFFERED`.
 */
export async function submitConsent(
  userAgent: HttpUserAgent,
  page: Page,
  choices: ConsentChoices,
): Promise<Navigation> {
  const { form } = expectStep(page, 'consent');
  const button = decisionButton(form, choices.decision) ?? decisionButton(form, 'approve');
  return userAgent.submit(form, consentValues(form, page, choices), button);
}

function consentValues(form: HtmlForm, page: Page, choices: ConsentChoices): FormValues {
  const values: Record<string, string | readonly string[]> = {};
  for (const group of choiceGroups(form)) {
    const isAboutFactor = group.choices.some(
      (choice) => isFactorChoice(choice, 'app') || isFactorChoice(choice, 'sms'),
    );
    const chosen = isAboutFactor ? factorOf(group, page, choices) : companyOf(group, page, choices);
    const preselected = group.choices.find((choice) => choice.chosen) ?? group.choices[0];
    const value = chosen ?? preselected?.value;
    if (value !== undefined) values[group.name] = value;
  }
  const { scope } = choices;
  if (scope !== undefined) {
    const wanted = scope.split(' ');
    for (const field of form.fields) if (field.type === 'checkbox') values[field.name] = wanted;
  }
  return values;
}

type Group = ReturnType<typeof choiceGroups>[number];

function factorOf(group: Group, page: Page, { factor, decision }: ConsentChoices): string | undefined {
  if (factor === undefined) return undefined;
  const choice = group.choices.find((candidate) => isFactorChoice(candidate, factor));
  if (choice !== undefined || decision === 'deny') return choice?.value;
  throw new ConsentWalkError(
    'ERR_SECOND_FACTOR_NOT_OFFERED',
    `Expected the second factor "${factor}" among the choices.`,
    page,
  );
}

function companyOf(group: Group, page: Page, { company, decision }: ConsentChoices): string | undefined {
  // A list of accounts or the like has no CNPJs (14 characters): only a list of companies can lack the one asked for.
  const isAboutCompany = group.name === 'company' || group.choices.some(namesCompany);
  if (company === undefined || !isAboutCompany) return undefined;
  const choice = group.choices.find((candidate) => isCompanyChoice(candidate, company));
  if (choice !== undefined || decision === 'deny') return choice?.value;
  throw new ConsentWalkError('ERR_COMPANY_NOT_OFFERED', `Expected the company ${company} among the choices.`, page);
}
