import * as v from 'valibot';
import { TransportError } from '../../client/transport-error.js';
import { UserAgentError } from '../../client/user-agent/http-user-agent.js';
import { ProductionHostError } from '../production-hosts.js';
import { attempt, describeAttempt } from './attempt.js';
import type { Attempt } from './attempt.js';
import {
  expectNoScript,
  expectRightSecret,
  expectRightSetup,
  expectTokenRequest,
  PartnerSetupError,
} from './right-setup.js';
import { isTokenRequest } from './bank-traffic.js';
import type { BankCall } from './bank-call.js';
import { isPending } from './customer-answer.js';
import type { Connection, Customer, Shown } from './customer.js';
import type { PartnerBank } from './partner-bank.js';
import type { PartnerSetup } from './verify-file.js';

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
/** A little less than the user agent waits by itself, so that it is a verdict and not an error of the transport. */
const answerMs = 29_000;
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
  const connection = await connected(bank, customer, from);
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
  const answered = await attempt(customer.deliver(connection.callbackUrl), answerMs);
  if (answered.kind !== 'answered') return failed(`the callback got ${withoutPage(answered)}`);
  const callback = answered.shown;
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
  if (first === undefined) return failed('the file names no callApi', { callback, redemption, windowMs });
  const ask = async (): Promise<Attempt> => attempt(customer.send(first), answerMs);
  // An application may have refreshed before: what counts is whose token it is.
  const isTheirs = (seen: BankCall): boolean =>
    seen.endpoint === 'api' && (seen.bearer === accessToken || isOfGrant(seen, redemption));
  const deadline = performance.now() + controlPatienceMs;
  let asked = await ask();
  let apiCall: BankCall | null = null;
  for (;;) {
    const isLater = asked.kind === 'answered' && isPending(asked.shown, null);
    const restMs = deadline - performance.now();
    apiCall = await bank.traffic.until(isTheirs, isLater ? Math.min(betweenCallsMs, restMs) : restMs, from);
    if (!isLater || (apiCall === null && restMs <= 0)) break;
    // Asked again while the answer is "later"; one that says so always says it once more.
    asked = await ask();
    if (apiCall !== null) break;
  }
  const call = asked.kind === 'answered' ? asked.shown : null;
  const seen = { callback, redemption, call, apiCall, windowMs };
  if (asked.kind !== 'answered') return failed(`callApi got ${withoutPage(asked)}`, seen);
  if (apiCall === null)
    return failed('callApi led to no request at the bank’s API with the token of this customer', seen);
  if (apiCall.answer.status >= 400)
    return failed(`the bank answered ${String(apiCall.answer.status)} to the request that callApi led to`, seen);
  if (asked.shown.status >= 400)
    return failed(
      `callApi was answered ${String(asked.shown.status)}, though the bank had answered the application`,
      seen,
    );
  return { problem: null, connection, ...seen, patienceMs: Math.max(5_000, 2 * windowMs) };
}

/** What came in place of an answer of the application. */
function withoutPage(made: Exclude<Attempt, { kind: 'answered' }>): string {
  return made.kind === 'waiting' ? describeAttempt(made) : 'no answer: the connection broke off';
}

/** Of the errors of a user agent: where it stood, and what happened there. */
const causeSchema = v.object({
  host: v.optional(v.string()),
  origin: v.optional(v.string()),
  reason: v.optional(v.string()),
});

/** Sends the customer to the bank. @throws PartnerSetupError where the application does not even answer, or leads elsewhere */
async function connected(bank: PartnerBank, customer: Customer, from: number): Promise<Connection> {
  try {
    return await customer.connect();
  } catch (error) {
    const isProduction = error instanceof ProductionHostError;
    if (!(isProduction || error instanceof TransportError || error instanceof UserAgentError)) throw error;
    const { host = '', origin = 'the application', reason = error.code } = v.parse(causeSchema, error.cause);
    const isAsked = bank.traffic.since(from).some(({ endpoint }) => endpoint === 'authorize');
    const missed = isAsked ? 'connect led no customer to the bank’s login' : 'connect sent no request to the bank';
    const how = isProduction
      ? `it leads to ${host}, a bank in production, where nothing was sent`
      : `${origin} gave the customer no page: ${reason}`;
    throw new PartnerSetupError(
      bank.bank,
      `${missed} (${how}); is connect the right address, and does env tell the application where the bank is?`,
    );
  }
}

function isOfGrant({ grantId, answer }: BankCall, redemption: BankCall): boolean {
  return grantId !== null && grantId === redemption.grantId && answer.status < 400;
}
