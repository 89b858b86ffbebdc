import type { Shown } from './customer.js';
import type { PartnerSetup } from './verify-file.js';

/**
 * What an answer of the application means to the customer:
 *
 * - `served`: they got what they asked for;
 * - `consent-asked`: only a new consent helps, and they are told so or led to it;
 * - `unavailable`: not now;
 * - `crashed`: a plain error of the server, that tells nobody anything.
 */
export type CustomerAnswer = 'served' | 'consent-asked' | 'unavailable' | 'crashed';

/** What answers are read by. */
export interface AnswerReading {
  /** How the application says that a new consent is needed; undefined where the file does not tell. */
  readonly signal: PartnerSetup['signals']['needsConsent'];
  /** Addresses at which calls that are served end; null where each ends at one of its own. */
  readonly usualUrls: readonly string[] | null;
  /** What a call that was served was answered in the control; null where none was. */
  readonly usualStatus?: number | null;
  readonly isAtBank: (url: string) => boolean;
}

const busy = new Set([408, 425, 429]);
const outage = new Set([502, 503, 504]);

/**
 * Reads an answer to `callApi`. With a signal in the file, that and nothing else asks for a consent, but for the bank's
 * own login; without one, every answer below 500 that is no success and does not say "later" does, and so does a
 * redirect away from where the call usually ends.
 */
export function readCustomerAnswer(
  { status, url, headers, body }: Pick<Shown, 'status' | 'url' | 'headers' | 'body'>,
  { signal, usualUrls, usualStatus = null, isAtBank }: AnswerReading,
): CustomerAnswer {
  if (isAtBank(url)) return 'consent-asked';
  if (isPending({ status, headers }, usualStatus)) return 'unavailable';
  const isElsewhere = usualUrls !== null && !usualUrls.some((usual) => placeOf(usual) === placeOf(url));
  if (signal !== undefined) {
    const isStatus =
      signal.status === undefined || signal.status === status || (isRedirect(signal.status) && isElsewhere);
    const isBody = signal.bodyMatches === undefined || new RegExp(signal.bodyMatches).test(body);
    if (isStatus && isBody) return 'consent-asked';
    if (status < 400) return 'served';
    return status < 500 || outage.has(status) || headers.has('retry-after') ? 'unavailable' : 'crashed';
  }
  if (status >= 500) return outage.has(status) || headers.has('retry-after') ? 'unavailable' : 'crashed';
  if (isElsewhere) return 'consent-asked';
  if (status < 400) return 'served';
  return busy.has(status) ? 'unavailable' : 'consent-asked';
}

/**
 * Whether an answer says that the work is still going on (RFC 9110 section 15.3.3, and a success with Retry-After). An
 * application that always answers so means by it what others mean by 200.
 */
export function isPending({ status, headers }: Pick<Shown, 'status' | 'headers'>, usualStatus: number | null): boolean {
  if (status >= 300 || status === usualStatus) return false;
  return status === 202 || headers.has('retry-after');
}

/** Where calls that are served end, by where the positive control's did. */
export function usualUrlsOf(callApi: readonly string[], control: string | null): readonly string[] | null {
  const endsWhereAsked = control === null || callApi.some((url) => placeOf(url) === placeOf(control));
  // A call that leads to the page of its result, each to another one.
  return endsWhereAsked ? callApi : null;
}

/** An answer in a few words, for a person. */
export function describeShown({ status, url }: Pick<Shown, 'status' | 'url'>, { isAtBank }: AnswerReading): string {
  return isAtBank(url) ? 'the bank’s login' : String(status);
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
