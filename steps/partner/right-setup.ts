import { HomologaError } from '../../foundation/homologa-error.js';
import type { BankCall } from './bank-call.js';
import type { Connection, Shown } from './customer.js';
import type { PartnerBank } from './partner-bank.js';
import type { PartnerSetup } from './verify-file.js';

/** Thrown when nothing can be judged because file and application do not fit together; `cause` is `{ bank }`. */
export class PartnerSetupError extends HomologaError {
  constructor(bank: string, problem: string) {
    super('ERR_PARTNER_SETUP', `${bank}: ${problem}`, { cause: { bank } });
  }
}

/** @throws PartnerSetupError where `connect` sends nothing to the bank, or what the file does not say */
export function expectRightSetup(bank: PartnerBank, setup: PartnerSetup, connection: Connection, from: number): void {
  const calls = bank.traffic.since(from);
  const request = connection.request;
  if (request === null) {
    const strayed = calls.find(({ endpoint }) => endpoint === 'unknown');
    if (strayed !== undefined) {
      throw new PartnerSetupError(
        bank.bank,
        `the application asks the bank for ${strayed.url.pathname}, where there is nothing; expected ${new URL(bank.authorizationEndpoint).pathname}. Give it \${bank.authorizationEndpoint} or \${bank.baseUrl}.`,
      );
    }
    const shown = connection.kind === 'callback' ? null : connection.shown;
    throw new PartnerSetupError(
      bank.bank,
      `connect sent no request to the bank (${endOf(setup, shown)}); ${adviceFor(setup, shown)}`,
    );
  }
  const asked = request.query.get('redirect_uri');
  if (asked !== null && asked !== setup.redirectUri) {
    throw new PartnerSetupError(
      bank.bank,
      `the application asks for the redirect URI ${asked}, the file says ${setup.redirectUri}.`,
    );
  }
  const clientId = request.basic?.id ?? request.query.get('client_id');
  const isBasicRefused = request.basic !== null && request.basic.secret !== bank.client.secret;
  if ((clientId !== null && clientId !== bank.client.id) || isBasicRefused) {
    throw new PartnerSetupError(
      bank.bank,
      'the application uses other credentials than the file’s; give it ${client.id} and ${client.secret}, or name its own as client.',
    );
  }
}

/** Where the customer stands in place of the bank, without what an address may have in its query. */
function endOf({ connect }: PartnerSetup, shown: Shown | null): string {
  const status = `it was answered ${String(shown?.status ?? 'nothing')}`;
  if (shown === null) return status;
  const { origin, pathname } = new URL(shown.url);
  const place = `${origin}${pathname}`;
  return connect.url.startsWith(place) ? status : `it ended at ${place}, and ${status}`;
}

function adviceFor({ userAgent, login }: PartnerSetup, shown: Shown | null): string {
  const isPage = shown?.headers.get('content-type')?.includes('html') === true && shown.status < 400;
  const hasLogin = login.requests.length > 0 || login.script !== null;
  if (isPage && /<input\b[^>]*\btype\s*=\s*["']?password/i.test(shown.body)) {
    const why = 'the page asks for a password, as a login of the application does';
    return hasLogin ? `${why}: login did not log the customer in` : `${why}: name the requests of that as login`;
  }
  if (isPage && userAgent === 'http') return 'its page may need a script: use userAgent: browser';
  return 'is connect the right address, does it need a login, and does env tell the application where the bank is?';
}

/** @throws PartnerSetupError where the secret at the token endpoint is not the file’s */
export function expectRightSecret(bank: PartnerBank, redemption: BankCall): void {
  if (redemption.answer.status !== 401) return;
  const id = redemption.basic?.id ?? redemption.form.get('client_id');
  const secret = redemption.basic?.secret ?? redemption.form.get('client_secret');
  if (secret !== null && (decoded(secret) !== bank.client.secret || (id !== null && decoded(id) !== bank.client.id))) {
    throw new PartnerSetupError(
      bank.bank,
      'the application uses other credentials than the file’s at the token endpoint; give it ${client.id} and ${client.secret}, or name its own as client.',
    );
  }
}

/** A callback that answers with a page and does nothing more hands the code to a script. @throws PartnerSetupError */
export function expectNoScript(bank: PartnerBank, setup: PartnerSetup, callback: Shown): void {
  const isPage = callback.headers.get('content-type')?.includes('html') === true && callback.status < 300;
  if (isPage && callback.status !== 202 && setup.userAgent === 'http') {
    throw new PartnerSetupError(
      bank.bank,
      'the callback answered with a page and sent nothing to the bank: a script of it may have to; use userAgent: browser',
    );
  }
}

/** @throws PartnerSetupError where the token request went to another address than the bank’s */
export function expectTokenRequest(bank: PartnerBank, from: number): void {
  const isStray = ({ endpoint, method, form }: BankCall): boolean =>
    method === 'POST' && (endpoint === 'unknown' || (endpoint === 'authorize' && form.has('grant_type')));
  const strayed = bank.traffic.since(from).find(isStray);
  if (strayed !== undefined) {
    throw new PartnerSetupError(
      bank.bank,
      `the application sends its token request to ${strayed.url.pathname}, where ${strayed.endpoint === 'unknown' ? 'there is nothing' : 'customers log in'}; give it \${bank.tokenEndpoint}.`,
    );
  }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
