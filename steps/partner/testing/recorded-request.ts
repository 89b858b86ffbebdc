import type { RecordedExchange } from '../../../mock-server/journal/journal.js';
import { recordedExchange } from '../../../mock-server/testing/recorded-exchange.js';
import { readBankCall } from '../bank-call.js';
import type { BankCall } from '../bank-call.js';

/** What of a recorded request a test says; the rest is as an authorization request's. */
export interface RecordedRequest {
  readonly bank?: RecordedExchange['bank'];
  readonly endpoint?: RecordedExchange['endpoint'];
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status?: number;
  readonly answerBody?: string;
  readonly facts?: RecordedExchange['facts'];
}

/** A request to a bank as a mock would have recorded it. */
export function exchangeOf(request: RecordedRequest): RecordedExchange {
  const { bank = 'btg', endpoint = 'authorize', method = 'GET', query = '', headers = {}, body = '' } = request;
  const { status = 200, answerBody = '', facts = {} } = request;
  return recordedExchange({
    bank,
    endpoint,
    receivedAtMs: 0,
    answeredAtMs: 1,
    method,
    url: `http://localhost:4010/${bank}/${endpoint}${query === '' ? '' : `?${query}`}`,
    requestHeaders: new Headers(headers),
    requestBody: body,
    answer: { status, headers: [], body: answerBody },
    facts,
  });
}

/** The same, read. */
export function recordedCall(request: RecordedRequest): BankCall {
  return readBankCall(exchangeOf(request), 0, 1);
}
