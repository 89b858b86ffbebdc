import { HomologaError } from '../../foundation/homologa-error.js';
import { safeText } from '../safe-text.js';
import type { Page } from './http-user-agent.js';

/** Where the walk ended; see {@link ConsentWalkError}. */
export type ConsentWalkErrorCode =
  | 'ERR_LOGIN_REFUSED'
  | 'ERR_LOGIN_LED_NOWHERE'
  | 'ERR_SECOND_FACTOR_REFUSED'
  | 'ERR_SECOND_FACTOR_MISSING'
  | 'ERR_SECOND_FACTOR_NOT_OFFERED'
  | 'ERR_COMPANY_NOT_OFFERED'
  | 'ERR_CONSENT_PAGE_UNEXPECTED'
  | 'ERR_CONSENT_WALK_TOO_LONG';

/**
 * The walk through the bank's pages could not go on. Nothing is tried twice: a wrong password tried again locks users.
 *
 * - `ERR_LOGIN_REFUSED`, `ERR_SECOND_FACTOR_REFUSED`: the bank showed the same question again, or ended the consent
 *   there; or, for the login, says that the user is locked;
 * - `ERR_LOGIN_LED_NOWHERE`: the page after the login asks nothing and sends nobody back;
 * - `ERR_SECOND_FACTOR_MISSING`: the bank asks for one and none was given;
 * - `ERR_SECOND_FACTOR_NOT_OFFERED`, `ERR_COMPANY_NOT_OFFERED`: not among the page's choices;
 * - `ERR_CONSENT_PAGE_UNEXPECTED`: a page with nothing to fill in (an error page, or something new);
 * - `ERR_CONSENT_WALK_TOO_LONG`: more pages than any bank has.
 *
 * `shown` is the page in question, bounded and masked, as {@link cause} too.
 */
export class ConsentWalkError extends HomologaError {
  declare readonly code: ConsentWalkErrorCode;
  readonly shown: { readonly status: number; readonly title: string; readonly text: string };

  constructor(code: ConsentWalkErrorCode, what: string, page: Page, secrets: readonly string[] = []) {
    const shown = {
      status: page.status,
      title: safeText(page.title, secrets),
      text: safeText(page.alert === '' ? page.text : page.alert, secrets, 300),
    };
    const said = shown.text === '' || /[.!?…]$/.test(shown.text) ? shown.text : `${shown.text}.`;
    super(code, `${what} The bank shows (${String(shown.status)}) "${shown.title}": ${said}`, { cause: shown });
    this.shown = shown;
  }
}
