import * as v from 'valibot';
import { HomologaError } from '../foundation/homologa-error.js';
import { ConsentWalkError } from '../client/user-agent/consent-walk-error.js';
import { safeText } from '../client/safe-text.js';
import { CheckFailure, PrerequisiteFailure } from './check-failure.js';
import { RunStoppedError } from './run-stop.js';
import type { BankUnderTest, ConsentInput } from './target.js';

/** How a consent ended: at an address, or at a page that led no further. */
export type ConsentEnd =
  | { readonly kind: 'returned'; readonly url: URL }
  /** `why` is fit for a report. */
  | { readonly kind: 'stuck'; readonly why: string };

/** Lets the user answer an authorization request; where the bank leads no further, says why instead of failing. */
export async function tryConsent(bank: BankUnderTest, input: ConsentInput): Promise<ConsentEnd> {
  try {
    return { kind: 'returned', url: new URL(await bank.consent(input)) };
  } catch (error) {
    // Nobody came, or nothing was left to type: that says nothing of the bank.
    if (error instanceof PrerequisiteFailure || error instanceof RunStoppedError) throw error;
    if (error instanceof HomologaError) return { kind: 'stuck', why: describeStuck(error) };
    throw error;
  }
}

/** What the bank did instead of sending the user on; fit for a report. */
function describeStuck(error: HomologaError): string {
  if (error instanceof ConsentWalkError) {
    const { status, title, text } = error.shown;
    const page = [title, text].filter((words) => words !== '').join(': ');
    return `the bank’s page (${String(status)})${page === '' ? '' : ` "${page}"`}`;
  }
  const cause = v.safeParse(v.object({ status: v.number() }), error.cause);
  if (cause.success) return `status ${String(cause.output.status)}, which leads to no login`;
  return error.message.replace(/\.$/, '');
}

/** Where the bank sent the user, at the client's redirect URI. @throws CheckFailure */
export function returnedUrl(end: ConsentEnd, redirectUri: string): URL {
  const expected = `the user to come back to ${redirectUri}`;
  if (end.kind === 'stuck') throw new CheckFailure(expected, end.why);
  const { url } = end;
  if (!isAt(url, redirectUri)) throw new CheckFailure(expected, `the user was sent to ${url.origin}${url.pathname}`);
  return url;
}

/** The code that came back. @throws PrerequisiteFailure */
export function returnedCode(end: ConsentEnd): string {
  if (end.kind === 'stuck') throw new PrerequisiteFailure('an authorization code', end.why);
  const code = end.url.searchParams.get('code');
  if (code === null) throw new PrerequisiteFailure('an authorization code', describeReturn(end.url));
  return code;
}

/** Whether an address is the redirect URI with parameters added. */
export function isAt(url: URL, redirectUri: string): boolean {
  const registered = new URL(redirectUri);
  return url.origin === registered.origin && url.pathname === registered.pathname;
}

/** Whether a code stands in an address, in the query or in the fragment. */
export function hasCode(url: URL): boolean {
  return url.searchParams.has('code') || new URLSearchParams(url.hash.slice(1)).has('code');
}

/** The parameters that the bank added to the redirect URI, sorted by name; repeated ones as often as they came. */
export function addedParameters(url: URL, redirectUri: string): string[] {
  const own = [...new URL(redirectUri).searchParams.keys()];
  return [...url.searchParams.keys()].filter((name) => !own.includes(name)).sort();
}

/** What came back, in a few words and without a code. */
export function describeReturn(url: URL): string {
  const error = url.searchParams.get('error');
  const names = [...new Set(url.searchParams.keys())].sort().join(', ');
  return error === null ? `a redirect with ${names === '' ? 'no parameters' : names}` : `the error ${safeText(error)}`;
}

/** The state came back as it was sent. @throws CheckFailure */
export function expectState(url: URL, sent: string): void {
  const states = url.searchParams.getAll('state');
  const [state] = states;
  const expected = `the state that was sent, ${String(sent.length)} characters`;
  if (state === undefined) throw new CheckFailure(expected, 'no state');
  if (states.length > 1) throw new CheckFailure(expected, `${String(states.length)} states`);
  if (state === sent) return;
  const differs = [...sent].findIndex((character, index) => character !== [...state][index]);
  const where = differs < 0 ? 'longer' : `different from character ${String(differs + 1)} on`;
  throw new CheckFailure(expected, `one of ${String(state.length)} characters, ${where}`);
}
