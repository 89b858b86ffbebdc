import { isLoopbackName } from '../loopback-names.js';

/**
 * What is wrong with a redirect URI for an application that is reached at `connect`: a browser keeps the session's
 * cookie at one name of this machine and does not send it to another. Null where nothing is.
 */
export function redirectProblem(connect: string, redirectUri: string): string | null {
  const from = new URL(connect).hostname;
  const back = new URL(redirectUri).hostname;
  if (from === back || !isLoopbackName(from) || !isLoopbackName(back)) return null;
  return `expected the host of connect, ${from}, got ${back}: cookies that are set at one are not sent to the other`;
}

/**
 * The name under which users' browsers see the bank: cookies ignore ports, so a bank on the application's own name would
 * share its cookies and be of its site, as no real bank is.
 */
export function bankHostFor(connect: string): string {
  return new URL(connect).hostname === 'localhost' ? '127.0.0.1' : 'localhost';
}
