import type { RecordedExchange } from '../../../mock-server/journal/journal.js';
import { recordedExchange } from '../../../mock-server/testing/recorded-exchange.js';
import { readBankCall } from '../bank-call.js';
import type { BankCall } from '../bank-call.js';

/** What a made request says; everything else is a correct request of BS2. Instants are epoch ms. */
export interface MadeCall {
  readonly endpoint?: RecordedExchange['endpoint'];
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The form; a text is sent as it is. */
  readonly body?: Readonly<Record<string, string>> | string;
  readonly bearer?: string;
  readonly status?: number;
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly grantId?: string | null;
  readonly at?: number;
  readonly answeredAt?: number;
  readonly faults?: readonly string[];
}

/** Requests to a bank as a run records them, numbered in their order. */
export function madeCalls(made: readonly MadeCall[]): readonly BankCall[] {
  return made.map((call, number) => {
    const { endpoint = 'token', status = 200, at = 1_000 * number, bearer, body = {} } = call;
    const recorded = recordedExchange({
      endpoint,
      receivedAtMs: at,
      answeredAtMs: call.answeredAt ?? at,
      method: call.method ?? (endpoint === 'token' ? 'POST' : 'GET'),
      ...(call.url === undefined ? {} : { url: call.url }),
      requestHeaders: new Headers({
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...call.headers,
      }),
      requestBody: typeof body === 'string' ? body : new URLSearchParams(body).toString(),
      answer: { status, headers: [], body: call.answer === undefined ? '' : JSON.stringify(call.answer) },
      facts: call.grantId === null ? {} : { grantId: call.grantId ?? 'grant' },
      faults: call.faults ?? [],
      arrivedAfter: number,
    });
    return readBankCall(recorded, number, recorded.answeredAtMs);
  });
}

/** A refresh and what came of it: new tokens, or a refusal where `gives` is null. */
export function madeRefresh(sent: string, gives: string | null, more: MadeCall = {}): MadeCall {
  return {
    body: { grant_type: 'refresh_token', refresh_token: sent, scope: 'saldo' },
    status: gives === null ? 400 : 200,
    answer: gives === null ? { error: 'invalid_grant' } : { access_token: `access-${gives}`, refresh_token: gives },
    ...more,
  };
}
