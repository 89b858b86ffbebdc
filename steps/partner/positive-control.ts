import { HomologaError } from '../../foundation/homologa-error.js';
import { isTokenRequest } from './bank-traffic.js';
import type { BankCall } from './bank-call.js';
import { isPending } from './customer-answer.js';
import type { Connection, Customer, Shown } from './customer.js';
import type { PartnerBank } from './partner-bank.js';
import type { PartnerSetup } from './verify-file.js';

/** Thrown when nothing can be judged because file and application do not fit together; `cause` is `{ bank }`. */
export class PartnerSetupError extends HomologaError {
  constructor(bank: string, problem: string) {
    super('ERR_PARTNER_SETUP', `${bank}: ${problem}`, { cause: { bank } });
  }
}

/**
 * One connect and one call of the API, with nothing wrong. No check that forbids something is worth anything for an
 * application that does not even do this.
 */
export interface PositiveControl {
  /** Why the application did not get through it; null when it did. */
  readonly problem: string | null;
  readonly connection: Connection;
  readonly redemption: BankCall | null;
  /** What the application answered to the authorization response, and to `callApi`. */
  readonly callback: Shown | null;
  readonly call: Shown | null;
  /** The request to the bank's API that `callApi` led to. */
  readonly apiCall: BankCall | null;
  /** How long something forbidden must stay away. */
  readonly windowMs: number;
  /** The longest that the application may take for a step that it must do. */
  readonly patienceMs: number;
}

const laterPatienceMs = 60_000;
const betweenCallsMs = 300;

/** How long the control waits for a step that has to come, unless told otherwise. */
export const defaultControlPatienceMs = 10_000;

/**
 * Plays the control.
 *
 * @throws PartnerSetupError (`ERR_PARTNER_SETUP`) where `connect` sends nothing to the bank, or with other credentials
 *   or another redirect URI than the file's.
 */
export async function playPositiveControl(
  bank: PartnerBank,
  setup: PartnerSetup,
  customer: Customer,
  controlPatienceMs = defaultControlPatienceMs,
): Promise<PositiveControl> {
  const from = bank.traffic.next;
  const connection = await customer.connect();
  expectRightSetup(bank, setup, connection, from);
  const failed = (problem: string, seen: Partial<PositiveControl> = {}): PositiveControl => ({
    problem,
    connection,
    redemption: null,
    callback: null,
    call: null,
    apiCall: null,
    windowMs: setup.windowMs,
    patienceMs: controlPatienceMs,
    ...seen,
  });
  if (connection.kind === 'proxied-login') {
    return failed('the application shows the bank’s login on a page of its own');
  }
  if (connection.kind !== 'callback') {
    const { shown, request } = connection;
    return failed(
      `${connection.kind === 'bank-page' ? 'the bank' : 'the application'} showed a page (${String(shown.status)}${request?.outcome == null ? '' : `, ${request.outcome}`}) and the customer did not get through`,
    );
  }
  const code = new URL(connection.callbackUrl).searchParams.get('code');
  if (code === null) return failed('the bank sent no code back: the request asks for something that it does not give');
  const delivered = performance.now();
  const callback = await customer.deliver(connection.callbackUrl);
  const redeems = (call: BankCall): boolean => isTokenRequest(call) && call.form.get('code') === code;
  // One that accepts the code for later says so.
  const redemptionMs = callback.status === 202 ? Math.max(controlPatienceMs, laterPatienceMs) : controlPatienceMs;
  const redemption = await bank.traffic.until(redeems, redemptionMs, from);
  if (redemption === null) {
    expectNoScript(bank, setup, callback);
    expectTokenRequest(bank, from);
    return failed(
      `the application answered ${String(callback.status)} to the code and did not redeem it within ${String(redemptionMs / 1000)} s`,
      { callback },
    );
  }
  expectRightSecret(bank, redemption);
  const windowMs = Math.max(setup.windowMs, 5 * Math.round(performance.now() - delivered));
  if (redemption.tokens?.accessToken == null) {
    return failed(
      `the bank refused the token request (${String(redemption.answer.status)}, ${redemption.outcome ?? 'no reason'})`,
      { callback, redemption, windowMs },
    );
  }
  const { accessToken } = redemption.tokens;
  const [first] = setup.callApi;
  const ask = async (): Promise<Shown | null> => (first === undefined ? null : customer.send(first));
  // An application may have refreshed before: what counts is whose token it is.
  const isTheirs = (seen: BankCall): boolean =>
    seen.endpoint === 'api' && (seen.bearer === accessToken || isOfGrant(seen, redemption));
  const deadline = performance.now() + controlPatienceMs;
  let call = await ask();
  let apiCall: BankCall | null = null;
  for (;;) {
    const isLater = call !== null && isPending(call, null);
    const restMs = deadline - performance.now();
    apiCall = await bank.traffic.until(isTheirs, isLater ? Math.min(betweenCallsMs, restMs) : restMs, from);
    if (!isLater || (apiCall === null && restMs <= 0)) break;
    // Asked again while the answer is "later"; one that says so always says it once more.
    call = await ask();
    if (apiCall !== null) break;
  }
  const seen = { callback, redemption, call, apiCall, windowMs };
  if (apiCall === null)
    return failed('callApi led to no request at the bank’s API with the token of this customer', seen);
  if (apiCall.answer.status >= 400)
    return failed(`the bank answered ${String(apiCall.answer.status)} to the request that callApi led to`, seen);
  if (call === null || call.status >= 400)
    return failed(`callApi was answered ${String(call?.status)}, though the bank had answered the application`, seen);
  return { problem: null, connection, ...seen, patienceMs: Math.max(5_000, 2 * windowMs) };
}

function isOfGrant({ grantId, answer }: BankCall, redemption: BankCall): boolean {
  return grantId !== null && grantId === redemption.grantId && answer.status < 400;
}

function expectRightSetup(bank: PartnerBank, setup: PartnerSetup, connection: Connection, from: number): void {
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
    const isPage = shown?.headers.get('content-type')?.includes('html') === true && shown.status < 400;
    const advice =
      isPage && setup.userAgent === 'http'
        ? 'its page may need a script: use userAgent: browser'
        : 'is connect the right address, does it need a login, and does env tell the application where the bank is?';
    throw new PartnerSetupError(
      bank.bank,
      `connect sent no request to the bank (it was answered ${String(shown?.status ?? 'nothing')}); ${advice}`,
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

function expectRightSecret(bank: PartnerBank, redemption: BankCall): void {
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

/** A callback that answers with a page and does nothing more hands the code to a script. */
function expectNoScript(bank: PartnerBank, setup: PartnerSetup, callback: Shown): void {
  const isPage = callback.headers.get('content-type')?.includes('html') === true && callback.status < 300;
  if (isPage && callback.status !== 202 && setup.userAgent === 'http') {
    throw new PartnerSetupError(
      bank.bank,
      'the callback answered with a page and sent nothing to the bank: a script of it may have to; use userAgent: browser',
    );
  }
}

function expectTokenRequest(bank: PartnerBank, from: number): void {
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
